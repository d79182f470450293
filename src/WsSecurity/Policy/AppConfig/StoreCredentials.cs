using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Policy.AppConfig;

/// <summary>A store whose certificates are trusted: as authorities, or as they are.</summary>
/// <param name="StoreLocation">Whose store.</param>
/// <param name="AreAuthorities">Root, whose certificates are anchors (ChainTrust); else TrustedPeople (PeerTrust).</param>
/// <param name="Revocation">How revocation is checked below anchors.</param>
/// <param name="Where">Where the configuration says so.</param>
internal sealed record TrustedStore(StoreLocation StoreLocation, bool AreAuthorities, X509RevocationMode Revocation, string Where);

/// <summary>Finds in the stores what a configuration names.</summary>
internal static class StoreCredentials
{
    public static SecurityCredentials Load(AppConfigCredentials description)
    {
        var own = description.Certificate is { } certificate ? Find(certificate) : null;
        if (own is { HasPrivateKey: false })
        {
            throw new BindingConfigurationException(description.Certificate!.Where, "the certificate that was found has no private key here");
        }

        var peer = description.PeerCertificate is { } named ? Find(named) : description.IdentityCertificate;
        return new SecurityCredentials
        {
            Certificate = own,
            PeerCertificates = peer is null ? [] : [peer],
            ServiceDnsName = description.ServiceDnsName,
            TrustDomains = [.. description.TrustedStores.Select(ReadDomain)],
        };
    }

    private static TrustDomain ReadDomain(TrustedStore store)
    {
        var name = $"{store.StoreLocation}/{(store.AreAuthorities ? StoreName.Root : StoreName.TrustedPeople)}";
        return store.AreAuthorities
            ? new TrustDomain
            {
                Name = name,
                Anchors = ReadStore(StoreName.Root, store),
                Intermediates = ReadStore(StoreName.CertificateAuthority, store),
                Revocation = store.Revocation,
            }
            : new TrustDomain { Name = name, Certificates = ReadStore(StoreName.TrustedPeople, store) };
    }

    // A store that this platform does not have trusts nobody.
    private static IReadOnlyList<X509Certificate2> ReadStore(StoreName name, TrustedStore store)
    {
        try
        {
            using var opened = new X509Store(name, store.StoreLocation, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            return [.. opened.Certificates];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    private static X509Certificate2 Find(StoreCertificate wanted)
    {
        try
        {
            using var opened = new X509Store(wanted.StoreName, wanted.StoreLocation, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            var found = opened.Certificates.Find(wanted.FindType, wanted.FindValue, validOnly: false);
            return found.Count == 1
                ? found[0]
                : throw new BindingConfigurationException(
                    wanted.Where, $"{wanted.FindType} '{wanted.FindValue}' finds {found.Count} certificates in {wanted.StoreLocation}/{wanted.StoreName}, and must find one");
        }
        catch (CryptographicException exception)
        {
            throw new BindingConfigurationException(wanted.Where, $"the store {wanted.StoreLocation}/{wanted.StoreName} cannot be opened: {exception.Message}", exception);
        }
    }
}
