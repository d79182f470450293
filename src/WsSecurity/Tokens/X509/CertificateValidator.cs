using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Tokens.X509;

/// <summary>
/// Decides whether a signer's certificate is trusted, and by which domain. Only the configured anchors count, never the machine's store,
/// and nothing is downloaded but revocation data where a domain asks for it.
/// </summary>
internal sealed class CertificateValidator
{
    private const int Capacity = 1024;

    // How long an acceptance is believed: long enough to spare the chain for each message, short enough for a CRL.
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(5);

    private readonly List<(TrustDomain Domain, RevocationLists? Lists)> _accepted;
    private readonly List<(TrustDomain Domain, RevocationLists? Lists)> _others;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<CertificateEntry, (AcceptedCertificate Accepted, DateTimeOffset At)> _known = new();

    /// <param name="domains">All of the party's.</param>
    /// <param name="accepted">The names of those that count here; none for all.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">A rule of a domain cannot be kept.</exception>
    public CertificateValidator(IReadOnlyList<TrustDomain> domains, IReadOnlyList<string> accepted, TimeProvider time)
    {
        var all = domains.Select(domain => (Domain: domain, Lists: domain.RevocationLists.Count == 0 ? null : new RevocationLists(domain))).ToLookup(one => accepted.Count == 0 || accepted.Contains(one.Domain.Name, StringComparer.Ordinal));
        _accepted = [.. all[true]];
        _others = [.. all[false]];
        _time = time;
    }

    /// <returns>The domain that accepts the certificate, and by which path.</returns>
    /// <exception cref="WsSecurityException">No domain does.</exception>
    public AcceptedCertificate Validate(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent)
    {
        var now = _time.GetUtcNow();
        if (_known.TryGetValue(certificate, out var known) && (now - known.At).Duration() < Believed)
        {
            CheckValidity(certificate, now);
            return known.Accepted;
        }

        var refusal = new WsSecurityException(
            SecurityFailure.CertificateNotTrusted,
            $"The certificate '{certificate.Certificate.Subject}' leads to no anchor of a trust domain ({_accepted.Count} accepted).");
        foreach (var (domain, lists) in _accepted)
        {
            try
            {
                var accepted = new AcceptedCertificate(domain.Name, Validate(certificate, sent, domain, lists, now));

                // A validator of the user's decides on each message: what it knows may change at any time.
                if (domain.CertificateValidator is null)
                {
                    Believe(certificate, accepted, now);
                }

                return accepted;
            }
            catch (WsSecurityException exception)
            {
                // A precise reason from the domain that knows the certificate says more than a stranger's.
                if (exception.Failure != SecurityFailure.CertificateNotTrusted)
                {
                    refusal = exception;
                }
            }
        }

        throw refusal.Failure == SecurityFailure.CertificateNotTrusted && FindOther(certificate, sent, now) is { } other
            ? new WsSecurityException(SecurityFailure.TrustDomainNotAccepted, $"The certificate '{certificate.Certificate.Subject}' is of the trust domain '{other}', which is not accepted here.")
            : refusal;
    }

    // For the log: whose certificate it would be elsewhere. Nobody is asked over the network for that, and no validator.
    private string? FindOther(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent, DateTimeOffset now)
    {
        foreach (var (domain, _) in _others.Where(other => other.Domain.CertificateValidator is null))
        {
            try
            {
                Validate(certificate, sent, domain with { Revocation = X509RevocationMode.NoCheck }, null, now);
                return domain.Name;
            }
            catch (WsSecurityException)
            {
                // Nor does this one know it.
            }
        }

        return null;
    }

    /// <exception cref="WsSecurityException">It is expired or not valid yet.</exception>
    public static void CheckValidity(CertificateEntry certificate, DateTimeOffset now)
    {
        if (now > new DateTimeOffset(certificate.Certificate.NotAfter.ToUniversalTime()))
        {
            throw new WsSecurityException(SecurityFailure.CertificateExpired, $"The certificate '{certificate.Certificate.Subject}' expired at {certificate.Certificate.NotAfter.ToUniversalTime():u}.");
        }

        if (now < new DateTimeOffset(certificate.Certificate.NotBefore.ToUniversalTime()))
        {
            throw new WsSecurityException(SecurityFailure.CertificateNotYetValid, $"The certificate '{certificate.Certificate.Subject}' is valid from {certificate.Certificate.NotBefore.ToUniversalTime():u}.");
        }
    }

