using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>Throw-away certificates, made once for all tests.</summary>
internal static class TestCertificates
{
    public static X509Certificate2 Authority { get; } = CreateAuthority();

    public static X509Certificate2 Client { get; } = Issue("client.test");

    public static X509Certificate2 Service { get; } = Issue("service.test");

    /// <summary>A client's key of an elliptic curve, in a certificate of nobody else's.</summary>
    public static X509Certificate2 EcClient { get; } = CreateEcClient();

    /// <summary>Another one of the service's name.</summary>
    public static X509Certificate2 ServiceSigning { get; } = Issue("service.test");

    public static X509Certificate2 Stranger { get; } = Issue("stranger.test");

    public static X509Certificate2 Loopback { get; } = Issue("localhost");

    /// <summary>A certificate without its key, as peers have it.</summary>
    public static X509Certificate2 Public(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);

    private static X509Certificate2 CreateAuthority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Test Authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }

    private static X509Certificate2 CreateEcClient()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=ec.client.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(Authority.NotBefore, Authority.NotAfter);
    }

    private static X509Certificate2 Issue(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.Create(Authority, Authority.NotBefore, Authority.NotAfter, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }
}
