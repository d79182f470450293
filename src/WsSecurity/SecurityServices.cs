using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WsSecurity.Evidence;

namespace WsSecurity;

/// <summary>What a role uses of its surroundings.</summary>
public sealed record SecurityServices
{
    /// <summary>The system's clock, no log, and a replay cache in memory of its own for each role.</summary>
    public static SecurityServices Default { get; } = new();

    /// <summary>The clock.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The replay cache; share one between the roles, and a distributed one between hosts, that serve one endpoint.</summary>
    /// <value>null: a <see cref="MemoryReplayCache"/> for each <see cref="Recipient"/>.</value>
    public IReplayCache? ReplayCache { get; init; }

    /// <summary>Which messages are kept as evidence, and where. A request is then verified only when its evidence is durable.</summary>
    /// <value>null: none are.</value>
    public EvidenceRecording? Evidence { get; init; }

    /// <summary>Where refusals are logged, with their precise reasons.</summary>
    /// <value>Nowhere.</value>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
