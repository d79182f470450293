using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WsSecurity.Evidence;

/// <summary>
/// How a file holds one entry: <c>WSEV</c>, the lengths of header and content (32 bits each, little-endian), the two, and the SHA-256 of all of that. What a
/// crash cut short fails its length or its hash.
/// </summary>
internal static class EvidenceFrame
{
    private const int PrefixSize = 12;

    private static ReadOnlySpan<byte> Magic => "WSEV"u8;

    /// <summary>Adds the frame's octets, without copying the entry's.</summary>
    public static void Write(EvidenceEntry entry, List<ReadOnlyMemory<byte>> output)
    {
        var prefix = new byte[PrefixSize];
        Magic.CopyTo(prefix);
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(4), entry.Header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(8), entry.Content.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prefix);
        hash.AppendData(entry.Header.Span);
        hash.AppendData(entry.Content.Span);
        output.Add(prefix);
        output.Add(entry.Header);
        if (!entry.Content.IsEmpty)
        {
            output.Add(entry.Content);
        }

        output.Add(hash.GetHashAndReset());
    }

    /// <summary>Reads the frame at the beginning of the octets.</summary>
    /// <param name="octets">The rest of the file.</param>
    /// <param name="header">The entry's header.</param>
    /// <param name="content">The entry's content.</param>
    /// <param name="length">The frame's length.</param>
    /// <returns>false when no whole frame stands there.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> octets, out ReadOnlyMemory<byte> header, out ReadOnlyMemory<byte> content, out int length)
    {
        (header, content, length) = (default, default, 0);
        var span = octets.Span;
        if (span.Length < PrefixSize + SHA256.HashSizeInBytes || !span.StartsWith(Magic))
        {
            return false;
        }

        var headerLength = BinaryPrimitives.ReadUInt32LittleEndian(span[4..]);
        var contentLength = BinaryPrimitives.ReadUInt32LittleEndian(span[8..]);
        var hashed = PrefixSize + (long)headerLength + contentLength;
        if (hashed + SHA256.HashSizeInBytes > span.Length)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(span[..(int)hashed], hash);
        if (!span.Slice((int)hashed, hash.Length).SequenceEqual(hash))
        {
            return false;
        }

        header = octets.Slice(PrefixSize, (int)headerLength);
        content = octets.Slice(PrefixSize + (int)headerLength, (int)contentLength);
        length = (int)hashed + hash.Length;
        return true;
    }

    /// <summary>Whether a whole frame begins anywhere in the octets.</summary>
    public static bool IsAnywhereIn(ReadOnlyMemory<byte> octets)
    {
        while (octets.Span.IndexOf(Magic) is >= 0 and var at)
        {
            octets = octets[at..];
            if (TryRead(octets, out _, out _, out _))
            {
                return true;
            }

            octets = octets[1..];
        }

        return false;
    }
}
