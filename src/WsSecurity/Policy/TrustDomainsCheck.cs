using System.Security.Cryptography.X509Certificates;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Policy;

/// <summary>Whether trust domains say what can be kept, told when a role is created.</summary>
internal static class TrustDomainsCheck
{
    /// <exception cref="ArgumentException">They contradict themselves or one another.</exception>
    public static void Demand(SecurityPolicy policy, SecurityCredentials credentials)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var domain in credentials.TrustDomains)
        {
            if (string.IsNullOrWhiteSpace(domain.Name))
            {
                throw new ArgumentException("A trust domain has no name, which is what evidence and policies know it by.", nameof(credentials));
            }

            if (!names.Add(domain.Name))
            {
                // What one may, the other would be taken to be permitted.
                throw new ArgumentException($"Two trust domains have the name '{domain.Name}'.", nameof(credentials));
            }

            Demand(domain);
        }

        // Who trusts by PeerCertificates alone needs no domain to be named.
        if (credentials.TrustDomains.Count > 0 && policy.AcceptedTrustDomains.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"AcceptedTrustDomains names '{unknown}', which is none of the TrustDomains ({string.Join(", ", names)}).", nameof(policy));
        }
    }

    private static void Demand(TrustDomain domain)
    {
        if (domain.RevocationLists.Count > 0 && domain.Revocation != X509RevocationMode.Offline)
        {
            throw Contradiction(domain, "RevocationLists go with Revocation Offline, for which no network is used");
        }

        if (domain.CertificateValidator is not null && domain.Anchors.Count + domain.Certificates.Count + domain.RevocationLists.Count > 0)
        {
            // It would be open whether the validator narrows the anchors or stands in their place.
            throw Contradiction(domain, "a CertificateValidator decides alone, and there are Anchors, Certificates or RevocationLists beside it; make two domains of it");
        }

        if (domain.MinimumRsaKeySize < 0 || domain.MinimumEcKeySize < 0)
        {
            throw Contradiction(domain, "a minimum key size is negative");
        }

        if (domain.Subjects.Concat(domain.Issuers).FirstOrDefault(name => !DistinguishedNameParser.TryParse(name, out _)) is { } broken)
        {
            throw Contradiction(domain, $"'{broken}' is no distinguished name");
        }

        if (domain.ExtendedKeyUsages.FirstOrDefault(oid => oid.Length == 0 || !oid.All(c => char.IsAsciiDigit(c) || c == '.')) is { } name)
        {
            throw Contradiction(domain, $"the extended key usage '{name}' is no object identifier; clientAuth is 1.3.6.1.5.5.7.3.2");
        }
    }

    private static ArgumentException Contradiction(TrustDomain domain, string what) => new($"The trust domain '{domain.Name}' cannot be used: {what}.");
}