    /// <summary>RFC 5280 section 4.2.1.3: a key usage that is stated must admit signatures.</summary>
    /// <exception cref="WsSecurityException">It does not.</exception>
    public static void CheckMaySign(CertificateEntry certificate)
    {
        foreach (var extension in certificate.Certificate.Extensions)
        {
            if (extension is X509KeyUsageExtension usage
                && (usage.KeyUsages & (X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation)) == 0)
            {
                throw new WsSecurityException(
                    SecurityFailure.CertificateUsageNotAllowed,
                    $"The key usage of the certificate '{certificate.Certificate.Subject}' ({usage.KeyUsages}) does not admit signatures.");
            }
        }
    }

    private void Believe(CertificateEntry certificate, AcceptedCertificate accepted, DateTimeOffset now)
    {
        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        _known[certificate] = (accepted, now);
    }

    // The path is the signer's certificate, and those above it up to the anchor; one that is pinned, or that a validator trusts, stands alone.
    private static List<ReadOnlyMemory<byte>> Validate(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent, TrustDomain domain, RevocationLists? lists, DateTimeOffset now)
    {
        if (domain.CertificateValidator is { } validator)
        {
            CustomDecision.Demand(validator, certificate, domain.Name);
            DomainRules.Demand(domain, [certificate.Certificate]);
            return [certificate.Raw];
        }

        if (domain.Certificates.Any(pinned => pinned.RawDataMemory.Span.SequenceEqual(certificate.Raw.Span)))
        {
            CheckValidity(certificate, now);
            DomainRules.Demand(domain, [certificate.Certificate]);
            return [certificate.Raw];
        }

        using var chain = BuildChain(certificate, sent, domain, now);
        var path = chain.ChainElements.Select(element => element.Certificate).ToList();
        try
        {
            DomainRules.Demand(domain, path);
            lists?.Demand(path, now, domain.Name);
            return path.ConvertAll(one => one.RawDataMemory);
        }
        finally
        {
            path.ForEach(one => one.Dispose());
        }
    }

    private static X509Chain BuildChain(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent, TrustDomain domain, DateTimeOffset now)
    {
        if (domain.Anchors.Count == 0)
        {
            throw new WsSecurityException(SecurityFailure.CertificateNotTrusted, $"The trust domain '{domain.Name}' does not pin the certificate '{certificate.Certificate.Subject}' and has no anchors.");
        }

        var chain = new X509Chain();
        try
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
            chain.ChainPolicy.VerificationTime = now.UtcDateTime;
            chain.ChainPolicy.CustomTrustStore.AddRange(domain.Anchors.ToArray());
            chain.ChainPolicy.ExtraStore.AddRange(domain.Intermediates.ToArray());
            chain.ChainPolicy.ExtraStore.AddRange(sent.Select(entry => entry.Certificate).ToArray());
            Build(chain, certificate, domain, now);
            if (domain.Revocation != X509RevocationMode.NoCheck && domain.RevocationLists.Count == 0)
            {
                // Only a chain that leads to an anchor may say where its lists are: of others that would be an address of a stranger's choice.
                chain.Reset();
                chain.ChainPolicy.RevocationMode = domain.Revocation;
                Build(chain, certificate, domain, now);
            }

            return chain;
        }
        catch
        {
            chain.Dispose();
            throw;
        }
    }

    private static void Build(X509Chain chain, CertificateEntry certificate, TrustDomain domain, DateTimeOffset now)
    {
        if (!chain.Build(certificate.Certificate))
        {
            throw Refuse(chain, certificate, domain, now);
        }
    }

    private static WsSecurityException Refuse(X509Chain chain, CertificateEntry certificate, TrustDomain domain, DateTimeOffset now)
    {
        const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain
            | X509ChainStatusFlags.NotSignatureValid | X509ChainStatusFlags.Cyclic | X509ChainStatusFlags.ExplicitDistrust;
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        var failure = status switch
        {
            _ when (status & Untrusted) != 0 => SecurityFailure.CertificateNotTrusted,
            _ when (status & X509ChainStatusFlags.Revoked) != 0 => SecurityFailure.CertificateRevoked,
            _ when (status & X509ChainStatusFlags.NotTimeValid) != 0 =>
                chain.ChainElements.Any(element => now < new DateTimeOffset(element.Certificate.NotBefore.ToUniversalTime())) ? SecurityFailure.CertificateNotYetValid : SecurityFailure.CertificateExpired,
            _ when (status & (X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation)) != 0 => SecurityFailure.CertificateRevocationUnknown,
            _ when (status & X509ChainStatusFlags.NotValidForUsage) != 0 => SecurityFailure.CertificateUsageNotAllowed,
            _ => SecurityFailure.CertificateNotTrusted,
        };
        return new WsSecurityException(failure, $"The trust domain '{domain.Name}' refuses the certificate '{certificate.Certificate.Subject}': {status}.");
    }
}
