using System.Globalization;
using System.Text;

namespace WsSecurity.Tests.Xml;

/// <summary>Writes random well-formed documents that use what XML has in unusual ways; the same seed gives the same document.</summary>
internal sealed class DocumentGenerator(int seed, DocumentStyle style = DocumentStyle.Wild)
{
    private static readonly string[] Prefixes = ["", "", "a", "b", "c", "ab", "xsi"];
    private static readonly string[] Uris = ["urn:a", "urn:b", "http://c/?x=1&amp;y=2", "urn:\u00E4", "http://www.w3.org/2001/XMLSchema-instance"];
    private static readonly string[] Names = ["x", "y", "Id", "name", "\u00FCber", "type", "x-1.2_3"];

    private static readonly string[] WildTexts =
    [
        "text", " ", "\n  ", "\r\n", "\r", "&amp;", "&lt;", "&gt;", ">", "&quot;", "&apos;", "\"", "'", "&#13;", "&#xD;", "&#10;", "&#9;", "\t",
        "<![CDATA[a<b>&c]]>", "<![CDATA[]]>", "<![CDATA[\r\n]]]]>", "<!-- c -->", "<!--\r\n-->", "&#x20AC;", "\u20AC", "\U0001F600", "&#128512;",
        "]]", "&#x3E;", "&#60;", "&#38;", "]",
    ];

    private static readonly string[] CanonicalTexts = ["text", " ", "\n", "&amp;", "&lt;", "&gt;", "&#xD;", "\u20AC", "\"", "'", "\t", "]]"];

    private static readonly string[] WildValues =
    [
        "v", "", " a  b ", "\t", "\n", "\r\n", "\r", "&amp;", "&lt;", "&gt;", ">", "&quot;", "&apos;", "&#9;", "&#xA;", "&#13;", "&#32;", "\u20AC",
        "a:b", "&#x20AC;",
    ];

    private static readonly string[] CanonicalValues = ["v", "", "a b", "&amp;", "&lt;", ">", "&quot;", "'", "&#x9;", "&#xA;", "&#xD;", "\u20AC", "a:b"];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();

    public string Generate()
    {
        _text.Clear();
        if (style == DocumentStyle.Wild)
        {
            Maybe(0.2, "<?xml version=\"1.0\" encoding='utf-8'?>");
            Maybe(0.2, "\n<!-- before\r\n -->\n");
        }

        Element(new Dictionary<string, string> { [""] = "" }, depth: 1);
        if (style == DocumentStyle.Wild)
        {
            Maybe(0.2, "\r\n<!-- after --><!--b-->\n");
        }

        return _text.ToString();
    }

    private void Element(Dictionary<string, string> outer, int depth)
    {
        var scope = new Dictionary<string, string>(outer);
        var declarations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        int count = Chance(0.4) ? _random.Next(4) : 0;
        for (int i = 0; i < count; i++)
        {
            string declared = Pick(Prefixes);
            string uri = declared.Length == 0 && Chance(0.3) ? "" : Pick(Uris);
            declarations[declared] = uri;
            scope[declared] = uri;
        }

        string prefix = Pick([.. scope.Keys]);
        string name = Qualified(prefix, Pick(Names));
        var attributes = new List<(string Uri, string Local, string Name, string Value)>();
        for (int i = Chance(0.5) ? _random.Next(5) : 0; i > 0; i--)
        {
            string attributePrefix = Chance(0.15) ? "xml" : Pick([.. scope.Keys]);
            string attributeUri = attributePrefix switch
            {
                "" => "",
                "xml" => "http://www.w3.org/XML/1998/namespace",
                _ => scope[attributePrefix].Replace("&amp;", "&", StringComparison.Ordinal),
            };
            string local = attributePrefix == "xml" ? Pick(["lang", "space", "base", "id", "other"]) : Pick(Names);
            string value = attributePrefix == "xml" && local == "space" ? "preserve" : Value(attributePrefix == "xml");
            if (!attributes.Exists(other => other.Uri == attributeUri && other.Local == local))
            {
                attributes.Add((attributeUri, local, Qualified(attributePrefix, local), value));
            }
        }

        var parts = declarations.Select(entry => Written(entry.Key.Length == 0 ? "xmlns" : "xmlns:" + entry.Key, entry.Value)).ToList();
        attributes.Sort((left, right) => string.CompareOrdinal(left.Uri, right.Uri) is not 0 and int order
            ? order
            : string.CompareOrdinal(left.Local, right.Local));
        parts.AddRange(attributes.Select(attribute => Written(attribute.Name, attribute.Value)));
        if (style == DocumentStyle.Wild && Chance(0.3))
        {
            _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(parts));
        }

        _text.Append('<').Append(name);
        foreach (string part in parts)
        {
            _text.Append(Space()).Append(part);
        }

        bool wild = style == DocumentStyle.Wild;
        if (wild && Chance(0.15))
        {
            _text.Append(Chance(0.5) ? " />" : "/>");
            return;
        }

        _text.Append(wild && Chance(0.1) ? " >" : ">");
        for (int i = depth > 5 ? _random.Next(2) : _random.Next(6); i > 0; i--)
        {
            if (Chance(0.45) && depth < 7)
            {
                Element(scope, depth + 1);
            }
            else
            {
                string text = Pick(wild && Chance(0.4) ? WildTexts : CanonicalTexts);
                bool closesSection = text[0] is '>' && _text.Length >= 2 && _text[^1] == ']' && _text[^2] == ']';
                _text.Append(closesSection ? "" : text);
            }
        }

        _text.Append("</").Append(name).Append(wild && Chance(0.1) ? "\n>" : ">");
    }

    private string Written(string name, string value)
    {
        bool single = style == DocumentStyle.Wild && Chance(0.15) && !value.Contains('\'', StringComparison.Ordinal);
        string quote = single ? "'" : "\"";
        string equals = style == DocumentStyle.Wild && Chance(0.05) ? " = " : "=";
        return string.Create(CultureInfo.InvariantCulture, $"{name}{equals}{quote}{value}{quote}");
    }

    private string Value(bool plain) => plain
        ? Pick(["en", "a/b", "../c", "http://h/p/"])
        : Pick(style == DocumentStyle.Wild && Chance(0.3) ? WildValues : CanonicalValues);

    private string Space() => style == DocumentStyle.Wild && Chance(0.1) ? Pick(["  ", "\n", "\t", "\r\n "]) : " ";

    private static string Qualified(string prefix, string local) => prefix.Length == 0 ? local : prefix + ":" + local;

    private void Maybe(double chance, string text) => _text.Append(Chance(chance) ? text : "");

    private bool Chance(double chance) => _random.NextDouble() < chance;

    private string Pick(string[] choices) => choices[_random.Next(choices.Length)];
}

/// <summary>How unusual the documents are.</summary>
internal enum DocumentStyle
{
    Wild,

    /// <summary>Lexically canonical; the namespaces may still not be.</summary>
    Canonical,
}
