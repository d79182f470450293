using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Interop.Wss4j;

/// <summary>
/// Fresh keys for one run, in the folder of PEM files that the peer reads: an authority, and an RSA and an ECDSA key for each side.
/// </summary>
internal static class TestKeys
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static void Write(string folder)
    {
        using var authorityKey = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=Interop Authority,O=Interop", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var authority = request.CreateSelfSigned(Now.AddHours(-1), Now.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem());

        foreach (var side in (string[])["client", "service"])
        {
            using var rsa = RSA.Create(2048);
            Write(folder, side, authority, rsa, new CertificateRequest(Name(side), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Write(folder, $"{side}-ec", authority, ec, new CertificateRequest(Name($"{side}-ec"), ec, HashAlgorithmName.SHA256));
        }

        File.WriteAllText(Path.Combine(folder, "users.properties"), "alice=pass word & more\n");
    }

    /// <summary>The certificate <c>name.pem</c> of a folder, with its private key where <c>name.key.pem</c> lies beside it.</summary>
    public static X509Certificate2 Read(string folder, string name)
    {
        var key = Path.Combine(folder, $"{name}.key.pem");
        return File.Exists(key) ? X509Certificate2.CreateFromPemFile(Path.Combine(folder, $"{name}.pem"), key) : ReadPublic(folder, name);
    }

    /// <summary>The certificate <c>name.pem</c> of a folder, as the other side knows it.</summary>
    public static X509Certificate2 ReadPublic(string folder, string name) =>
        X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, $"{name}.pem"));

    /// <summary>The user of a folder, and the password.</summary>
    public static (string User, string Password) ReadUser(string folder)
    {
        var parts = File.ReadAllText(Path.Combine(folder, "users.properties")).Trim().Split('=', 2);
        return (parts[0], parts[1]);
    }

    private static string Name(string name) => $"CN={name},O=Interop";

    private static void Write(string folder, string name, X509Certificate2 authority, AsymmetricAlgorithm key, CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, false));
        var signer = X509SignatureGenerator.CreateForRSA(authority.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
        using var certificate = request.Create(
            authority.SubjectName, signer, Now.AddHours(-1), Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, $"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, $"{name}.key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
