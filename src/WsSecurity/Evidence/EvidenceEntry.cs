using System.Security.Cryptography;

namespace WsSecurity.Evidence;

/// <summary>
/// One link of the chain as a store keeps it: a header in JSON, which names the hash of the header before it and of its own content, and the content. A
/// store keeps both octet by octet and looks into neither.
/// </summary>
/// <param name="Sequence">Its number; the first is 0.</param>
/// <param name="Header">UTF-8 JSON.</param>
/// <param name="Content">The message as it was received or sent, a checkpoint's signature or a timestamp token; empty for others.</param>
public sealed record EvidenceEntry(long Sequence, ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Content)
{
    /// <summary>The octets of an append that a crash interrupted, where such lie directly before this entry: their place, number and hash.</summary>
    /// <value>null: nothing lies there.</value>
    public string? IncompleteBefore { get; init; }

    /// <summary>The SHA-256 of the header: what the next entry calls <c>previous</c>.</summary>
    internal byte[] Hash() => SHA256.HashData(Header.Span);
}
