using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Samples;

/// <summary>An authority that lives as long as the sample, and certificates of it.</summary>
internal sealed class SampleKeys
{
    private readonly X509Certificate2 _authority;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public SampleKeys()
    {
        using var key = RSA.Create(2048);
        var request = Request("CN=Sample Authority", key, isAuthority: true);
        _authority = request.CreateSelfSigned(_now.AddMinutes(-5), _now.AddDays(1));
        Authority = Public(_authority);
    }

    public X509Certificate2 Authority { get; }

    public static X509Certificate2 Public(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);

    public X509Certificate2 Issue(string subject)
    {
        using var key = RSA.Create(2048);
        using var certificate = Request(subject, key, isAuthority: false).Create(_authority, _now.AddMinutes(-5), _now.AddHours(12), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Request(string subject, RSA key, bool isAuthority)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
