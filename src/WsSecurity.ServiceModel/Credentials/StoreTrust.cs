using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.ServiceModel.Credentials;

/// <summary>Trust in a store of the user or the machine, as WCF's certificate validation modes mean it.</summary>
/// <param name="setting">The setting that asks for it; the domains are named after it.</param>
/// <param name="location">Whose stores.</param>
/// <param name="readStore">Reads one.</param>
internal sealed class StoreTrust(string setting, StoreLocation location, Func<StoreName, StoreLocation, IReadOnlyList<X509Certificate2>> readStore)
{
    /// <summary>Trusts the certificates of TrustedPeople as they are.</summary>
    public TrustDomain Peers() => new() { Name = setting + ".PeerTrust", Certificates = readStore(StoreName.TrustedPeople, location) };

    /// <summary>Trusts what leads to a certificate of Root.</summary>
    /// <param name="revocation">How revocation is checked.</param>
    public TrustDomain Chains(X509RevocationMode revocation) => new()
    {
        Name = setting + ".ChainTrust",
        Anchors = readStore(StoreName.Root, location),
        Intermediates = readStore(StoreName.CertificateAuthority, location),
        Revocation = revocation,
    };

    /// <summary>Reads one of the platform's stores.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="location">Whose it is.</param>
    public static IReadOnlyList<X509Certificate2> Read(StoreName name, StoreLocation location)
    {
        using var store = new X509Store(name, location);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        }
        catch (CryptographicException)
        {
            // A store that does not exist on this platform trusts nobody.
            return [];
        }

        return [.. store.Certificates];
    }
}
