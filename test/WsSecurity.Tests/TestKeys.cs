using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Tests;

/// <summary>Keys made once for a test run: a CA, and certificates of it.</summary>
internal static class TestKeys
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset From = Now.AddYears(-1);
    private static readonly DateTimeOffset Until = Now.AddYears(10);

    public static X509Certificate2 Ca { get; } = CreateCa("CN=Test CA,O=WsSecurity");

    public static X509Certificate2 OtherCa { get; } = CreateCa("CN=Other CA,O=WsSecurity");

    public static X509Certificate2 Client { get; } = Issue("CN=client,O=WsSecurity", Ca);

    public static X509Certificate2 Service { get; } = Issue("CN=service.example,O=WsSecurity", Ca, dns: "service.example");

    /// <summary>Somebody beside the client, whose certificate supports its requests.</summary>
    public static X509Certificate2 Supporter { get; } = Issue("CN=supporter,O=WsSecurity", Ca);

    public static X509Certificate2 Stranger { get; } = Issue("CN=client,O=WsSecurity", OtherCa);

    public static X509Certificate2 Expired { get; } = Issue("CN=expired,O=WsSecurity", Ca, notBefore: From, notAfter: Now.AddDays(-1));

    public static X509Certificate2 NotYetValid { get; } = Issue("CN=early,O=WsSecurity", Ca, notBefore: Now.AddDays(1));

    public static X509Certificate2 EncryptOnly { get; } = Issue("CN=encrypt only,O=WsSecurity", Ca, usage: X509KeyUsageFlags.KeyEncipherment);

    public static X509Certificate2 WeakClient { get; } = Issue("CN=weak,O=WsSecurity", Ca, keySize: 1024);

    public static X509Certificate2 EcClient { get; } = IssueEc("CN=ec client,O=WsSecurity", Ca);

    /// <summary>A service whose one key, of the curve P-256, signs and agrees on keys.</summary>
    public static X509Certificate2 EcService { get; } = IssueEc("CN=ec service,O=WsSecurity", Ca, usage: X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement);

    public static X509Certificate2 SignOnly { get; } = Issue("CN=two certificates,O=WsSecurity", Ca, usage: X509KeyUsageFlags.DigitalSignature);

    public static X509Certificate2 SignOnlysOther { get; } = Issue("CN=two certificates,O=WsSecurity", Ca, usage: X509KeyUsageFlags.KeyEncipherment);

    public static X509Certificate2 ServiceSigns { get; } = Issue("CN=service.example,O=WsSecurity", Ca, usage: X509KeyUsageFlags.DigitalSignature);

    public static X509Certificate2 ServiceDecrypts { get; } = Issue("CN=service encryption,O=WsSecurity", Ca, usage: X509KeyUsageFlags.KeyEncipherment);

    /// <summary>The certificate without its private key.</summary>
    public static X509Certificate2 Public(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);

    public static X509Certificate2 Issue(
        string subject,
        X509Certificate2 issuer,
        string? dns = null,
        DateTimeOffset? notBefore = null,
        DateTimeOffset? notAfter = null,
        X509KeyUsageFlags usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment,
        int keySize = 2048)
    {
        using var key = RSA.Create(keySize);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = Sign(request, issuer, dns, notBefore, notAfter, usage);
        return certificate.CopyWithPrivateKey(key);
    }

    public static X509Certificate2 IssueEc(
        string subject, X509Certificate2 issuer, ECCurve? curve = null, X509KeyUsageFlags usage = X509KeyUsageFlags.DigitalSignature)
    {
        using var key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        using var certificate = Sign(request, issuer, null, null, null, usage);
        using var agreementKey = ECDiffieHellman.Create(key.ExportParameters(includePrivateParameters: true));
        return usage.HasFlag(X509KeyUsageFlags.DigitalSignature) ? certificate.CopyWithPrivateKey(key) : certificate.CopyWithPrivateKey(agreementKey);
    }

    private static X509Certificate2 Sign(
        CertificateRequest request, X509Certificate2 issuer, string? dns, DateTimeOffset? notBefore, DateTimeOffset? notAfter, X509KeyUsageFlags usage)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (dns is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(dns);
            request.CertificateExtensions.Add(names.Build());
        }

        using var issuerKey = issuer.GetRSAPrivateKey()!;
        var generator = X509SignatureGenerator.CreateForRSA(issuerKey, RSASignaturePadding.Pkcs1);
        return request.Create(issuer.SubjectName, generator, notBefore ?? From, notAfter ?? Until.AddDays(-1), RandomNumberGenerator.GetBytes(8));
    }

    private static X509Certificate2 CreateCa(string subject)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(From, Until);
    }
}
