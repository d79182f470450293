using System.Buffers;
using System.Formats.Asn1;
using System.Text;

namespace WsSecurity.Tokens.X509;

/// <summary>A value in a distinguished name: its text, or, of a type that is none, its octets in DER.</summary>
internal sealed class AttributeValue
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly string _hex;

    private AttributeValue(string? text, string hex)
    {
        Text = text;
        _hex = hex;
    }

    /// <summary>The text; null where the value is none.</summary>
    public string? Text { get; }

    public static AttributeValue Of(string text) => new(text, string.Empty);

    /// <summary>Octets as old authorities meant them: nobody writes the real T.61, they put Latin-1 there, and newer ones UTF-8.</summary>
    public static string Decode(ReadOnlySpan<byte> content)
    {
        try
        {
            return StrictUtf8.GetString(content);
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1.GetString(content);
        }
    }

    /// <summary>Reads an encoded value, in any of the string types that X.520 had.</summary>
    public static AttributeValue Read(ReadOnlyMemory<byte> encoded)
    {
        var text = TryDecode(encoded);
        return new AttributeValue(text, text is null ? Convert.ToHexString(encoded.Span) : string.Empty);
    }

    /// <summary>Reads the form <c>#hex</c> (RFC 4514, section 2.4), without its mark.</summary>
    public static AttributeValue? TryReadHex(ReadOnlySpan<char> hex) =>
        hex.Length < 4 || hex.Length % 2 != 0 || hex.ContainsAnyExcept(HexDigits) ? null : Read(Convert.FromHexString(hex));

    /// <summary>RFC 5280, section 7.1: without regard to case, white space folded, whatever the string types are.</summary>
    public bool IsSameAs(AttributeValue other) => (Text, other.Text) switch
    {
        ({ } own, { } others) => Fold(own) == Fold(others),
        (null, null) => _hex == other._hex,
        _ => false,
    };

    private static string Fold(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    private static string? TryDecode(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var tag = AsnDecoder.ReadEncodedValue(encoded.Span, AsnEncodingRules.BER, out var offset, out var length, out var consumed);
            if (consumed != encoded.Length || tag.TagClass != TagClass.Universal || tag.IsConstructed)
            {
                return null;
            }

            var content = encoded.Span.Slice(offset, length);
            return (UniversalTagNumber)tag.TagValue switch
            {
                UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                    or UniversalTagNumber.NumericString or UniversalTagNumber.VisibleString => StrictUtf8.GetString(content),
                UniversalTagNumber.T61String => Decode(content),
                UniversalTagNumber.BMPString when length % 2 == 0 => Encoding.BigEndianUnicode.GetString(content),
                UniversalTagNumber.UniversalString when length % 4 == 0 => new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetString(content),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is AsnContentException or ArgumentException)
        {
            return null;
        }
    }
}
