using System.Security.Cryptography.X509Certificates;
using CoreWCF.Description;
using CoreWCF.IdentityModel.Selectors;
using CoreWCF.Security;
using WsSecurity.ServiceModel.Credentials;

namespace WsSecurity.CoreWcf.Credentials;

/// <summary>
/// What <c>ServiceCredentials.ClientCertificate.Authentication</c> means for us. As CoreWCF creates it, nobody is trusted but the certificate that
/// the user named; trust in a store of the machine, or in the word of a validator, is something that is set.
/// </summary>
internal static class ClientCertificateTrust
{
    private const string DomainName = "ClientCertificate.Authentication";

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>Whom they trust.</returns>
    /// <exception cref="InvalidOperationException">They would trust anybody without saying so, or contradict themselves.</exception>
    public static IReadOnlyList<TrustDomain> Read(X509ClientCertificateAuthentication settings) => Read(settings, StoreTrust.Read);

    /// <inheritdoc cref="Read(X509ClientCertificateAuthentication)"/>
    /// <param name="settings">The settings.</param>
    /// <param name="readStore">Reads one of the user's or the machine's stores.</param>
    public static IReadOnlyList<TrustDomain> Read(
        X509ClientCertificateAuthentication settings, Func<StoreName, StoreLocation, IReadOnlyList<X509Certificate2>> readStore)
    {
        if (settings.CustomCertificateValidator is not null && settings.CertificateValidationMode != X509CertificateValidationMode.Custom)
        {
            throw new InvalidOperationException(
                $"{DomainName} has a {nameof(settings.CustomCertificateValidator)} that the mode {settings.CertificateValidationMode} never asks; set {nameof(settings.CertificateValidationMode)} to Custom.");
        }

        if (IsUntouched(settings))
        {
            return [];
        }

        var stores = new StoreTrust(DomainName, settings.TrustedStoreLocation, readStore);
        return settings.CertificateValidationMode switch
        {
            X509CertificateValidationMode.PeerTrust => [stores.Peers()],
            X509CertificateValidationMode.ChainTrust => [stores.Chains(settings.RevocationMode)],
            X509CertificateValidationMode.PeerOrChainTrust => [stores.Peers(), stores.Chains(settings.RevocationMode)],
            X509CertificateValidationMode.Custom => [Custom(settings)],
            _ => throw new InvalidOperationException(
                $"{DomainName}.{nameof(settings.CertificateValidationMode)} is None, which would let anybody in who makes a certificate; name whom to trust. " +
                $"Where anybody is meant, say so by the mode Custom with {nameof(X509CertificateValidator)}.{nameof(X509CertificateValidator.None)}."),
        };
    }

    /// <summary>Whether a domain lets anybody in who makes a certificate.</summary>
    /// <param name="domain">The domain.</param>
    public static bool TrustsAnybody(TrustDomain domain) => domain.CertificateValidator is CustomCertificateTrust { TrustsAnybody: true };

    private static TrustDomain Custom(X509ClientCertificateAuthentication settings) => new CustomCertificateTrust(
        settings.CustomCertificateValidator ?? throw new InvalidOperationException(
            $"{DomainName}.{nameof(settings.CertificateValidationMode)} is Custom without a {nameof(settings.CustomCertificateValidator)}; set one.")).ToDomain(DomainName);

    private static bool IsUntouched(X509ClientCertificateAuthentication settings)
    {
        var untouched = new ServiceCredentials().ClientCertificate.Authentication;
        return settings.CertificateValidationMode == untouched.CertificateValidationMode
            && settings.RevocationMode == untouched.RevocationMode
            && settings.TrustedStoreLocation == untouched.TrustedStoreLocation;
    }
}
