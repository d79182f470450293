using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace WsSecurity.Xml;

/// <summary>A namespace declaration; the default namespace has the empty prefix, and the empty URI undeclares it.</summary>
internal readonly record struct NamespaceDeclaration(string Prefix, string Uri);

/// <summary>
/// A cursor on one element of an <see cref="XmlIndex"/>; <see langword="default"/> stands for none. None has no children, no attributes, no
/// text and no name, so that a path can be followed without asking at each step. Offsets count octets of the document.
/// </summary>
internal readonly struct XmlElement : IEquatable<XmlElement>
{
    private readonly XmlIndex? _index;

    internal XmlElement(XmlIndex index, int row)
    {
        _index = index;
        RowNumber = row;
    }

    public bool IsNone => _index is null;

    public XmlIndex Index => _index ?? throw new InvalidOperationException("There is no such element.");

    public int Start => Row.Start;

    /// <summary>The octet after the start tag; <see cref="End"/> for an empty-element tag.</summary>
    public int ContentStart => new XmlTagReader(Index.Source, Row).SkipToContent();

    /// <summary>The octet of the end tag; <see cref="End"/> for an empty-element tag.</summary>
    public int ContentEnd => IsEmptyElementTag ? End : Index.Source[..End].LastIndexOf((byte)'<');

    public int End => Row.End;

    /// <summary>The root is at depth 1.</summary>
    public int Depth => Row.Depth;

    public bool IsEmptyElementTag => (Row.Flags & XmlRowFlags.EmptyElementTag) != 0;

    public bool HasChildElements => !IsNone && (Row.Flags & XmlRowFlags.HasChildElements) != 0;

    /// <summary>The octets of the whole element.</summary>
    public ReadOnlyMemory<byte> Octets => Index.Utf8[Start..End];

    public ReadOnlySpan<byte> QualifiedName
    {
        get
        {
            ref XmlRow row = ref Row;
            return Index.Source.Slice(row.Start + 1, row.NameLength);
        }
    }

    public ReadOnlySpan<byte> Prefix => Index.Namespaces.PrefixOctets(Index.Namespaces.PrefixOf(Row.Namespace));

    public ReadOnlySpan<byte> LocalName
    {
        get
        {
            ReadOnlySpan<byte> name = QualifiedName;
            return name[(name.IndexOf((byte)':') + 1)..];
        }
    }

    public string NamespaceUri => Index.Namespaces.Uri(Row.Namespace);

    public XmlElement Parent => !IsNone && Index.ParentOf(RowNumber) is >= 0 and int parent ? new XmlElement(Index, parent) : default;

    public XmlElement FirstChild => HasChildElements ? new XmlElement(Index, RowNumber + 1) : default;

    public XmlElement NextSibling
    {
        get
        {
            int next = IsNone ? int.MaxValue : Row.SubtreeEnd;
            return !IsNone && next < Index.Count && Index.Row(next).Depth == Row.Depth ? new XmlElement(Index, next) : default;
        }
    }

    public XmlElements Children => IsNone ? default : new(Index, RowNumber + 1, Row.SubtreeEnd, descendants: false);

    /// <summary>All elements below this one, in document order.</summary>
    public XmlElements Descendants => IsNone ? default : new(Index, RowNumber + 1, Row.SubtreeEnd, descendants: true);

    /// <summary>The attributes that are no namespace declarations, in the order of the document.</summary>
    public XmlAttributes Attributes => new(this);

    internal int RowNumber { get; }

    internal ref XmlRow Row => ref Index.Row(RowNumber);

    public static bool operator ==(XmlElement left, XmlElement right) => left.Equals(right);

    public static bool operator !=(XmlElement left, XmlElement right) => !left.Equals(right);

    public bool Is(ReadOnlySpan<byte> localName, string namespaceUri)
    {
        if (_index is null)
        {
            return false;
        }

        ref XmlRow row = ref Row;
        ReadOnlySpan<byte> name = QualifiedName;
        return name.EndsWith(localName)
            && (name.Length == localName.Length || name[name.Length - localName.Length - 1] == ':')
            && (name.Length != localName.Length || _index.Namespaces.PrefixOf(row.Namespace) == NamespaceTable.DefaultPrefix)
            && _index.Namespaces.UriEquals(row.Namespace, namespaceUri);
    }

    /// <summary>This element stands somewhere below the other.</summary>
    public bool IsDescendantOf(XmlElement other) =>
        !IsNone && !other.IsNone && ReferenceEquals(_index, other._index)
        && RowNumber > other.RowNumber && RowNumber < other.Row.SubtreeEnd;

    /// <summary>The first child of this name; default when there is none.</summary>
    public XmlElement Child(ReadOnlySpan<byte> localName, string namespaceUri)
    {
        foreach (XmlElement child in Children)
        {
            if (child.Is(localName, namespaceUri))
            {
                return child;
            }
        }

        return default;
    }

    /// <summary>The normalized value of an attribute; <see langword="null"/> when the element has none of this name.</summary>
    public string? GetAttribute(string localName, string namespaceUri = "")
    {
        foreach (XmlAttribute attribute in Attributes)
        {
            if (attribute.Is(localName, namespaceUri))
            {
                return attribute.GetValue();
            }
        }

        return null;
    }

    /// <summary>The namespace that a prefix is bound to; <see langword="null"/> when it is not bound, empty for no default namespace.</summary>
    public string? LookupNamespace(string prefix) =>
        Index.Namespaces.FindPrefix(prefix) is >= 0 and int id && FindPair(id) is >= 0 and int pair ? Index.Namespaces.Uri(pair) : null;

    /// <summary>Every prefix in scope, <c>xml</c> excepted, and the default namespace if there is one.</summary>
    public IReadOnlyList<NamespaceDeclaration> NamespacesInScope()
    {
        NamespaceTable namespaces = Index.Namespaces;
        var seen = new HashSet<int>();
        var scope = new List<NamespaceDeclaration>();
        for (int row = RowNumber; row >= 0; row = Index.ParentOf(row))
        {
            var tag = new XmlTagReader(Index.Source, Index.Row(row));
            while ((Index.Row(row).Flags & XmlRowFlags.HasDeclarations) != 0 && tag.Read())
            {
                if (tag.IsDeclaration
                    && tag.Declaration(namespaces, out int prefix) is int pair
                    && prefix != NamespaceTable.XmlPrefix
                    && seen.Add(prefix)
                    && pair != NamespaceTable.NoNamespace)
                {
                    scope.Add(new NamespaceDeclaration(Encoding.UTF8.GetString(namespaces.PrefixOctets(prefix)), namespaces.Uri(pair)));
                }
            }
        }

        return scope;
    }

    /// <summary>The concatenated text of the element and everything below it; references, sections and line ends resolved, comments left out.</summary>
    public string GetText()
    {
        if (TryGetText(out string text))
        {
            return text;
        }

        var builder = new StringBuilder();
        int position = ContentStart;
        foreach (XmlElement descendant in Descendants)
        {
            // The end tags of those that closed in between are markup like any other.
            AppendText(builder, Index.Source[position..descendant.Start]);
            position = descendant.ContentStart;
        }

        AppendText(builder, Index.Source[position..ContentEnd]);
        return builder.ToString();
    }

    /// <summary>The text of an element that has no child elements.</summary>
    public bool TryGetText(out string text)
    {
        text = "";
        if (IsNone || HasChildElements)
        {
            return false;
        }

        ReadOnlySpan<byte> content = Index.Source[ContentStart..ContentEnd];
        text = XmlText.IsPlainContent(content) ? Encoding.UTF8.GetString(content) : DecodedText(content);
        return true;
    }

    /// <summary>How many octets the element's Base64 text can decode to at most.</summary>
    public int MaxBase64Length => Base64.GetMaxDecodedFromUtf8Length(ContentEnd - ContentStart) + 3;

    /// <summary>Decodes the Base64 text of an element without child elements; white space may stand anywhere.</summary>
    public bool TryGetBase64(out byte[] octets)
    {
        if (IsNone)
        {
            octets = [];
            return false;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxBase64Length);
        bool decoded = TryDecodeBase64(buffer, out int written);
        octets = decoded ? buffer[..written] : [];
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(buffer.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(buffer);
        return decoded;
    }

    /// <summary>Decodes into the caller's buffer, which <see cref="MaxBase64Length"/> octets always suffice for.</summary>
    public bool TryDecodeBase64(Span<byte> destination, out int written)
    {
        written = 0;
        if (IsNone || HasChildElements)
        {
            return false;
        }

        ReadOnlySpan<byte> content = Index.Source[ContentStart..ContentEnd];
        if (!content.ContainsAny("&<"u8))
        {
            return XmlBase64.TryDecode(content, destination, out written);
        }

        byte[] resolved = ArrayPool<byte>.Shared.Rent(content.Length);
        int length = XmlText.DecodeContent(content, resolved);
        bool decoded = XmlBase64.TryDecode(resolved.AsSpan(0, length), destination, out written);
        ArrayPool<byte>.Shared.Return(resolved);
        return decoded;
    }

    public bool Equals(XmlElement other) => ReferenceEquals(_index, other._index) && RowNumber == other.RowNumber;

    public override bool Equals(object? obj) => obj is XmlElement other && Equals(other);

    public override int GetHashCode() => RowNumber;

    /// <summary>The pair that a prefix is bound to here, or <see cref="NamespaceTable.NotBound"/>.</summary>
    internal int FindPair(int prefix)
    {
        if (prefix == NamespaceTable.XmlPrefix)
        {
            return NamespaceTable.XmlNamespace;
        }

        for (int row = RowNumber; row >= 0; row = Index.ParentOf(row))
        {
            var tag = new XmlTagReader(Index.Source, Index.Row(row));
            while ((Index.Row(row).Flags & XmlRowFlags.HasDeclarations) != 0 && tag.Read())
            {
                if (tag.IsDeclaration && tag.Declaration(Index.Namespaces, out int declared) is int pair && declared == prefix)
                {
                    return pair;
                }
            }
        }

        return prefix == NamespaceTable.DefaultPrefix ? NamespaceTable.NoNamespace : NamespaceTable.NotBound;
    }

    private static void AppendText(StringBuilder builder, ReadOnlySpan<byte> raw)
    {
        while (raw.IndexOf("</"u8) is >= 0 and int tag)
        {
            // A section or a comment may hold what looks like an end tag.
            int section = raw.IndexOf("<!"u8);
            if (section >= 0 && section < tag)
            {
                ReadOnlySpan<byte> terminator = raw[section + 2] == '[' ? "]]>"u8 : "-->"u8;
                int end = section + 4 + raw[(section + 4)..].IndexOf(terminator) + 3;
                builder.Append(DecodedText(raw[..end]));
                raw = raw[end..];
                continue;
            }

            builder.Append(DecodedText(raw[..tag]));
            raw = raw[(tag + raw[tag..].IndexOf((byte)'>') + 1)..];
        }

        builder.Append(DecodedText(raw));
    }

    private static string DecodedText(ReadOnlySpan<byte> content)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(content.Length);
        string text = Encoding.UTF8.GetString(buffer, 0, XmlText.DecodeContent(content, buffer));
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }
}
