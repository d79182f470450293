using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace WsSecurity.Tests.Policy.Configuration;

/// <summary>A folder with certificate files, in which bindings are read from JSON.</summary>
internal sealed class BindingFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wssec-configuration-");

    public string Folder => _folder.FullName;

    public static IConfigurationRoot Parse(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    /// <summary>Loads the binding <c>Orders</c> with this content.</summary>
    public static BindingConfiguration Load(string binding, string environment = "Development", string? folder = null) =>
        BindingConfiguration.Load(
            Parse($$"""{ "WsSecurity": { "Bindings": { "Orders": {{binding}} } } }"""),
            "Orders",
            new BindingConfigurationOptions { BasePath = folder ?? Path.GetTempPath(), EnvironmentName = environment });

    public static SecurityPolicy LoadPolicy(string keys) =>
        Load($$"""{ "AuthenticationMode": "MutualCertificateDuplex", {{keys}} }""").Policy;

    public SecurityCredentials LoadCredentials(string keys, string environment = "Development") =>
        Load($$"""{ "AuthenticationMode": "MutualCertificateDuplex", {{keys}} }""", environment, Folder).Credentials;

    public static X509Certificate2 CreateCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2050, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    public void Write(string name, string content) => File.WriteAllText(Path.Combine(Folder, name), content);

    public void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(Folder, name), content);

    public void Dispose() => _folder.Delete(recursive: true);
}
