namespace WsSecurity.Xml;

/// <summary>Character references and the five predefined entities; there are no others without a document type.</summary>
internal static class XmlReference
{
    private const int Longest = 64;

    /// <summary>Returns where the reference that begins here ends.</summary>
    public static int Scan(ReadOnlySpan<byte> source, int start)
    {
        int end = start + 1;
        if (end < source.Length && source[end] == '#')
        {
            end = ScanCharacter(source, start, out uint scalar);
            if (!XmlCharacters.IsChar(scalar))
            {
                XmlFailure.Malformed("A reference to a character that XML does not permit", start);
            }

            return end;
        }

        ReadOnlySpan<byte> rest = source[start..Math.Min(source.Length, start + Longest)];
        int length = rest.IndexOf((byte)';') + 1;
        if (rest[..length] is not (
            [_, (byte)'l', (byte)'t', _] or [_, (byte)'g', (byte)'t', _] or [_, (byte)'a', (byte)'m', (byte)'p', _]
            or [_, (byte)'q', (byte)'u', (byte)'o', (byte)'t', _] or [_, (byte)'a', (byte)'p', (byte)'o', (byte)'s', _]))
        {
            XmlFailure.Malformed("A reference to an entity that is not declared", start);
        }

        return start + length;
    }

    public static bool IsCanonicalInText(ReadOnlySpan<byte> reference) =>
        reference.SequenceEqual("&amp;"u8) || reference.SequenceEqual("&lt;"u8)
        || reference.SequenceEqual("&gt;"u8) || reference.SequenceEqual("&#xD;"u8);

    public static bool IsCanonicalInValue(ReadOnlySpan<byte> reference) =>
        reference.SequenceEqual("&amp;"u8) || reference.SequenceEqual("&lt;"u8) || reference.SequenceEqual("&quot;"u8)
        || reference.SequenceEqual("&#x9;"u8) || reference.SequenceEqual("&#xA;"u8) || reference.SequenceEqual("&#xD;"u8);

    private static int ScanCharacter(ReadOnlySpan<byte> source, int start, out uint scalar)
    {
        int position = start + 2;
        bool hexadecimal = position < source.Length && source[position] == 'x';
        position += hexadecimal ? 1 : 0;
        int digits = position;
        scalar = 0;
        while (position < source.Length)
        {
            byte octet = source[position];
            if (octet == ';')
            {
                break;
            }

            uint digit = octet switch
            {
                >= (byte)'0' and <= (byte)'9' => octet - (uint)'0',
                >= (byte)'A' and <= (byte)'F' when hexadecimal => octet - (uint)'A' + 10,
                >= (byte)'a' and <= (byte)'f' when hexadecimal => octet - (uint)'a' + 10,
                _ => uint.MaxValue,
            };
            if (digit == uint.MaxValue)
            {
                XmlFailure.Malformed("A character reference with something else than digits", start);
            }

            // Beyond Unicode it only has to stay there; the digits may go on.
            scalar = Math.Min((scalar * (hexadecimal ? 16u : 10u)) + digit, 0x110000);
            position++;
        }

        if (position == source.Length || position == digits)
        {
            XmlFailure.Malformed("A character reference is not complete", start);
        }

        return position + 1;
    }
}
