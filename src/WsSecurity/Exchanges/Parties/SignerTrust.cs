using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WsSecurity.Algorithms;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Exchanges.Parties;

/// <summary>Decides whom a party listens to: the signers of messages, the certificates that they carry, the issuers of SAML assertions.</summary>
/// <param name="policy">Which trust domains are accepted.</param>
/// <param name="credentials">The trust domains, and who the service is.</param>
/// <param name="own">The party's own certificate; null where it has none.</param>
/// <param name="peers">The other side.</param>
/// <param name="trustsPeers">Whether the other side is one configured party rather than whoever the trust domains accept.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SignerTrust(
    SecurityPolicy policy, SecurityCredentials credentials, CertificateEntry? own, Peers peers, bool trustsPeers, TimeProvider timeProvider)
{
    private readonly CertificateValidator _validator = new(credentials.TrustDomains, policy.AcceptedTrustDomains, timeProvider);
    private readonly List<(string Issuer, string Domain, CertificateEntry Certificate)> _samlIssuers = credentials.TrustDomains
        .SelectMany(domain => domain.SamlIssuers.Select(issuer => (issuer.Issuer, domain.Name, new CertificateEntry(issuer.Certificate))))
        .ToList();

    /// <summary>Decides whether a certificate that signed is that of somebody whom this party listens to.</summary>
    /// <exception cref="WsSecurityException">It is not.</exception>
    public X509VerifiedToken Trust(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent)
    {
        RefuseOwn(certificate);
        try
        {
            return Decide(certificate, sent);
        }
        catch (CryptographicException exception)
        {
            // The platform decodes extensions when they are asked for.
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The signer's certificate holds what cannot be decoded.", exception);
        }
    }

    /// <summary>Decides whether a certificate that came without signing is of a domain; it need not be one for signing.</summary>
    /// <returns>The domain's name.</returns>
    /// <exception cref="WsSecurityException">It is not.</exception>
    public string TrustCarried(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent)
    {
        try
        {
            return _validator.Validate(certificate, sent).Domain;
        }
        catch (CryptographicException exception)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A certificate holds what cannot be decoded.", exception);
        }
    }

    /// <exception cref="WsSecurityException">The certificate is our own: what we signed came back.</exception>
    public void RefuseOwn(CertificateEntry certificate)
    {
        if (own is not null && own.HasSameOctets(certificate) && !policy.Tolerances.AcceptOwnSignature)
        {
            throw new WsSecurityException(SecurityFailure.OwnSignatureReflected, "The message is signed by our own certificate.");
        }
    }

    /// <summary>The certificates that trust domains name for a SAML issuer, each with its domain.</summary>
    /// <exception cref="WsSecurityException">Only a domain that is not accepted here names it.</exception>
    public List<(string Domain, CertificateEntry Certificate)> FindSamlIssuers(string issuer)
    {
        var named = _samlIssuers.FindAll(known => known.Issuer == issuer);
        var accepted = named.FindAll(known => policy.AcceptedTrustDomains.Count == 0 || policy.AcceptedTrustDomains.Contains(known.Domain, StringComparer.Ordinal));
        return named.Count == 0 || accepted.Count > 0
            ? accepted.ConvertAll(known => (known.Domain, known.Certificate))
            : throw new WsSecurityException(SecurityFailure.TrustDomainNotAccepted, $"The SAML issuer '{RefusedValue.Show(issuer)}' is of the trust domain '{named[0].Domain}', which is not accepted here.");
    }

    private X509VerifiedToken Decide(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent)
    {
        CertificateValidator.CheckMaySign(certificate);
        if (trustsPeers && peers.SignBy(certificate))
        {
            CertificateValidator.CheckValidity(certificate, timeProvider.GetUtcNow());
            return new X509VerifiedToken(certificate.Certificate, string.Empty, [certificate.Raw]);
        }

        if (trustsPeers && credentials.ServiceDnsName is not { Length: > 0 } && !peers.IsEmpty)
        {
            throw new WsSecurityException(SecurityFailure.PeerIdentityMismatch, $"The message is signed by '{certificate.Certificate.Subject}', which is none of the PeerCertificates.");
        }

        var accepted = _validator.Validate(certificate, sent);
        if (trustsPeers && !IsService(certificate.Certificate))
        {
            throw new WsSecurityException(SecurityFailure.PeerIdentityMismatch, $"The message is signed by '{certificate.Certificate.Subject}'; the service is '{credentials.ServiceDnsName}'.");
        }

        return new X509VerifiedToken(certificate.Certificate, accepted.Domain, accepted.Path);
    }

    private bool IsService(X509Certificate2 certificate) =>
        credentials.ServiceDnsName is not { Length: > 0 } name || certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: true);
}
