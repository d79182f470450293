using System.Buffers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;

namespace WsSecurity.Evidence;

/// <summary>Makes drafts into the next entries of a trail: numbered, chained by hash, and closed by a signed checkpoint.</summary>
internal sealed class EvidenceChain(EvidenceTrailOptions options, CheckpointSignature signature)
{
    private static readonly byte[] CheckpointRecord = WriteRecord(writer => writer.WriteString("kind", EvidenceKind.Checkpoint));

    /// <summary>Makes the entries of one commit.</summary>
    /// <param name="tail">Where the store ends.</param>
    /// <param name="drafts">What is to be kept.</param>
    /// <param name="opens">Whether a writer begins.</param>
    /// <exception cref="EvidenceException">The newest entry cannot be read.</exception>
    public List<EvidenceEntry> Extend(EvidenceTail tail, IReadOnlyList<EvidenceDraft> drafts, bool opens)
    {
        var (trail, sequence, previous) = Continue(tail);
        var entries = new List<EvidenceEntry>(drafts.Count + 2);
        if (opens || tail.Incomplete is not null)
        {
            Add(new EvidenceDraft(DescribeOpening(tail.Incomplete), []));
        }

        foreach (var draft in drafts)
        {
            Add(draft);
        }

        Add(new EvidenceDraft(CheckpointRecord, []));
        var checkpoint = entries[^1];
        entries[^1] = checkpoint with { Content = signature.Sign(checkpoint.Header.ToArray()) };
        return entries;

        void Add(EvidenceDraft draft)
        {
            var header = EvidenceHeader.Write(trail, sequence, previous, options.TimeProvider.GetUtcNow(), draft.Record);
            entries.Add(new EvidenceEntry(sequence, header, draft.Content));
            previous = Convert.ToHexStringLower(SHA256.HashData(header));
            sequence++;
        }
    }

    /// <summary>Writes the record of an entry whose content is octets of others.</summary>
    public static byte[] WriteRecord(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Says what an entry's content is.</summary>
    public static void WriteContent(Utf8JsonWriter writer, ReadOnlySpan<byte> content)
    {
        writer.WriteStartObject("content");
        writer.WriteNumber("length", content.Length);
        writer.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(content)));
        writer.WriteEndObject();
    }

    private static (string Trail, long Sequence, string Previous) Continue(EvidenceTail tail)
    {
        if (tail.LastHeader.IsEmpty)
        {
            return (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), 0, EvidenceHeader.NoPrevious);
        }

        try
        {
            var last = EvidenceHeader.Read(tail.LastHeader);
            return (last.Trail, last.Sequence + 1, Convert.ToHexStringLower(SHA256.HashData(tail.LastHeader.Span)));
        }
        catch (FormatException exception)
        {
            throw new EvidenceException(EvidenceFailure.RecordAltered, "The newest record of the trail cannot be read, so nothing can follow it.", exception);
        }
    }

    private byte[] DescribeOpening(string? incomplete) => WriteRecord(writer =>
    {
        writer.WriteString("kind", EvidenceKind.Opened);
        writer.WriteString("writer", $"WsSecurity {typeof(EvidenceChain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");
        writer.WriteString("signer", options.Certificate.Subject);
        if (incomplete is not null)
        {
            writer.WriteString("incomplete", incomplete);
        }
    });
}
