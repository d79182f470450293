using System.Globalization;
using System.Security.Cryptography;

namespace WsSecurity.Evidence;

/// <summary>One file of a folder of evidence, read as a whole.</summary>
internal sealed class EvidenceSegment
{
    private const string Prefix = "segment-";
    private const string Extension = ".evidence";

    private EvidenceSegment(string path, List<EvidenceEntry> entries, int end)
    {
        Path = path;
        Entries = entries;
        End = end;
    }

    public string Path { get; }

    public IReadOnlyList<EvidenceEntry> Entries { get; }

    /// <summary>Where the last whole entry ends.</summary>
    public int End { get; }

    /// <summary>What lies behind the last whole entry, as <see cref="EvidenceTail.Incomplete"/> puts it; null where nothing does.</summary>
    public string? Incomplete { get; private init; }

    /// <summary>What is wrong behind the last whole entry, where no crash can have left that; null where nothing is.</summary>
    public EvidenceException? Damage { get; private init; }

    public static string PathOf(string folder, long number) =>
        System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D8}{Extension}"));

    /// <summary>The segments of a folder, in order.</summary>
    public static IReadOnlyList<(long Number, string Path)> List(string folder) =>
        [.. Directory.EnumerateFiles(folder, $"{Prefix}*{Extension}")
            .Select(path => (Number: NumberOf(path), Path: path))
            .Where(segment => segment.Number >= 0)
            .OrderBy(segment => segment.Number)];

    /// <summary>Reads a file as far as it is whole.</summary>
    public static EvidenceSegment Read(string path)
    {
        ReadOnlyMemory<byte> octets = ReadShared(path);
        var entries = new List<EvidenceEntry>();
        var at = 0;
        while (at < octets.Length && EvidenceFrame.TryRead(octets[at..], out var header, out var content, out var length))
        {
            if (!TryReadSequence(header, out var sequence))
            {
                break;
            }

            entries.Add(new EvidenceEntry(sequence, header, content));
            at += length;
        }

        var name = System.IO.Path.GetFileName(path);
        var rest = octets[at..];
        var segment = new EvidenceSegment(path, entries, at);
        if (rest.IsEmpty)
        {
            return segment;
        }

        // A crash interrupts the last write alone: what a whole record follows was damaged afterwards.
        if (EvidenceFrame.IsAnywhereIn(rest))
        {
            long? next = entries.Count == 0 ? null : entries[^1].Sequence + 1;
            var damage = $"{(next is null ? "A record" : $"Record {next}")} was altered: at octet {at} of {name} stands none that can be read, and there are whole ones behind.";
            return new EvidenceSegment(path, entries, at) { Damage = new EvidenceException(EvidenceFailure.RecordAltered, damage) { Sequence = next } };
        }

        var incomplete = string.Create(CultureInfo.InvariantCulture, $"{name}: {rest.Length} octets from {at}, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(rest.Span))}");
        return new EvidenceSegment(path, entries, at) { Incomplete = incomplete };
    }

    private static bool TryReadSequence(ReadOnlyMemory<byte> header, out long sequence)
    {
        try
        {
            sequence = EvidenceHeader.Read(header).Sequence;
            return true;
        }
        catch (FormatException)
        {
            sequence = -1;
            return false;
        }
    }

    // A trail that is being written may be read.
    private static byte[] ReadShared(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        var octets = new byte[RandomAccess.GetLength(file)];
        var read = 0;
        while (read < octets.Length && RandomAccess.Read(file, octets.AsSpan(read), read) is > 0 and var count)
        {
            read += count;
        }

        return read == octets.Length ? octets : octets[..read];
    }

    private static long NumberOf(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        return long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }
}
