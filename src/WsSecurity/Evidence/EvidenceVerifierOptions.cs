using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Evidence;

/// <summary>What a verifier of trails believes.</summary>
public sealed record EvidenceVerifierOptions
{
    /// <summary>The certificates of the hosts that sign, or of authorities above them; as of the time of each signature.</summary>
    public required IReadOnlyList<X509Certificate2> Trusted { get; init => field = ValueList.Of(value); }

    /// <summary>The certificates of time-stamping authorities, or of authorities above them.</summary>
    /// <value>None: a trail with timestamps is refused.</value>
    public IReadOnlyList<X509Certificate2> TrustedTimestampAuthorities { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>A head that was kept elsewhere: the trail must hold it. Without one, a trail whose end was cut off right behind a checkpoint looks whole.</summary>
    /// <value>null: none.</value>
    public EvidenceHead? KnownHead { get; init; }

    /// <summary>Proves the kept messages anew: gives the role that accepts an endpoint's requests; null for endpoints that it does not know.</summary>
    /// <value>null: messages are not proven anew.</value>
    public Func<string?, DateTimeOffset, Recipient?>? Recipients { get; init; }
}
