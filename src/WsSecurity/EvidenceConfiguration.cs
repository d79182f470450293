namespace WsSecurity;

/// <summary>
/// What a binding's configuration says of evidence: <c>"Evidence": "&lt;trail&gt;"</c>, or <c>{ "Trail", "IsRequired", "KeepsSent", "KeepsRefused" }</c>. The trail
/// itself stands below <c>WsSecurity:Evidence:&lt;name&gt;</c>; <see cref="Evidence.EvidenceTrails"/> opens it.
/// </summary>
public sealed record EvidenceConfiguration
{
    /// <summary>The trail's name.</summary>
    public required string Trail { get; init; }

    /// <inheritdoc cref="Evidence.EvidenceRecording.IsRequired"/>
    public bool IsRequired { get; init; } = true;

    /// <inheritdoc cref="Evidence.EvidenceRecording.KeepsSent"/>
    public bool KeepsSent { get; init; } = true;

    /// <inheritdoc cref="Evidence.EvidenceRecording.KeepsRefused"/>
    public bool KeepsRefused { get; init; }
}
