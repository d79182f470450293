using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Tokens.X509;

/// <summary>What a trust domain demands of a certificate beside the way to its anchor.</summary>
internal static class DomainRules
{
    /// <exception cref="WsSecurityException">The certificate, or an authority between it and the anchor, breaks a rule of the domain.</exception>
    /// <param name="domain">Whose rules.</param>
    /// <param name="chain">The certificate, and the authorities above it up to the anchor, which is not asked; a pinned certificate alone.</param>
    public static void Demand(TrustDomain domain, IReadOnlyList<X509Certificate2> chain)
    {
        var certificate = chain[0];
        DemandName(domain.Subjects, certificate.SubjectName, SecurityFailure.CertificateSubjectNotAllowed, domain, "subject");
        DemandName(domain.Issuers, certificate.IssuerName, SecurityFailure.CertificateIssuerNotAllowed, domain, "issuer");
        DemandUsage(domain, certificate);
        DemandExtendedUsage(domain, certificate);
        foreach (var one in chain.Take(Math.Max(1, chain.Count - 1)))
        {
            DemandKeySize(domain, one);
        }
    }

    // In one order only: the reverse of an admitted name is the name of somebody else.
    private static void DemandName(IReadOnlyList<string> admitted, X500DistinguishedName name, SecurityFailure failure, TrustDomain domain, string role)
    {
        if (admitted.Count > 0 && !admitted.Any(one => DistinguishedName.IsSame(one, name)))
        {
            throw new WsSecurityException(failure, $"The trust domain '{domain.Name}' does not admit the {role} '{DistinguishedName.Format(name)}'.");
        }
    }

    private static void DemandUsage(TrustDomain domain, X509Certificate2 certificate)
    {
        if (domain.KeyUsages == X509KeyUsageFlags.None)
        {
            return;
        }

        var stated = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages ?? X509KeyUsageFlags.None;
        if ((stated & domain.KeyUsages) != domain.KeyUsages)
        {
            throw new WsSecurityException(
                SecurityFailure.CertificateUsageNotAllowed,
                $"The trust domain '{domain.Name}' demands the key usage {domain.KeyUsages}; '{certificate.Subject}' states {stated}.");
        }
    }

    private static void DemandExtendedUsage(TrustDomain domain, X509Certificate2 certificate)
    {
        if (domain.ExtendedKeyUsages.Count == 0)
        {
            return;
        }

        var stated = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages;
        if (stated is null || !stated.Cast<System.Security.Cryptography.Oid>().Any(oid => domain.ExtendedKeyUsages.Contains(oid.Value, StringComparer.Ordinal)))
        {
            throw new WsSecurityException(
                SecurityFailure.CertificateExtendedUsageNotAllowed,
                $"The certificate '{certificate.Subject}' states none of the extended key usages that the trust domain '{domain.Name}' demands.");
        }
    }

    private static void DemandKeySize(TrustDomain domain, X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = rsa is null ? certificate.GetECDsaPublicKey() : null;
        if ((rsa is not null && rsa.KeySize < domain.MinimumRsaKeySize) || (ecdsa is not null && ecdsa.KeySize < domain.MinimumEcKeySize))
        {
            throw new WsSecurityException(
                SecurityFailure.KeyTooWeak,
                $"The key of '{certificate.Subject}' has {(rsa?.KeySize ?? ecdsa!.KeySize)} bits, less than the trust domain '{domain.Name}' demands.");
        }
    }
}
