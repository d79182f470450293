using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Evidence.Tests;

/// <summary>Keys made once for a test run, valid now: foreign programs have no clock but the system's.</summary>
internal static class Keys
{
    public static X509Certificate2 Host { get; } = Create("CN=evidence host", null);

    public static X509Certificate2 TimestampCa { get; } = Create("CN=time CA", null, isCa: true);

    public static X509Certificate2 OtherTimestampCa { get; } = Create("CN=other time CA", null, isCa: true);

    public static X509Certificate2 TimestampAuthority { get; } = Create("CN=time authority", TimestampCa, usage: "1.3.6.1.5.5.7.3.8");

    public static X509Certificate2 Public(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);

    public static string Pem(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n" + certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";

    private static X509Certificate2 Create(string subject, X509Certificate2? issuer, bool isCa = false, string? usage = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isCa, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
        }

        var now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
        {
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        }

        using var certificate = request.Create(issuer, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
