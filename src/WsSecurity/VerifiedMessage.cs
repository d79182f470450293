using System.Buffers;
using System.Security.Claims;
using WsSecurity.Xml;

namespace WsSecurity;

/// <summary>
/// A message that was decrypted and verified. <see cref="Envelope"/> holds what was hashed, not what was received, and no
/// Security header of ours. Only the verifier creates it.
/// </summary>
public sealed class VerifiedMessage
{
    internal VerifiedMessage(ReadOnlySequence<byte> envelope, ProtectionEvidence evidence)
    {
        Envelope = envelope;
        Evidence = evidence;
    }

    /// <summary>The plain envelope, UTF-8. It may refer to the octets that were handed in.</summary>
    public ReadOnlySequence<byte> Envelope { get; }

    /// <summary>The version of the envelope.</summary>
    public SoapVersion SoapVersion { get; internal init; }

    /// <summary>The WS-Addressing Action in the envelope; null where there is none.</summary>
    public string? Action { get; internal init; }

    /// <summary>
    /// Whether the message signature covers <see cref="Action"/>, so that it may choose the operation for a Body that the signature covers.
    /// </summary>
    public bool IsActionSigned { get; internal init; }

    /// <summary>Whether the message signature covers the Body.</summary>
    public bool IsBodySigned { get; internal init; }

    /// <summary>Whether the Body holds a fault.</summary>
    public bool IsFault { get; internal init; }

    /// <summary>The number of its record in the evidence trail; null where it is not kept, or nobody waited for that.</summary>
    public long? EvidenceSequence { get; internal set; }

    /// <summary>What was proved.</summary>
    public ProtectionEvidence Evidence { get; }

    /// <summary>The caller: an identity for each verified token, unauthenticated where there is none.</summary>
    public ClaimsPrincipal Principal => Evidence.Tokens.Count == 0
        ? new ClaimsPrincipal(new ClaimsIdentity())
        : new ClaimsPrincipal(Evidence.Tokens.Select(token => token.Identity));

    /// <summary>Reads <see cref="Envelope"/> as a stream.</summary>
    /// <returns>A new stream at its beginning.</returns>
    public Stream OpenRead() => new OctetSequenceStream(Envelope);
}
