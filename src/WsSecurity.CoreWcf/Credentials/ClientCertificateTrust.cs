using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoreWCF.Description;
using CoreWCF.Security;

namespace WsSecurity.CoreWcf.Credentials;

/// <summary>
/// What <c>ServiceCredentials.ClientCertificate.Authentication</c> means for us. As CoreWCF creates it, nobody is trusted but the certificate that
/// the user named; trust in a store of the machine is something that is set.
/// </summary>
internal static class ClientCertificateTrust
{
    private const string DomainName = "ClientCertificate.Authentication";

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>Whom they trust.</returns>
    /// <exception cref="InvalidOperationException">They name no anchors, so that anybody, or a callback alone, would decide.</exception>
    public static IEnumerable<TrustDomain> Read(X509ClientCertificateAuthentication settings)
    {
        if (IsUntouched(settings))
        {
            return [];
        }

        return settings.CertificateValidationMode switch
        {
            X509CertificateValidationMode.PeerTrust => [PeerTrust(settings)],
            X509CertificateValidationMode.ChainTrust => [ChainTrust(settings)],
            X509CertificateValidationMode.PeerOrChainTrust => [PeerTrust(settings), ChainTrust(settings)],
            var mode => throw new InvalidOperationException(
                $"{DomainName}.{nameof(settings.CertificateValidationMode)} is {mode}, which names nobody whom to trust; give {nameof(SecurityCredentials)} with {nameof(TrustDomain)}s to the binding instead."),
        };
    }

    private static bool IsUntouched(X509ClientCertificateAuthentication settings)
    {
        var untouched = new ServiceCredentials().ClientCertificate.Authentication;
        return settings.CertificateValidationMode == untouched.CertificateValidationMode
            && settings.RevocationMode == untouched.RevocationMode
            && settings.TrustedStoreLocation == untouched.TrustedStoreLocation;
    }

    private static TrustDomain PeerTrust(X509ClientCertificateAuthentication settings) => new()
    {
        Name = DomainName,
        Certificates = Read(StoreName.TrustedPeople, settings.TrustedStoreLocation),
    };

    private static TrustDomain ChainTrust(X509ClientCertificateAuthentication settings) => new()
    {
        Name = DomainName,
        Anchors = Read(StoreName.Root, settings.TrustedStoreLocation),
        Intermediates = Read(StoreName.CertificateAuthority, settings.TrustedStoreLocation),
        Revocation = settings.RevocationMode,
    };

    private static X509Certificate2[] Read(StoreName name, StoreLocation location)
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
