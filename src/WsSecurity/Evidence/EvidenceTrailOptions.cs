using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace WsSecurity.Evidence;

/// <summary>How a trail is signed and timestamped.</summary>
public sealed record EvidenceTrailOptions
{
    /// <summary>The host's certificate with its private key (RSA or ECDSA): it signs every commit. The key may be any handle that the platform gives.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Certificates between it and the authority that verifiers trust; they are kept with each signature.</summary>
    /// <value>None.</value>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>Who confirms the time, RFC 3161.</summary>
    /// <value>null: nobody; then the times are what the host says.</value>
    public TimestampAuthority? TimestampAuthority { get; init; }

    /// <summary>
    /// How often a checkpoint is timestamped, in the background; what fails is logged and tried again. Zero: each commit is, before anybody is told that
    /// its records are kept, and a failing authority fails them.
    /// </summary>
    /// <value>One hour.</value>
    public TimeSpan TimestampInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many octets of messages may wait for the store. What comes when it is full is not kept, and where evidence is demanded, refused.</summary>
    /// <value>256 MB.</value>
    public long MaxPendingSize { get; init; } = 256L * 1024 * 1024;

    /// <summary>The clock.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where failures and heads are logged.</summary>
    /// <value>Nowhere.</value>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
