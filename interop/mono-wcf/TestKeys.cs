using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>Keys in the folder that the peer reads: an authority, and an RSA key for each side, as PKCS#12 that Mono can open.</summary>
internal static class TestKeys
{
    // It protects nothing: a PKCS#12 file must have one.
    private const string Password = "mono";

    public static void Write(string folder, int days = 1)
    {
        var now = TimeProvider.System.GetUtcNow();
        // A name of one part: Mono compares issuers as text, and writes a space between parts.
        using var authorityKey = RSA.Create(2048);
        var request = new CertificateRequest("CN=Interop Authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var authority = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(days + 1));
        File.WriteAllText(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem());
        foreach (var side in (string[])["client", "service"])
        {
            Write(folder, side, authority, now.AddDays(days));
        }

        File.WriteAllText(Path.Combine(folder, "users.properties"), "alice=pass word & more\n");
    }

    /// <summary>The authority.</summary>
    public static X509Certificate2 ReadAuthority(string folder) => X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.pem"));

    /// <summary>A side's certificate with its private key.</summary>
    public static X509Certificate2 Read(string folder, string side) =>
        X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(folder, $"{side}.p12"), Password);

    /// <summary>A side's certificate, as the other side knows it.</summary>
    public static X509Certificate2 ReadPublic(string folder, string side)
    {
        using var own = Read(folder, side);
        return X509CertificateLoader.LoadCertificate(own.RawData);
    }

    /// <summary>The user, and the password.</summary>
    public static (string User, string Password) ReadUser(string folder)
    {
        var parts = File.ReadAllText(Path.Combine(folder, "users.properties")).Trim().Split('=', 2);
        return (parts[0], parts[1]);
    }

    private static void Write(string folder, string name, X509Certificate2 authority, DateTimeOffset end)
    {
        // Without a key identifier: by that .NET Framework and we name a certificate where nothing is said, and Mono cannot read it.
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name},O=Interop", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, false));
        var signer = X509SignatureGenerator.CreateForRSA(authority.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);

        // Mono reads a serial number as a signed integer.
        var serial = RandomNumberGenerator.GetBytes(8);
        serial[0] = (byte)(serial[0] & 0x3F | 0x40);
        using var certificate = request.Create(authority.SubjectName, signer, authority.NotBefore, end, serial);
        using var own = certificate.CopyWithPrivateKey(key);
        File.WriteAllBytes(Path.Combine(folder, $"{name}.p12"), own.ExportPkcs12(Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1, Password));
    }
}
