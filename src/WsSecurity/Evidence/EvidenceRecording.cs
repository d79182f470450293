namespace WsSecurity.Evidence;

/// <summary>Which messages of a role are kept as evidence, and whether the role waits until they are.</summary>
public sealed record EvidenceRecording
{
    /// <summary>Where they are kept. The recording does not own it.</summary>
    public required EvidenceTrail Trail { get; init; }

    /// <summary>A name of the endpoint, to find its records by.</summary>
    /// <value>null: none.</value>
    public string? Endpoint { get; init; }

    /// <summary>
    /// Whether a message that was received is handed on, and one that is sent leaves, only when its evidence is durable; where it cannot be kept, the message is
    /// refused (<see cref="SecurityFailure.EvidenceUnavailable"/>). Without it, what could not be kept is logged and lost.
    /// </summary>
    /// <value>true.</value>
    public bool IsRequired { get; init; } = true;

    /// <summary>Whether what we send, requests and replies, is kept as it leaves.</summary>
    /// <value>true.</value>
    public bool KeepsSent { get; init; } = true;

    /// <summary>Whether refused messages are kept, with the failure. Anybody can send them, so anybody can fill the store.</summary>
    /// <value>false.</value>
    public bool KeepsRefused { get; init; }
}
