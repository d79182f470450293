using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>An authority, the two parties that it issued, and a stranger; made once for all tests.</summary>
internal static class TestKeys
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly X509Certificate2 AuthorityWithKey = SelfSigned("CN=Test Authority", isAuthority: true);
    private static readonly X509Certificate2 OtherAuthorityWithKey = SelfSigned("CN=Other Authority", isAuthority: true);

    public static X509Certificate2 Authority { get; } = PublicPart(AuthorityWithKey);

    public static X509Certificate2 OtherAuthority { get; } = PublicPart(OtherAuthorityWithKey);

    public static X509Certificate2 Client { get; } = Issue("CN=Client", 2);

    /// <summary>Of the same name, by the other authority.</summary>
    public static X509Certificate2 OtherClient { get; } = Issue("CN=Client", 2, OtherAuthorityWithKey);

    public static X509Certificate2 Service { get; } = Issue("CN=Service", 3);

    public static X509Certificate2 Stranger { get; } = SelfSigned("CN=Stranger", isAuthority: false);

    public static SecurityCredentials ServiceCredentials { get; } = new()
    {
        Certificate = Service,
        TrustDomains = [new TrustDomain { Name = "Partners", Anchors = [Authority] }],
    };

    public static SecurityCredentials ClientCredentials { get; } = new() { Certificate = Client, PeerCertificates = [PublicPart(Service)] };

    public static X509Certificate2 PublicPart(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span);

    private static X509Certificate2 SelfSigned(string subject, bool isAuthority)
    {
        using var key = RSA.Create(2048);
        return Request(subject, key, isAuthority).CreateSelfSigned(From, To);
    }

    private static X509Certificate2 Issue(string subject, byte serial, X509Certificate2? authority = null)
    {
        using var key = RSA.Create(2048);
        using var certificate = Request(subject, key, isAuthority: false).Create(authority ?? AuthorityWithKey, From.AddYears(1), To.AddYears(-1), [serial]);
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
