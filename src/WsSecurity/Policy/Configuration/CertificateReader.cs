using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Policy.Configuration;

/// <summary>
/// Reads certificates: a path, <c>{ "Path", "KeyPath", "Password" }</c> (PEM, PEM with its key, PKCS#12 or DER), or
/// <c>{ "Store", "Find" }</c>.
/// </summary>
internal sealed class CertificateReader(string basePath, Action<string>? fileRead = null)
{
    private const string PathKey = "Path";
    private const string KeyPathKey = "KeyPath";
    private const string PasswordKey = "Password";
    private const string StoreKey = "Store";
    private const string FindKey = "Find";

    // On macOS a key cannot live without a key chain.
    private static readonly X509KeyStorageFlags KeyStorage =
        OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;

    public bool Exists(string path) => File.Exists(Resolve(path));

    /// <summary>Reads one certificate that must come with its private key; null where the key is absent.</summary>
    public X509Certificate2? ReadWithKey(ConfigurationNode parent, string key)
    {
        if (!parent.Has(key))
        {
            return null;
        }

        var found = ReadEntry(parent.Child(key)).Where(certificate => certificate.HasPrivateKey).ToArray();
        return found.Length == 1
            ? found[0]
            : throw parent.Refuse(key, $"expects one certificate with its private key, and found {found.Length}");
    }

    /// <summary>Reads a list of certificates, or a single one, each with its private key where its source has it.</summary>
    public IReadOnlyList<X509Certificate2> ReadOwn(ConfigurationNode parent, string key) => [.. ReadEach(parent, key)];

    /// <summary>Reads a list of certificates, or a single one; a file with several gives them all. Private keys are left behind.</summary>
    public IReadOnlyList<X509Certificate2> ReadAll(ConfigurationNode parent, string key) => [.. ReadEach(parent, key).Select(WithoutKey)];

    private IEnumerable<X509Certificate2> ReadEach(ConfigurationNode parent, string key)
    {
        if (!parent.Has(key))
        {
            return [];
        }

        var child = parent.Child(key);
        var isList = child.IsObject && child.Children.All(item => ConfigurationNode.IsIndex(item.Key));
        return isList ? parent.List(key).SelectMany(ReadEntry) : ReadEntry(child);
    }

    private static X509Certificate2 WithoutKey(X509Certificate2 certificate)
    {
        if (!certificate.HasPrivateKey)
        {
            return certificate;
        }

        using (certificate)
        {
            return X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span);
        }
    }

    private IReadOnlyList<X509Certificate2> ReadEntry(ConfigurationNode node)
    {
        if (!node.IsObject)
        {
            return node.Value is { Length: > 0 } path ? Load(node, path, keyPath: null, password: null) : throw node.Refuse("expects a certificate");
        }

        var (file, store) = (node.Text(PathKey), node.Text(StoreKey));
        var (keyPath, password, find) = (node.Text(KeyPathKey), node.Text(PasswordKey), node.Text(FindKey));
        node.RefuseUnknownKeys();
        return (file, store) switch
        {
            ({ Length: > 0 }, null) when find is null => Load(node, file, keyPath, password),
            (null, { Length: > 0 }) when keyPath is null && password is null => [CertificateStoreReader.Read(node, StoreKey, store, FindKey, find)],
            _ => throw node.Refuse("expects Path (with Password and KeyPath where needed), or Store and Find"),
        };
    }

    private X509Certificate2[] Load(ConfigurationNode node, string path, string? keyPath, string? password)
    {
        var octets = ReadFile(node, path);
        try
        {
            return Parse(node, path, octets, keyPath, password);
        }
        catch (CryptographicException exception)
        {
            throw node.Refuse($"'{path}' cannot be read as a certificate: {exception.Message}", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    private X509Certificate2[] Parse(ConfigurationNode node, string path, byte[] octets, string? keyPath, string? password)
    {
        if (octets.AsSpan().IndexOf("-----BEGIN "u8) >= 0)
        {
            return ParsePem(node, octets, keyPath, password);
        }

        if (keyPath is not null)
        {
            throw node.Refuse(KeyPathKey, $"belongs to a PEM certificate, and '{path}' is none");
        }

        switch (X509Certificate2.GetCertContentType(octets))
        {
            case X509ContentType.Pkcs12:
                return [.. X509CertificateLoader.LoadPkcs12Collection(octets, password, KeyStorage)];
            case X509ContentType.Cert:
                return [X509CertificateLoader.LoadCertificate(octets)];
            default:
                throw node.Refuse($"'{path}' is neither PEM, nor PKCS#12, nor a DER certificate");
        }
    }

    private X509Certificate2[] ParsePem(ConfigurationNode node, byte[] octets, string? keyPath, string? password)
    {
        var text = System.Text.Encoding.UTF8.GetString(octets);
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(text);
        if (certificates.Count == 0)
        {
            throw node.Refuse("the PEM file holds no certificate");
        }

        var keyText = keyPath is null ? text : System.Text.Encoding.UTF8.GetString(ReadFile(node, keyPath, KeyPathKey));
        if (keyPath is not null || text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            // As CreateFromPem has it: the key belongs to the first certificate of the file; the others are its chain.
            certificates[0].Dispose();
            certificates[0] = password is null
                ? X509Certificate2.CreateFromPem(text, keyText)
                : X509Certificate2.CreateFromEncryptedPem(text, keyText, password);
        }

        return [.. certificates];
    }

    private byte[] ReadFile(ConfigurationNode node, string path, string? key = null)
    {
        try
        {
            fileRead?.Invoke(Resolve(path));
            return File.ReadAllBytes(Resolve(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var reason = $"'{path}' cannot be read (looked for at {Resolve(path)})";
            throw key is null ? node.Refuse(reason, exception) : node.Refuse(key, reason, exception);
        }
    }

    private string Resolve(string path) => Path.Combine(Path.GetFullPath(basePath), path);
}
