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

    private readonly IReadOnlyList<TrustDomain> _domains;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<CertificateEntry, (AcceptedCertificate Accepted, DateTimeOffset At)> _accepted = new();

    public CertificateValidator(IReadOnlyList<TrustDomain> domains, TimeProvider time)
    {
        _domains = domains;
        _time = time;
    }

    /// <returns>The domain that accepts the certificate, and by which path.</returns>
    /// <exception cref="WsSecurityException">No domain does.</exception>
    public AcceptedCertificate Validate(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent)
    {
        var now = _time.GetUtcNow();
        if (_accepted.TryGetValue(certificate, out var known) && (now - known.At).Duration() < Believed)
        {
            CheckValidity(certificate, now);
            return known.Accepted;
        }

        var refusal = new WsSecurityException(
            SecurityFailure.CertificateNotTrusted,
            $"The certificate '{certificate.Certificate.Subject}' leads to no anchor of a trust domain ({_domains.Count} configured).");
        foreach (var domain in _domains)
        {
            try
            {
                var accepted = new AcceptedCertificate(domain.Name, Validate(certificate, sent, domain, now));
                if (_accepted.Count >= Capacity)
                {
                    _accepted.Clear();
                }

                _accepted[certificate] = (accepted, now);
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

        throw refusal;
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

    private static IReadOnlyList<ReadOnlyMemory<byte>> Validate(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent, TrustDomain domain, DateTimeOffset now)
    {
        var isPinned = domain.Certificates.Any(pinned => pinned.RawDataMemory.Span.SequenceEqual(certificate.Raw.Span));
        IReadOnlyList<ReadOnlyMemory<byte>> path = [certificate.Raw];
        if (isPinned)
        {
            CheckValidity(certificate, now);
        }
        else
        {
            path = BuildChain(certificate, sent, domain, now);
        }

        if (domain.Subjects.Count > 0 && !domain.Subjects.Any(subject => DistinguishedName.Matches(subject, certificate.Certificate.SubjectName)))
        {
            throw new WsSecurityException(SecurityFailure.CertificateNotTrusted, $"The trust domain '{domain.Name}' does not admit the subject '{certificate.Certificate.Subject}'.");
        }

        return path;
    }

    private static ReadOnlyMemory<byte>[] BuildChain(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent, TrustDomain domain, DateTimeOffset now)
    {
        if (domain.Anchors.Count == 0)
        {
            throw new WsSecurityException(SecurityFailure.CertificateNotTrusted, $"The trust domain '{domain.Name}' does not pin the certificate '{certificate.Certificate.Subject}' and has no anchors.");
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        foreach (var anchor in domain.Anchors)
        {
            chain.ChainPolicy.CustomTrustStore.Add(anchor);
        }

        foreach (var intermediate in domain.Intermediates)
        {
            chain.ChainPolicy.ExtraStore.Add(intermediate);
        }

        foreach (var entry in sent)
        {
            chain.ChainPolicy.ExtraStore.Add(entry.Certificate);
        }

        // Only a chain that leads to an anchor may say where its lists are: of others that would be an address of a stranger's choice.
        var isAccepted = chain.Build(certificate.Certificate);
        if (isAccepted && domain.Revocation != X509RevocationMode.NoCheck)
        {
            chain.Reset();
            chain.ChainPolicy.RevocationMode = domain.Revocation;
            isAccepted = chain.Build(certificate.Certificate);
        }

        if (isAccepted)
        {
            return [.. chain.ChainElements.Select(element => element.Certificate.RawDataMemory)];
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        throw Refuse(certificate, domain, status, now);
    }

    private static WsSecurityException Refuse(CertificateEntry certificate, TrustDomain domain, X509ChainStatusFlags status, DateTimeOffset now)
    {
        const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain
            | X509ChainStatusFlags.NotSignatureValid | X509ChainStatusFlags.Cyclic | X509ChainStatusFlags.ExplicitDistrust;
        var failure = status switch
        {
            _ when (status & Untrusted) != 0 => SecurityFailure.CertificateNotTrusted,
            _ when (status & X509ChainStatusFlags.Revoked) != 0 => SecurityFailure.CertificateRevoked,
            _ when (status & X509ChainStatusFlags.NotTimeValid) != 0 =>
                now < new DateTimeOffset(certificate.Certificate.NotBefore.ToUniversalTime()) ? SecurityFailure.CertificateNotYetValid : SecurityFailure.CertificateExpired,
            _ when (status & (X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation)) != 0 => SecurityFailure.CertificateRevocationUnknown,
            _ when (status & X509ChainStatusFlags.NotValidForUsage) != 0 => SecurityFailure.CertificateUsageNotAllowed,
            _ => SecurityFailure.CertificateNotTrusted,
        };
        return new WsSecurityException(failure, $"The trust domain '{domain.Name}' refuses the certificate '{certificate.Certificate.Subject}': {status}.");
    }
}
