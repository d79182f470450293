using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Evidence;

/// <summary>Whose signatures under a trail count: listed certificates, or what leads to a listed authority as of the time of the signature.</summary>
internal sealed class EvidenceTrust(IReadOnlyList<X509Certificate2> trusted, string? usage = null)
{
    /// <summary>The extended key usage of time-stamping authorities (RFC 3161, section 2.3).</summary>
    public const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    /// <returns>null where it is trusted; else the reason why not.</returns>
    public string? Refuse(X509Certificate2 certificate, X509Certificate2Collection others, DateTimeOffset time)
    {
        if (trusted.Any(one => one.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)))
        {
            return time < certificate.NotBefore.ToUniversalTime() || time > certificate.NotAfter.ToUniversalTime()
                ? $"'{certificate.Subject}' was not valid at {EvidenceHeader.FormatTime(time)}"
                : null;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(others);
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = time.UtcDateTime;
        if (usage is not null)
        {
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        }

        return chain.Build(certificate)
            ? null
            : $"'{certificate.Subject}' leads to none of the {trusted.Count} trusted certificates: {string.Join(", ", chain.ChainStatus.Select(status => status.Status))}";
    }
}
