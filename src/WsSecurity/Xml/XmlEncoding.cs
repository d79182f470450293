using System.Text;

namespace WsSecurity.Xml;

/// <summary>Brings a document as it came from the wire to UTF-8 without a byte order mark.</summary>
internal static class XmlEncoding
{
    private static readonly UnicodeEncoding LittleEndian = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Returns the document in UTF-8: UTF-8 input as it stands, UTF-16 transcoded, its XML declaration corrected. The charset, the byte order
    /// mark and the XML declaration must not contradict each other (RFC 7303, section 3).
    /// </summary>
    /// <param name="wire">The octets as received.</param>
    /// <param name="charset">The charset parameter of the media type, where there is one.</param>
    /// <exception cref="WsSecurityException">They contradict, the encoding is another one, or the octets are not valid in it.</exception>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> wire, string? charset)
    {
        ReadOnlySpan<byte> octets = wire.Span;
        Form found = Detect(octets, out int markLength);
        string declaredCharset = (charset ?? "").Trim().Trim('"').ToUpperInvariant();
        bool agrees = declaredCharset switch
        {
            "" => true,
            "UTF-8" => found == Form.Utf8,
            "UTF-16" => found is Form.Utf16LittleEndian or Form.Utf16BigEndian,
            "UTF-16LE" => found == Form.Utf16LittleEndian,
            "UTF-16BE" => found == Form.Utf16BigEndian,
            _ => false,
        };
        if (!agrees)
        {
            XmlFailure.Throw(SecurityFailure.InvalidEncoding, "The octets are not in the charset of the media type, or it is none that is supported", 0);
        }

        if (found == Form.Utf8)
        {
            ReadOnlyMemory<byte> utf8 = wire[markLength..];
            RefuseOtherDeclaration(utf8.Span, found);
            return utf8;
        }

        return Transcode(octets[markLength..], found);
    }

    // XML 1.0, appendix F: what has no byte order mark begins with '<'.
    private static Form Detect(ReadOnlySpan<byte> octets, out int markLength)
    {
        (Form form, markLength) = octets switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Form.Utf8, 3),
            [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] or [0, 0, 0, (byte)'<', ..] or [(byte)'<', 0, 0, 0, ..] => (Form.Other, 0),
            [0xFF, 0xFE, ..] => (Form.Utf16LittleEndian, 2),
            [0xFE, 0xFF, ..] => (Form.Utf16BigEndian, 2),
            [(byte)'<', 0, ..] => (Form.Utf16LittleEndian, 0),
            [0, (byte)'<', ..] => (Form.Utf16BigEndian, 0),
            _ => (Form.Utf8, 0),
        };
        if (form == Form.Other)
        {
            XmlFailure.Throw(SecurityFailure.InvalidEncoding, "UTF-32 is not supported", 0);
        }

        return form;
    }

    private static ReadOnlyMemory<byte> Transcode(ReadOnlySpan<byte> octets, Form form)
    {
        UnicodeEncoding encoding = form == Form.Utf16LittleEndian ? LittleEndian : BigEndian;
        byte[] utf8;
        try
        {
            utf8 = Encoding.Convert(encoding, new UTF8Encoding(false, true), octets.ToArray());
        }
        catch (ArgumentException exception)
        {
            throw new WsSecurityException(SecurityFailure.InvalidEncoding, "The octets are not well-formed UTF-16.", exception);
        }

        Range declared = RefuseOtherDeclaration(utf8, form);
        if (!declared.Equals(default))
        {
            // The name of UTF-8 is never longer than that of UTF-16: the quote moves forward, and spaces may follow it.
            Span<byte> name = utf8.AsSpan(declared.Start.Value, declared.End.Value - declared.Start.Value + 1);
            byte quote = name[^1];
            name.Fill((byte)' ');
            "utf-8"u8.CopyTo(name);
            name["utf-8".Length] = quote;
        }

        return utf8;
    }

    private static Range RefuseOtherDeclaration(ReadOnlySpan<byte> utf8, Form form)
    {
        XmlDeclaration.Parse(utf8, out Range encoding);
        if (encoding.Equals(default))
        {
            return encoding;
        }

        ReadOnlySpan<byte> name = utf8[encoding];
        bool agrees = form == Form.Utf8
            ? Ascii.EqualsIgnoreCase(name, "utf-8"u8)
            : Ascii.EqualsIgnoreCase(name, "utf-16"u8)
                || Ascii.EqualsIgnoreCase(name, form == Form.Utf16LittleEndian ? "utf-16le"u8 : "utf-16be"u8);
        if (!agrees)
        {
            XmlFailure.Throw(SecurityFailure.InvalidEncoding, "The XML declaration names another encoding than the octets have", encoding.Start.Value);
        }

        return encoding;
    }

    private enum Form
    {
        Other,
        Utf8,
        Utf16LittleEndian,
        Utf16BigEndian,
    }
}
