using System.Buffers;
using System.Text;

namespace WsSecurity.Xml;

/// <summary>Reads the value of attributes and text that a scan has found well-formed.</summary>
internal static class XmlText
{
    private static readonly SearchValues<byte> ValueSpecials = SearchValues.Create("&\t\n\r"u8);
    private static readonly SearchValues<byte> ContentSpecials = SearchValues.Create("&\r<"u8);

    /// <summary>The attribute value differs from its octets (XML 1.0, sections 2.11 and 3.3.3).</summary>
    public static bool IsNormalizationNeeded(ReadOnlySpan<byte> rawValue) => rawValue.ContainsAny(ValueSpecials);

    public static byte[] NormalizeValue(ReadOnlySpan<byte> rawValue)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(rawValue.Length);
        int length = NormalizeValue(rawValue, buffer);
        byte[] normalized = buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return normalized;
    }

    /// <summary>Normalizes an attribute value; the result is never longer than its octets.</summary>
    public static int NormalizeValue(ReadOnlySpan<byte> rawValue, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            int special = rawValue.IndexOfAny(ValueSpecials);
            if (special < 0)
            {
                rawValue.CopyTo(destination[written..]);
                return written + rawValue.Length;
            }

            rawValue[..special].CopyTo(destination[written..]);
            written += special;
            rawValue = rawValue[special..];
            if (rawValue[0] == '&')
            {
                Rune character = Reference(rawValue, out int length);
                written += character.EncodeToUtf8(destination[written..]);
                rawValue = rawValue[length..];
            }
            else
            {
                destination[written++] = (byte)' ';
                rawValue = rawValue[(rawValue[0] == '\r' && rawValue.Length > 1 && rawValue[1] == '\n' ? 2 : 1)..];
            }
        }
    }

    public static string ValueString(ReadOnlySpan<byte> rawValue) =>
        Encoding.UTF8.GetString(IsNormalizationNeeded(rawValue) ? NormalizeValue(rawValue) : rawValue);

    /// <summary>The text is its octets: no references, sections, comments or CR.</summary>
    public static bool IsPlainContent(ReadOnlySpan<byte> rawContent) => !rawContent.ContainsAny(ContentSpecials);

    /// <summary>Resolves element content without child elements; the result is never longer than its octets.</summary>
    public static int DecodeContent(ReadOnlySpan<byte> rawContent, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            int special = rawContent.IndexOfAny(ContentSpecials);
            if (special < 0)
            {
                rawContent.CopyTo(destination[written..]);
                return written + rawContent.Length;
            }

            rawContent[..special].CopyTo(destination[written..]);
            written += special;
            rawContent = rawContent[special..];
            int consumed;
            switch (rawContent[0])
            {
                case (byte)'&':
                    written += Reference(rawContent, out consumed).EncodeToUtf8(destination[written..]);
                    break;
                case (byte)'\r':
                    destination[written++] = (byte)'\n';
                    consumed = rawContent.Length > 1 && rawContent[1] == '\n' ? 2 : 1;
                    break;
                default:
                    if (rawContent.StartsWith("<!["u8))
                    {
                        int end = rawContent.IndexOf("]]>"u8);
                        written += NormalizeLineEnds(rawContent["<![CDATA[".Length..end], destination[written..]);
                        consumed = end + 3;
                    }
                    else
                    {
                        consumed = "<!--".Length + rawContent["<!--".Length..].IndexOf("-->"u8) + 3;
                    }

                    break;
            }

            rawContent = rawContent[consumed..];
        }
    }

    /// <summary>Line ends become LF (XML 1.0, section 2.11).</summary>
    public static int NormalizeLineEnds(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            int carriageReturn = raw.IndexOf((byte)'\r');
            if (carriageReturn < 0)
            {
                raw.CopyTo(destination[written..]);
                return written + raw.Length;
            }

            raw[..carriageReturn].CopyTo(destination[written..]);
            written += carriageReturn;
            destination[written++] = (byte)'\n';
            raw = raw[(carriageReturn + 1)..];
            if (!raw.IsEmpty && raw[0] == '\n')
            {
                raw = raw[1..];
            }
        }
    }

    /// <summary>The character of the reference that begins the octets.</summary>
    public static Rune Reference(ReadOnlySpan<byte> raw, out int length)
    {
        int semicolon = raw.IndexOf((byte)';');
        length = semicolon + 1;
        ReadOnlySpan<byte> name = raw[1..semicolon];
        if (name[0] == '#')
        {
            uint scalar = 0;
            bool hexadecimal = name[1] == 'x';
            foreach (byte digit in name[(hexadecimal ? 2 : 1)..])
            {
                scalar = (scalar * (hexadecimal ? 16u : 10u)) + (uint)HexDigit(digit);
            }

            return new Rune(scalar);
        }

        return new Rune(name switch
        {
            [(byte)'a', (byte)'m', ..] => '&',
            [(byte)'a', ..] => '\'',
            [(byte)'l', ..] => '<',
            [(byte)'g', ..] => '>',
            _ => '"',
        });
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
