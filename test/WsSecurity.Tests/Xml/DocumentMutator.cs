using System.Text;

namespace WsSecurity.Tests.Xml;

/// <summary>Breaks documents, or nearly: puts what XML cares about where it may not, or may just so, stand.</summary>
internal sealed class DocumentMutator(int seed)
{
    private static readonly string[] Tokens =
    [
        "<", ">", "/", "=", "\"", "'", "&", ";", ":", "!", "?", "-", "--", "]", "]]>", "&amp;", "&#0;", "&#x1F600;", "&#xD800;", "&#xFFFE;", "&#x110000;",
        "&#00000000000000000065;", "&bad;", "&#;", "&#x;", "&#X41;", "<!--", "-->", "<!-- a -->", "<![CDATA[", "<![CDATA[x]]>", "<!DOCTYPE r>", "<?pi x?>",
        "<?xml version=\"1.0\"?>", "<a>", "</a>", "<a/>", "<a:b/>", "<xml:a/>", "<xmlns:a/>", "<:a/>", "<a:/>", "<a:b:c/>", "<1a/>", "<-a/>", " xmlns=\"\"",
        " xmlns=\"urn:q\"", " xmlns:q=\"\"", " xmlns:q=\"urn:q\"", " xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"", " xmlns:xml=\"urn:x\"",
        " xmlns:xmlns=\"urn:x\"", " xmlns:q=\"http://www.w3.org/2000/xmlns/\"", " xmlns=\"http://www.w3.org/XML/1998/namespace\"",
        " xmlns=\"http://www.w3.org/2000/xmlns/\"", " xmlns:q=\"http://www.w3.org/XML/1998/namespace\"", " xmlns:=\"x\"", " q=\"1\"", " q='1'", " q=1",
        " q", " q:q=\"1\"", " xml:q=\"1\"", " xmlns:xmlq=\"u\"", " xmlq:a=\"1\"", "\0", "\u0001", "\u000B", "\u001F", "\u007F", "\u0080", "\u0085", "\u2028",
        "\uFEFF", "\uFFFD", "\uFFFE", "\uFFFF", "\u00B7", "\u0300", "\u037E", "\u2070", "\u3007", "\u4E00", "\uAC00", "\uF900", "\U00010000", "\U000E0100",
        "\U0001FFFE", "\r", "\n", "\t", " ", "\r\n", " xml:space=\"preserve\"", " xml:space=\"other\"", " xml:lang=\"\"",
    ];

    private readonly Random _random = new(seed);

    public byte[] Mutate(string document)
    {
        byte[] octets = Encoding.UTF8.GetBytes(document);
        for (int i = _random.Next(1, 3); i > 0; i--)
        {
            octets = MutateOnce(octets);
        }

        return octets;
    }

    private byte[] MutateOnce(byte[] octets)
    {
        if (octets.Length == 0)
        {
            return octets;
        }

        int at = _random.Next(octets.Length + 1);
        int to = Math.Min(octets.Length, at + _random.Next(1, 6));
        byte[] token = Encoding.UTF8.GetBytes(Tokens[_random.Next(Tokens.Length)]);
        switch (_random.Next(8))
        {
            case 0:
                return [.. octets[..at], .. octets[to..]];
            case 1:
                return [.. octets[..at], .. token, .. octets[to..]];
            case 2:
                return [.. octets[..at], .. octets[at..to], .. octets[at..]];
            case 3:
                return [.. octets[..at], (byte)_random.Next(256), .. octets[to..]];
            case 4:
                // Tokens are of use where markup already is.
                int tag = Array.IndexOf(octets, (byte)(_random.Next(3) switch { 0 => '<', 1 => '>', _ => '"' }), Math.Min(at, octets.Length - 1));
                int place = tag < 0 ? at : tag + _random.Next(2);
                return [.. octets[..place], .. token, .. octets[place..]];
            case 5:
                // Between a name and what follows it.
                int gap = Array.FindIndex(octets, Math.Min(at, octets.Length - 1), octet => octet is (byte)' ' or (byte)'>');
                return gap < 0 ? octets : [.. octets[..gap], .. token, .. octets[gap..]];
            default:
                return [.. octets[..at], .. token, .. octets[at..]];
        }
    }
}
