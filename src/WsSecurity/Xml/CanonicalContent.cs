using System.Buffers;

namespace WsSecurity.Xml;

/// <summary>What canonicalization makes of text, attribute values and comments (Canonical XML 1.0, section 2.3).</summary>
internal static class CanonicalContent
{
    private static readonly SearchValues<byte> ValueSpecials = SearchValues.Create("&<\"\t\n\r"u8);

    /// <summary>Writes an attribute value from the octets between its quotes.</summary>
    public static void WriteRawValue(ReadOnlySpan<byte> rawValue, ICanonicalSink sink)
    {
        if (!XmlText.IsNormalizationNeeded(rawValue))
        {
            WriteValue(rawValue, sink);
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(rawValue.Length);
        WriteValue(buffer.AsSpan(0, XmlText.NormalizeValue(rawValue, buffer)), sink);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Writes a normalized attribute value or namespace URI.</summary>
    public static void WriteValue(ReadOnlySpan<byte> value, ICanonicalSink sink)
    {
        while (value.IndexOfAny(ValueSpecials) is >= 0 and int special)
        {
            sink.Append(value[..special]);
            sink.Append(EscapedInValue(value[special]));
            value = value[(special + 1)..];
        }

        sink.Append(value);
    }

    public static ReadOnlySpan<byte> EscapedInValue(byte octet) => octet switch
    {
        (byte)'&' => "&amp;"u8,
        (byte)'<' => "&lt;"u8,
        (byte)'"' => "&quot;"u8,
        (byte)'\t' => "&#x9;"u8,
        (byte)'\n' => "&#xA;"u8,
        _ => "&#xD;"u8,
    };

    /// <summary>The escape of a character in text; empty for a character that stands for itself.</summary>
    public static ReadOnlySpan<byte> EscapedInText(int character) => character switch
    {
        '&' => "&amp;"u8,
        '<' => "&lt;"u8,
        '>' => "&gt;"u8,
        '\r' => "&#xD;"u8,
        _ => [],
    };

    public static void WriteCommentsBeforeRoot(XmlIndex index, ICanonicalSink sink)
    {
        foreach (Range comment in CommentsIn(index, index.PrologStart, index.Root.Start))
        {
            WriteComment(index.Source[comment], sink);
            sink.Append("\n"u8);
        }
    }

    public static void WriteCommentsAfterRoot(XmlIndex index, ICanonicalSink sink)
    {
        foreach (Range comment in CommentsIn(index, index.Root.End, index.Source.Length))
        {
            sink.Append("\n"u8);
            WriteComment(index.Source[comment], sink);
        }
    }

    private static void WriteComment(ReadOnlySpan<byte> comment, ICanonicalSink sink)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(comment.Length);
        sink.Append(buffer.AsSpan(0, XmlText.NormalizeLineEnds(comment, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static List<Range> CommentsIn(XmlIndex index, int position, int end)
    {
        var comments = new List<Range>();
        while (index.Source[position..end].IndexOf("<!--"u8) is >= 0 and int offset)
        {
            int start = position + offset;
            position = start + 4 + index.Source[(start + 4)..].IndexOf("-->"u8) + 3;
            comments.Add(start..position);
        }

        return comments;
    }
}
