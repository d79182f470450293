namespace WsSecurity.Policy.AppConfig;

/// <summary>What was found beside the policy: what cannot be honoured, and what is honoured by other means or has no effect.</summary>
internal sealed class AppConfigReading
{
    /// <summary>A sentence each: path, line, reason.</summary>
    public List<string> Refusals { get; } = [];

    /// <inheritdoc cref="Refusals"/>
    public List<string> Notes { get; } = [];
}
