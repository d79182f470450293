using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using System.Xml;

namespace WsSecurity.Xml;

/// <summary>The character classes of XML 1.0 (fourth edition) and Namespaces in XML 1.0, over UTF-8 octets.</summary>
internal static class XmlCharacters
{
    public const byte NameStart = 1;
    public const byte Name = 2;

    /// <summary>Octets that end a run of plain text: markup, references, raw <c>&gt;</c>, CR and what no text may hold.</summary>
    public const byte TextStop = 4;

    /// <summary>Octets that end a run of a plain attribute value.</summary>
    public const byte ValueStop = 8;

    public const byte Space = 16;

    /// <summary>The classes of each octet; octets above 0x7F carry none and are decoded where they matter.</summary>
    public static ReadOnlySpan<byte> Classes =>
    [
        12, 12, 12, 12, 12, 12, 12, 12, 12, 24, 24, 12, 12, 28, 12, 12,
        12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12,
        16, 0, 8, 0, 0, 0, 12, 8, 0, 0, 0, 0, 0, 2, 2, 0,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 12, 0, 4, 0,
        0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 3,
        0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The octets below a space that no document may hold.</summary>
    public static SearchValues<byte> Controls { get; } = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000E\u000F"u8.ToArray()
            .Concat(Enumerable.Range(0x10, 0x10).Select(octet => (byte)octet)).ToArray());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSpace(byte octet) => (Classes[octet] & Space) != 0;

    /// <summary>Where the NCName that begins at <paramref name="position"/> ends; the same position when none begins there.</summary>
    /// <remarks>The octets must be valid UTF-8.</remarks>
    public static int EndOfNCName(ReadOnlySpan<byte> source, int position)
    {
        int start = position;
        while ((uint)position < (uint)source.Length)
        {
            byte octet = source[position];
            if (octet < 0x80)
            {
                if ((Classes[octet] & (position == start ? NameStart : Name)) == 0)
                {
                    break;
                }

                position++;
                continue;
            }

            // Names of the fourth edition never leave the basic plane.
            Rune.DecodeFromUtf8(source[position..], out Rune rune, out int length);
            if (!rune.IsBmp
                || !(position == start ? XmlConvert.IsStartNCNameChar((char)rune.Value) : XmlConvert.IsNCNameChar((char)rune.Value)))
            {
                break;
            }

            position += length;
        }

        return position;
    }

    /// <summary>The Char production.</summary>
    public static bool IsChar(uint scalar) => scalar >= 0x20
        ? scalar <= 0xD7FF || scalar is (>= 0xE000 and <= 0xFFFD) or (>= 0x10000 and <= 0x10FFFF)
        : scalar is 0x9 or 0xA or 0xD;

    /// <summary>The offset of the first octet that is no well-formed UTF-8 or encodes U+FFFE or U+FFFF; -1 when there is none.</summary>
    public static int IndexOfInvalidUtf8(ReadOnlySpan<byte> source)
    {
        if (Ascii.IsValid(source))
        {
            return -1;
        }

        if (!Utf8.IsValid(source))
        {
            for (int position = 0; ;)
            {
                if (Rune.DecodeFromUtf8(source[position..], out _, out int length) != OperationStatus.Done)
                {
                    return position;
                }

                position += length;
            }
        }

        int noncharacter = source.IndexOf("\uFFFE"u8);
        return noncharacter >= 0 ? noncharacter : source.IndexOf("\uFFFF"u8);
    }
}
