using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wssec-aspnetcore-");

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}

internal static class CertificateFiles
{
    public static string GetRSAPrivateKeyPem(this X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }
}
