using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Policy.Configuration;

/// <summary>Finds a certificate in a store of the machine: <c>"Store": "CurrentUser/My", "Find": "FindByThumbprint=…"</c>.</summary>
internal static class CertificateStoreReader
{
    private static readonly X509FindType[] FindTypes =
    [
        X509FindType.FindByThumbprint,
        X509FindType.FindBySubjectDistinguishedName,
        X509FindType.FindBySubjectName,
        X509FindType.FindBySerialNumber,
        X509FindType.FindBySubjectKeyIdentifier,
        X509FindType.FindByIssuerName,
        X509FindType.FindByIssuerDistinguishedName,
    ];

    public static X509Certificate2 Read(ConfigurationNode node, string storeKey, string store, string findKey, string? find)
    {
        var (name, location) = ParseStore(node, storeKey, store);
        var (type, value) = ParseFind(node, findKey, find);
        try
        {
            using var opened = new X509Store(name, location, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            var found = opened.Certificates.Find(type, value, validOnly: false);
            return found.Count == 1
                ? found[0]
                : throw node.Refuse(findKey, $"'{find}' finds {found.Count} certificates in {store}, and must find one");
        }
        catch (CryptographicException exception)
        {
            throw node.Refuse(storeKey, $"'{store}' cannot be opened: {exception.Message}", exception);
        }
    }

    private static (string Name, StoreLocation Location) ParseStore(ConfigurationNode node, string key, string store)
    {
        var parts = store.Split('/', '\\');
        return parts is [var location, { Length: > 0 } name]
            ? (name, Parse(Enum.GetValues<StoreLocation>(), location) ?? throw node.RefuseValue(key, store, ["CurrentUser/My", "LocalMachine/My"]))
            : throw node.RefuseValue(key, store, ["CurrentUser/My", "LocalMachine/My"]);
    }

    private static (X509FindType Type, string Value) ParseFind(ConfigurationNode node, string key, string? find)
    {
        var parts = find?.Split('=', 2);
        return parts is [var type, { Length: > 0 } value] && Parse(FindTypes, type) is { } known
            ? (known, value)
            : throw node.Refuse(key, $"expects one of {string.Join(", ", FindTypes.Select(accepted => $"{accepted}=…"))}");
    }

    private static T? Parse<T>(IEnumerable<T> accepted, string name)
        where T : struct, Enum =>
        accepted.Select(value => (T?)value).FirstOrDefault(value => string.Equals(value.ToString(), name, StringComparison.OrdinalIgnoreCase));
}
