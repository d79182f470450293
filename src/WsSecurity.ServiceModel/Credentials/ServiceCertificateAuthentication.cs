using System.Security.Cryptography.X509Certificates;
using System.ServiceModel.Security;

namespace WsSecurity.ServiceModel.Credentials;

/// <summary>
/// What <c>ClientCredentials.ServiceCertificate.Authentication</c> means for us. As WCF creates it, and with None, the certificates that the user
/// named are trusted as they are, and nobody else; a store or a validator that the user names decides on them and on others.
/// </summary>
internal sealed class ServiceCertificateAuthentication
{
    private const string DomainName = "ServiceCertificate.Authentication";

    private readonly Action<X509Certificate2> _validate;

    private ServiceCertificateAuthentication(Action<X509Certificate2> validate) => _validate = validate;

    /// <summary>Whose certificates are accepted beside the one that the user named.</summary>
    public IReadOnlyList<TrustDomain> TrustDomains { get; private init; } = [];

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>What they demand.</returns>
    /// <exception cref="InvalidOperationException">Custom is set without a validator.</exception>
    public static ServiceCertificateAuthentication From(X509ServiceCertificateAuthentication settings) => From(settings, StoreTrust.Read);

    /// <inheritdoc cref="From(X509ServiceCertificateAuthentication)"/>
    /// <param name="settings">The settings.</param>
    /// <param name="readStore">Reads one of the user's or the machine's stores.</param>
    public static ServiceCertificateAuthentication From(
        X509ServiceCertificateAuthentication settings, Func<StoreName, StoreLocation, IReadOnlyList<X509Certificate2>> readStore)
    {
        if (IsUntouched(settings))
        {
            return new ServiceCertificateAuthentication(_ => { });
        }

        var stores = new StoreTrust(DomainName, settings.TrustedStoreLocation, readStore);
        switch (settings.CertificateValidationMode)
        {
            case X509CertificateValidationMode.None:
                return new ServiceCertificateAuthentication(_ => { });

            case X509CertificateValidationMode.Custom:
                var custom = new CustomCertificateTrust(settings.CustomCertificateValidator ?? throw new InvalidOperationException(
                    $"{nameof(X509CertificateValidationMode)}.{nameof(X509CertificateValidationMode.Custom)} is set without a {nameof(settings.CustomCertificateValidator)}; set one."));
                return new ServiceCertificateAuthentication(certificate => Demand(custom, certificate)) { TrustDomains = [custom.ToDomain(DomainName)] };

            case X509CertificateValidationMode.PeerTrust:
                return FromDomains(stores.Peers());

            case X509CertificateValidationMode.PeerOrChainTrust:
                return FromDomains(stores.Peers(), stores.Chains(settings.RevocationMode));

            default:
                return FromDomains(stores.Chains(settings.RevocationMode));
        }
    }

    /// <summary>Refuses a certificate that the settings do not admit.</summary>
    /// <param name="certificate">The certificate of the service.</param>
    /// <exception cref="WsSecurityException">It is not admitted.</exception>
    public void Demand(X509Certificate2 certificate) => _validate(certificate);

    private static bool IsUntouched(X509ServiceCertificateAuthentication settings)
    {
        var untouched = new X509ServiceCertificateAuthentication();
        return settings.CertificateValidationMode == untouched.CertificateValidationMode
            && settings.RevocationMode == untouched.RevocationMode
            && settings.TrustedStoreLocation == untouched.TrustedStoreLocation
            && settings.CustomCertificateValidator is null;
    }

    private static ServiceCertificateAuthentication FromDomains(params TrustDomain[] domains) =>
        new(certificate => Demand(domains, certificate)) { TrustDomains = domains };

    // The named certificate is checked here as well, since WCF would do so: naming it does not put it into the store.
    private static void Demand(TrustDomain[] domains, X509Certificate2 certificate)
    {
        foreach (var domain in domains)
        {
            if (domain.Certificates.Any(trusted => trusted.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)) || Chains(domain, certificate))
            {
                return;
            }
        }

        throw NotTrusted(certificate);
    }

    private static bool Chains(TrustDomain domain, X509Certificate2 certificate)
    {
        if (domain.Anchors.Count == 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(domain.Anchors.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(domain.Intermediates.ToArray());
        chain.ChainPolicy.RevocationMode = domain.Revocation;
        return chain.Build(certificate);
    }

    private static void Demand(CustomCertificateTrust custom, X509Certificate2 certificate)
    {
        bool isTrusted;
        try
        {
            isTrusted = custom.IsTrusted(certificate);
        }
        catch (Exception error)
        {
            throw new WsSecurityException(SecurityFailure.ValidatorFailed, $"The {DomainName}.CustomCertificateValidator failed for the service's certificate '{certificate.Subject}'.", error);
        }

        if (!isTrusted)
        {
            throw NotTrusted(certificate);
        }
    }

    private static WsSecurityException NotTrusted(X509Certificate2 certificate) => new(
        SecurityFailure.CertificateNotTrusted, $"ServiceCertificate.Authentication of the client's credentials does not admit the service's certificate '{certificate.Subject}'.");
}
