using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WsSecurity.Tokens.X509;

/// <summary>
/// Compares the spelled distinguished names of ds:X509IssuerName with a certificate's. RFC 4514 is what XML Signature asks for;
/// Java, OpenSSL and .NET each differ in order, blanks, quotes, escapes and attribute names.
/// </summary>
internal static class DistinguishedName
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private static readonly Dictionary<string, string> AttributeOids = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CN"] = "2.5.4.3",
        ["SURNAME"] = "2.5.4.4",
        ["SN"] = "2.5.4.4",
        ["SERIALNUMBER"] = "2.5.4.5",
        ["C"] = "2.5.4.6",
        ["L"] = "2.5.4.7",
        ["ST"] = "2.5.4.8",
        ["S"] = "2.5.4.8",
        ["STREET"] = "2.5.4.9",
        ["O"] = "2.5.4.10",
        ["OU"] = "2.5.4.11",
        ["T"] = "2.5.4.12",
        ["TITLE"] = "2.5.4.12",
        ["GN"] = "2.5.4.42",
        ["G"] = "2.5.4.42",
        ["GIVENNAME"] = "2.5.4.42",
        ["DNQ"] = "2.5.4.46",
        ["DNQUALIFIER"] = "2.5.4.46",
        ["ORGANIZATIONIDENTIFIER"] = "2.5.4.97",
        ["UID"] = "0.9.2342.19200300.100.1.1",
        ["DC"] = "0.9.2342.19200300.100.1.25",
        ["E"] = "1.2.840.113549.1.9.1",
        ["EMAIL"] = "1.2.840.113549.1.9.1",
        ["EMAILADDRESS"] = "1.2.840.113549.1.9.1",
    };

    // Written: the names of RFC 4514 section 3; all others go as numbers with their DER.
    private static readonly Dictionary<string, string> AttributeNames = new(StringComparer.Ordinal)
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["2.5.4.6"] = "C",
        ["2.5.4.9"] = "STREET",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["0.9.2342.19200300.100.1.1"] = "UID",
    };

    /// <summary>Whether a spelled name is the certificate's, in either order of its parts.</summary>
    public static bool Matches(string spelled, X500DistinguishedName name)
    {
        if (!TryParse(spelled, out var claimed) || !TryRead(name, out var actual) || claimed.Count != actual.Count)
        {
            return false;
        }

        if (claimed.SequenceEqual(actual))
        {
            return true;
        }

        claimed.Reverse();
        return claimed.SequenceEqual(actual);
    }

    /// <summary>Spells a name as RFC 4514 has it, with the attribute names that Java, OpenSSL and .NET all read.</summary>
    public static string Format(X500DistinguishedName name)
    {
        var text = new StringBuilder();
        foreach (var relative in name.EnumerateRelativeDistinguishedNames(reversed: true))
        {
            if (text.Length > 0)
            {
                text.Append(',');
            }

            AppendRelative(text, relative);
        }

        return text.ToString();
    }

    private static void AppendRelative(StringBuilder text, X500RelativeDistinguishedName relative)
    {
        var isFirst = true;
        var reader = new AsnReader(relative.RawData, AsnEncodingRules.DER).ReadSetOf();
        while (reader.HasData)
        {
            var pair = reader.ReadSequence();
            var oid = pair.ReadObjectIdentifier();
            if (!isFirst)
            {
                text.Append('+');
            }

            isFirst = false;
            var tag = pair.PeekTag();
            if (AttributeNames.TryGetValue(oid, out var attribute) && tag.TagClass == TagClass.Universal && IsText((UniversalTagNumber)tag.TagValue))
            {
                text.Append(attribute).Append('=');
                AppendEscaped(text, pair.ReadCharacterString((UniversalTagNumber)tag.TagValue));
            }
            else
            {
                text.Append(oid).Append("=#").Append(Convert.ToHexStringLower(pair.ReadEncodedValue().Span));
            }
        }
    }

    private static bool IsText(UniversalTagNumber tag) => tag is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString
        or UniversalTagNumber.IA5String or UniversalTagNumber.T61String or UniversalTagNumber.BMPString;

    private static void AppendEscaped(StringBuilder text, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is ',' or '+' or '"' or '\\' or '<' or '>' or ';' || (c == '#' && i == 0) || (c == ' ' && (i == 0 || i == value.Length - 1)))
            {
                text.Append('\\');
            }

            text.Append(c);
        }
    }

    private static bool TryRead(X500DistinguishedName name, out List<(string Oid, string Value)> parts)
    {
        parts = [];
        try
        {
            foreach (var relative in name.EnumerateRelativeDistinguishedNames(reversed: false))
            {
                if (relative.HasMultipleElements)
                {
                    return false;
                }

                parts.Add((relative.GetSingleElementType().Value!, Fold(relative.GetSingleElementValue() ?? string.Empty)));
            }

            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool TryParse(string spelled, out List<(string Oid, string Value)> parts)
    {
        parts = [];
        var rest = spelled.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            var equals = rest.IndexOf('=');
            if (equals <= 0)
            {
                return false;
            }

            var attribute = rest[..equals].Trim().ToString();
            if (attribute.StartsWith("OID.", StringComparison.OrdinalIgnoreCase))
            {
                attribute = attribute[4..];
            }

            if (!AttributeOids.TryGetValue(attribute, out var oid))
            {
                oid = attribute;
            }

            if (!TryParseValue(rest[(equals + 1)..], out var value, out var consumed))
            {
                return false;
            }

            parts.Add((oid, Fold(value)));
            rest = rest[(equals + 1 + consumed)..];
            if (!rest.IsEmpty)
            {
                if (rest[0] is not (',' or ';'))
                {
                    return false;
                }

                rest = rest[1..].TrimStart();
                if (rest.IsEmpty)
                {
                    return false;
                }
            }
        }

        return parts.Count > 0;
    }

    // Reads up to an unescaped separator: RFC 4514 section 3, and the quoted form of RFC 1779 section 2.3.
    private static bool TryParseValue(ReadOnlySpan<char> text, out string value, out int consumed)
    {
        value = string.Empty;
        consumed = 0;
        while (consumed < text.Length && text[consumed] == ' ')
        {
            consumed++;
        }

        var octets = new List<byte>();
        if (consumed < text.Length && text[consumed] == '#')
        {
            var end = text[consumed..].IndexOfAny(',', ';');
            var hex = (end < 0 ? text[consumed..] : text.Slice(consumed, end))[1..].Trim();
            consumed = end < 0 ? text.Length : consumed + end;
            return TryReadDer(hex, out value);
        }

        var quoted = consumed < text.Length && text[consumed] == '"';
        if (quoted)
        {
            consumed++;
        }

        var significant = 0;
        for (; consumed < text.Length; consumed++)
        {
            var c = text[consumed];
            if (quoted ? c == '"' : c is ',' or ';')
            {
                break;
            }

            if (!quoted && c is '+' or '\0')
            {
                return false;
            }

            if (c == '\\')
            {
                if (consumed + 2 < text.Length && char.IsAsciiHexDigit(text[consumed + 1]) && char.IsAsciiHexDigit(text[consumed + 2]))
                {
                    octets.Add(Convert.FromHexString(text.Slice(consumed + 1, 2))[0]);
                    consumed += 2;
                    significant = octets.Count;
                    continue;
                }

                if (++consumed == text.Length)
                {
                    return false;
                }

                c = text[consumed];
                octets.AddRange(Encoding.UTF8.GetBytes([c]));
                significant = octets.Count;
                continue;
            }

            var length = char.IsHighSurrogate(c) && consumed + 1 < text.Length ? 2 : 1;
            octets.AddRange(Encoding.UTF8.GetBytes(text.Slice(consumed, length).ToArray()));
            consumed += length - 1;
            if (c != ' ' || quoted)
            {
                significant = octets.Count;
            }
        }

        if (quoted)
        {
            if (consumed == text.Length)
            {
                return false;
            }

            consumed++;
            while (consumed < text.Length && text[consumed] == ' ')
            {
                consumed++;
            }
        }

        value = Encoding.UTF8.GetString([.. octets.Take(significant)]);
        return true;
    }

    private static bool TryReadDer(ReadOnlySpan<char> hex, out string value)
    {
        value = string.Empty;
        if (hex.Length < 4 || hex.Length % 2 != 0 || hex.ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        var der = Convert.FromHexString(hex);
        if (der.Length != 2 + der[1] || der[1] > 127)
        {
            return false;
        }

        // UTF8String, PrintableString, T61String, IA5String; else BMPString.
        var content = der.AsSpan(2);
        value = der[0] switch
        {
            0x0C or 0x13 or 0x16 => Encoding.UTF8.GetString(content),
            0x14 => Encoding.Latin1.GetString(content),
            0x1E => Encoding.BigEndianUnicode.GetString(content),
            _ => string.Empty,
        };
        return value.Length > 0;
    }

    // RFC 5280 section 7.1 compares names without case and with white space folded.
    private static string Fold(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();
}
