using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Benchmarks;

/// <summary>An authority and the two parties that it certified, RSA-2048 each; made anew, or those of the process that started this one.</summary>
internal static class Keys
{
    /// <summary>The variable that names a folder with the keys of another process.</summary>
    public const string FolderVariable = "WSSECURITY_BENCHMARK_KEYS";

    private static readonly string? Folder = Environment.GetEnvironmentVariable(FolderVariable);
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);

    public static X509Certificate2 Authority { get; } = Load("authority") ?? CreateAuthority();

    public static X509Certificate2 Client { get; } = Load("client") ?? Issue("CN=client,O=WsSecurity", 1);

    public static X509Certificate2 Service { get; } = Load("service") ?? Issue("CN=service.example,O=WsSecurity", 2);

    /// <summary>Writes the keys for another process.</summary>
    public static void Save(string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, "authority.p12"), Authority.Export(X509ContentType.Pkcs12));
        File.WriteAllBytes(Path.Combine(folder, "client.p12"), Client.Export(X509ContentType.Pkcs12));
        File.WriteAllBytes(Path.Combine(folder, "service.p12"), Service.Export(X509ContentType.Pkcs12));
    }

    private static X509Certificate2? Load(string name) =>
        Folder is null ? null : X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(Folder, name + ".p12"), null);

    private static X509Certificate2 CreateAuthority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=authority,O=WsSecurity", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(From, From.AddYears(2));
    }

    private static X509Certificate2 Issue(string subject, byte serial)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.Create(Authority, From, From.AddYears(1), [serial]);
        return certificate.CopyWithPrivateKey(key);
    }
}
