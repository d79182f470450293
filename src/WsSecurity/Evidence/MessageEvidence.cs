using System.Text.Json;

namespace WsSecurity.Evidence;

/// <summary>One message of an exchange that is to be kept.</summary>
internal sealed record MessageEvidence
{
    public required EvidenceDirection Direction { get; init; }

    /// <summary>The octets as they were received, or as they leave.</summary>
    public required ReadOnlyMemory<byte> Wire { get; init; }

    public required MessageContext Context { get; init; }

    /// <summary>The clock when it was verified or protected.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>A random name that request and reply share.</summary>
    public required string Exchange { get; init; }

    /// <summary>What it proved; null for what we sent or refused.</summary>
    public VerifiedMessage? Verified { get; init; }

    public WsSecurityException? Refusal { get; init; }

    public EvidenceDraft ToDraft(string? endpoint, ProcessingLimits limits)
    {
        var (octets, outcome) = PasswordRemoval.Copy(Wire, Context.Charset, limits);
        return new EvidenceDraft(EvidenceChain.WriteRecord(writer => Write(writer, endpoint, octets, outcome)), octets);
    }

    private void Write(Utf8JsonWriter writer, string? endpoint, byte[] octets, PasswordRemoval.Outcome outcome)
    {
        writer.WriteString("kind", EvidenceKind.Message);
        writer.WriteString("direction", Direction.ToString());
        writer.WriteString("exchange", Exchange);
        WriteOptional(writer, "endpoint", endpoint);
        writer.WriteString("time", EvidenceHeader.FormatTime(Time));
        WriteOptional(writer, "action", Context.Action);
        WriteOptional(writer, "address", Context.EndpointAddress?.ToString());
        WriteOptional(writer, "charset", Context.Charset);
        writer.WriteBoolean("transportProtected", Context.IsTransportProtected);
        WriteOptional(writer, "protectionLevel", Context.ProtectionLevel?.ToString());
        if (Refusal is not null)
        {
            writer.WriteString("failure", Refusal.Failure.ToString());
            writer.WriteString("reason", Refusal.Message);
        }

        if (Verified is not null)
        {
            WriteOptional(writer, "verifiedAction", Verified.Action);
            writer.WriteBoolean("isFault", Verified.IsFault);
            ProtectionEvidenceJson.Write(writer, Verified.Evidence);
        }

        if (outcome != PasswordRemoval.Outcome.Exact)
        {
            writer.WriteString("withheld", outcome == PasswordRemoval.Outcome.PasswordsRemoved ? "passwords" : "everything");
        }

        EvidenceChain.WriteContent(writer, octets);
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
