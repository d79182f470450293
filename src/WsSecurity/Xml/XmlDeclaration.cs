using System.Text;

namespace WsSecurity.Xml;

/// <summary>The XML declaration (XML 1.0, sections 2.8 and 4.3.3).</summary>
internal static class XmlDeclaration
{
    /// <summary>
    /// Reads the declaration, if there is one; returns where it ends. Anything but UTF-8 as its encoding is refused.
    /// </summary>
    /// <param name="source">The document.</param>
    /// <param name="encoding">Where the encoding's name stands; empty when none is declared.</param>
    public static int Read(ReadOnlySpan<byte> source, out Range encoding)
    {
        int end = Parse(source, out encoding);
        if (!encoding.Equals(default) && !Ascii.EqualsIgnoreCase(source[encoding], "utf-8"u8))
        {
            XmlFailure.Throw(SecurityFailure.InvalidEncoding, "The XML declaration names another encoding than UTF-8", encoding.Start.Value);
        }

        return end;
    }

    /// <summary>Reads the declaration whatever its encoding is.</summary>
    public static int Parse(ReadOnlySpan<byte> source, out Range encoding)
    {
        encoding = default;
        if (!source.StartsWith("<?xml"u8) || source.Length < 6 || !XmlCharacters.IsSpace(source[5]))
        {
            return 0;
        }

        int position = 5;
        if (!TryReadAttribute(source, ref position, "version"u8, out Range version) || !source[version].SequenceEqual("1.0"u8))
        {
            XmlFailure.Malformed("The XML declaration has no version 1.0", position);
        }

        if (TryReadAttribute(source, ref position, "encoding"u8, out encoding) && !IsEncodingName(source[encoding]))
        {
            XmlFailure.Throw(SecurityFailure.InvalidEncoding, "The XML declaration's encoding is no name", encoding.Start.Value);
        }

        if (TryReadAttribute(source, ref position, "standalone"u8, out Range standalone)
            && !source[standalone].SequenceEqual("yes"u8) && !source[standalone].SequenceEqual("no"u8))
        {
            XmlFailure.Malformed("The XML declaration's standalone is neither yes nor no", position);
        }

        SkipSpace(source, ref position);
        if (!source[position..].StartsWith("?>"u8))
        {
            XmlFailure.Malformed("The XML declaration is not well-formed", position);
        }

        return position + 2;
    }

    private static bool TryReadAttribute(ReadOnlySpan<byte> source, ref int position, ReadOnlySpan<byte> name, out Range value)
    {
        value = default;
        int current = position;
        SkipSpace(source, ref current);
        if (current == position || !source[current..].StartsWith(name))
        {
            return false;
        }

        current += name.Length;
        SkipSpace(source, ref current);
        if (current >= source.Length || source[current++] != '=')
        {
            return false;
        }

        SkipSpace(source, ref current);
        if (current >= source.Length || source[current] is not ((byte)'"' or (byte)'\''))
        {
            return false;
        }

        int length = source[(current + 1)..].IndexOf(source[current]);
        if (length < 0)
        {
            return false;
        }

        value = new Range(current + 1, current + 1 + length);
        position = current + length + 2;
        return true;
    }

    private static void SkipSpace(ReadOnlySpan<byte> source, ref int position)
    {
        while (position < source.Length && XmlCharacters.IsSpace(source[position]))
        {
            position++;
        }
    }

    private static bool IsEncodingName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || !char.IsAsciiLetter((char)name[0]))
        {
            return false;
        }

        foreach (byte octet in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'.' or (byte)'_' or (byte)'-'))
            {
                return false;
            }
        }

        return true;
    }
}
