using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Cli.Demo;

/// <summary>An authority and the certificates of both parties, made for this one run; the keys never leave the memory.</summary>
internal sealed class DemoKeys : IDisposable
{
    private const int KeySize = 2048;

    public DemoKeys(TimeProvider time)
    {
        var now = time.GetUtcNow();
        using var authorityKey = RSA.Create(KeySize);
        var request = Request("CN=Demo Authority", authorityKey);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        using var authority = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        Authority = X509CertificateLoader.LoadCertificate(authority.RawDataMemory.Span);
        Alice = Issue("CN=Alice", authority, serial: 2);
        Shop = Issue("CN=Garden Shop", authority, serial: 3);
    }

    public X509Certificate2 Authority { get; }

    /// <summary>The caller.</summary>
    public X509Certificate2 Alice { get; }

    /// <summary>The service.</summary>
    public X509Certificate2 Shop { get; }

    public static X509Certificate2 PublicPart(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span);

    public void Dispose()
    {
        Authority.Dispose();
        Alice.Dispose();
        Shop.Dispose();
    }

    private static X509Certificate2 Issue(string subject, X509Certificate2 authority, byte serial)
    {
        using var key = RSA.Create(KeySize);
        var request = Request(subject, key);
        const X509KeyUsageFlags Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(Usage, critical: true));
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, [serial]);
        return certificate.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Request(string subject, RSA key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
