using System.Buffers;
using System.Text;
using System.Xml;

namespace WsSecurity.Xml;

/// <summary>
/// Writes elements in canonical form: C14N escapes, double quotes, sorted attributes, no empty-element tags. What is declared is the
/// caller's to say; a prefix belongs where it is used first.
/// </summary>
internal sealed class Utf8XmlWriter
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> TextSpecials = SearchValues.Create("&<>\r");
    private static readonly SearchValues<char> ValueSpecials = SearchValues.Create("&<\"\t\n\r");
    private static readonly SearchValues<char> NoXml = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(code => code is not (0x9 or 0xA or 0xD)).Select(code => (char)code), '\uFFFE', '\uFFFF']);

    private readonly IBufferWriter<byte> _output;
    private readonly List<(string Prefix, string LocalName)> _open = [];
    private readonly List<(int Depth, NamespaceDeclaration Declaration)> _scope = [];
    private readonly List<(string Prefix, string LocalName, string Value)> _attributes = [];
    private int _ownDeclarations;
    private bool _tagOpen;

    /// <summary>Creates a writer.</summary>
    /// <param name="output">What receives the octets.</param>
    /// <param name="context">The namespaces in scope at the place where the output will stand.</param>
    public Utf8XmlWriter(IBufferWriter<byte> output, params IEnumerable<NamespaceDeclaration> context)
    {
        _output = output;
        _scope.AddRange(context.Select(declaration => (0, declaration)));
    }

    /// <summary>How many elements are open.</summary>
    public int Depth => _open.Count;

    public void StartElement(string prefix, string localName)
    {
        CloseStartTag();
        XmlConvert.VerifyNCName(localName);
        _open.Add((prefix.Length == 0 ? prefix : XmlConvert.VerifyNCName(prefix), localName));
        _tagOpen = true;
        _ownDeclarations = 0;
    }

    public void NamespaceDeclaration(string prefix, string uri)
    {
        RequireStartTag();
        foreach ((_, NamespaceDeclaration declaration) in Own)
        {
            if (declaration.Prefix == prefix)
            {
                throw new InvalidOperationException($"The prefix '{prefix}' is declared twice.");
            }
        }

        _scope.Add((_open.Count, new NamespaceDeclaration(prefix, uri)));
        _ownDeclarations++;
    }

    public void Attribute(string prefix, string localName, string value)
    {
        RequireStartTag();
        XmlConvert.VerifyNCName(localName);
        _attributes.Add((prefix, localName, value));
    }

    public void Text(string text)
    {
        CloseStartTag();
        WriteEscaped(text, isValue: false);
    }

    public void Base64(ReadOnlySpan<byte> octets)
    {
        const int Block = 3 * 1024;
        CloseStartTag();
        while (!octets.IsEmpty)
        {
            ReadOnlySpan<byte> block = octets[..Math.Min(Block, octets.Length)];
            Span<byte> span = _output.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(block.Length));
            System.Buffers.Text.Base64.EncodeToUtf8(block, span, out _, out int written);
            _output.Advance(written);
            octets = octets[block.Length..];
        }
    }

    /// <summary>Content that has been scanned, or was written by such a writer.</summary>
    public void RawMarkup(ReadOnlySpan<byte> markup)
    {
        CloseStartTag();
        _output.Write(markup);
    }

    public void EndElement()
    {
        if (_open.Count == 0)
        {
            throw new InvalidOperationException("No element is open.");
        }

        CloseStartTag();
        _output.Write("</"u8);
        (string prefix, string localName) = _open[^1];
        WriteName(prefix, localName);
        _output.Write(">"u8);
        while (_scope.Count > 0 && _scope[^1].Depth == _open.Count)
        {
            _scope.RemoveAt(_scope.Count - 1);
        }

        _open.RemoveAt(_open.Count - 1);
    }

    /// <summary>Writes the start tag out if it is still open, so that the octets of the content begin here.</summary>
    public void CloseStartTag()
    {
        if (!_tagOpen)
        {
            return;
        }

        _tagOpen = false;
        (string prefix, string localName) = _open[^1];
        if (prefix.Length > 0)
        {
            RequireUri(prefix);
        }

        _output.Write("<"u8);
        WriteName(prefix, localName);
        Own.Sort((left, right) => CompareUtf8(left.Declaration.Prefix, right.Declaration.Prefix));
        foreach ((_, NamespaceDeclaration declaration) in Own)
        {
            if (declaration.Prefix.Length == 0)
            {
                WriteAttribute("", "xmlns", declaration.Uri);
            }
            else
            {
                WriteAttribute("xmlns", declaration.Prefix, declaration.Uri);
            }
        }

        WriteAttributes();
        _output.Write(">"u8);
    }

    private Span<(int Depth, NamespaceDeclaration Declaration)> Own =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_scope)[(_scope.Count - _ownDeclarations)..];

    private void WriteAttributes()
    {
        if (_attributes.Count > 1)
        {
            _attributes.Sort((left, right) =>
            {
                int order = CompareUtf8(AttributeUri(left.Prefix), AttributeUri(right.Prefix));
                return order != 0 ? order : CompareUtf8(left.LocalName, right.LocalName);
            });
        }

        for (int i = 0; i < _attributes.Count; i++)
        {
            (string prefix, string localName, string value) = _attributes[i];
            string uri = AttributeUri(prefix);
            if (i > 0 && localName == _attributes[i - 1].LocalName && uri == AttributeUri(_attributes[i - 1].Prefix))
            {
                throw new InvalidOperationException($"The attribute '{localName}' is written twice.");
            }

            WriteAttribute(prefix, localName, value);
        }

        _attributes.Clear();
    }

    private string AttributeUri(string prefix) => prefix switch
    {
        "" => "",
        "xml" => NamespaceTable.XmlUri,
        _ => RequireUri(prefix),
    };

    private string RequireUri(string prefix)
    {
        for (int i = _scope.Count - 1; i >= 0; i--)
        {
            if (_scope[i].Declaration.Prefix == prefix)
            {
                return _scope[i].Declaration.Uri;
            }
        }

        throw new InvalidOperationException($"The prefix '{prefix}' is not declared.");
    }

    private void WriteName(string prefix, string localName)
    {
        if (prefix.Length > 0)
        {
            Write(prefix);
            _output.Write(":"u8);
        }

        Write(localName);
    }

    private void WriteAttribute(string prefix, string localName, string value)
    {
        _output.Write(" "u8);
        WriteName(prefix, localName);
        _output.Write("=\""u8);
        WriteEscaped(value, isValue: true);
        _output.Write("\""u8);
    }

    private void WriteEscaped(string text, bool isValue)
    {
        ReadOnlySpan<char> rest = text;
        if (rest.ContainsAny(NoXml))
        {
            throw new ArgumentException("The text has a character that XML does not permit.", nameof(text));
        }

        while (true)
        {
            int special = rest.IndexOfAny(isValue ? ValueSpecials : TextSpecials);
            Write(special < 0 ? rest : rest[..special]);
            if (special < 0)
            {
                return;
            }

            char character = rest[special];
            ReadOnlySpan<byte> escaped = isValue ? CanonicalContent.EscapedInValue((byte)character) : CanonicalContent.EscapedInText(character);
            _output.Write(escaped);
            rest = rest[(special + 1)..];
        }
    }

    private void Write(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        Span<byte> span = _output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _output.Advance(Strict.GetBytes(text, span));
    }

    private void RequireStartTag()
    {
        if (!_tagOpen)
        {
            throw new InvalidOperationException("No start tag is open.");
        }
    }

    // Ordinal order of UTF-16 is not that of code points: surrogates, which begin at D800, stand for what comes behind FFFF.
    private static int CompareUtf8(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        return common == left.Length || common == right.Length
            ? left.Length.CompareTo(right.Length)
            : Rank(left[common]).CompareTo(Rank(right[common]));

        static int Rank(char character) => char.IsSurrogate(character) ? 0x10000 + character : character;
    }
}
