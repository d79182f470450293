using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WsSecurity.Tokens.X509;

/// <summary>
/// Compares spelled distinguished names with a certificate's. RFC 4514 is what XML Signature asks for; Java, OpenSSL and .NET each differ in order,
/// blanks, quotes, escapes and attribute names.
/// </summary>
internal static class DistinguishedName
{
    /// <summary>Whether a spelled name is the certificate's, in the order of RFC 4514: what decides on trust.</summary>
    public static bool IsSame(string spelled, X500DistinguishedName name) =>
        DistinguishedNameParser.TryParse(spelled, out var claimed) && TryRead(name, out var actual) && AreSame(claimed, actual);

    /// <summary>Whether a spelled name may mean the certificate's, in either order of its parts: what only finds a certificate.</summary>
    public static bool Matches(string spelled, X500DistinguishedName name)
    {
        if (!DistinguishedNameParser.TryParse(spelled, out var claimed) || !TryRead(name, out var actual))
        {
            return false;
        }

        if (AreSame(claimed, actual))
        {
            return true;
        }

        claimed.Reverse();
        return AreSame(claimed, actual);
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
        var reader = new AsnReader(relative.RawData, AsnEncodingRules.BER).ReadSetOf();
        while (reader.HasData)
        {
            var pair = reader.ReadSequence();
            var oid = pair.ReadObjectIdentifier();
            if (!isFirst)
            {
                text.Append('+');
            }

            isFirst = false;
            var der = pair.ReadEncodedValue();
            if (AttributeTypes.NameOf(oid) is { } attribute && AttributeValue.Read(der) is { Text: { } value })
            {
                text.Append(attribute).Append('=');
                AppendEscaped(text, value);
            }
            else
            {
                text.Append(oid).Append("=#").Append(Convert.ToHexStringLower(der.Span));
            }
        }
    }

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

    // In the order of RFC 4514: the last of the encoding first.
    private static bool TryRead(X500DistinguishedName name, out List<List<(string Oid, AttributeValue Value)>> parts)
    {
        parts = [];
        try
        {
            var sequence = new AsnReader(name.RawData, AsnEncodingRules.BER).ReadSequence();
            while (sequence.HasData)
            {
                var set = sequence.ReadSetOf();
                var part = new List<(string, AttributeValue)>();
                while (set.HasData)
                {
                    var pair = set.ReadSequence();
                    part.Add((pair.ReadObjectIdentifier(), AttributeValue.Read(pair.ReadEncodedValue())));
                }

                parts.Add(part);
            }
        }
        catch (AsnContentException)
        {
            return false;
        }

        parts.Reverse();
        return true;
    }

    private static bool AreSame(List<List<(string Type, AttributeValue Value)>> claimed, List<List<(string Oid, AttributeValue Value)>> actual)
    {
        if (claimed.Count != actual.Count)
        {
            return false;
        }

        for (var i = 0; i < claimed.Count; i++)
        {
            if (!AreSame(claimed[i], actual[i]))
            {
                return false;
            }
        }

        return true;
    }

    // The values of one part are a set: whoever spells them chooses their order.
    private static bool AreSame(List<(string Type, AttributeValue Value)> claimed, List<(string Oid, AttributeValue Value)> actual)
    {
        if (claimed.Count != actual.Count)
        {
            return false;
        }

        var left = actual.ToList();
        foreach (var (type, value) in claimed)
        {
            var index = left.FindIndex(one => AttributeTypes.Matches(type, one.Oid) && one.Value.IsSameAs(value));
            if (index < 0)
            {
                return false;
            }

            left.RemoveAt(index);
        }

        return true;
    }
}
