using System.Text;

namespace WsSecurity.Xml;

/// <summary>An attribute that is no namespace declaration.</summary>
internal readonly ref struct XmlAttribute(XmlElement element, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> localName, ReadOnlySpan<byte> rawValue)
{
    public ReadOnlySpan<byte> Prefix { get; } = prefix;

    public ReadOnlySpan<byte> LocalName { get; } = localName;

    /// <summary>The octets between the quotes.</summary>
    public ReadOnlySpan<byte> RawValue { get; } = rawValue;

    /// <summary>Empty for an attribute without a prefix.</summary>
    public string NamespaceUri => element.Index.Namespaces.Uri(Pair);

    private int Pair => Prefix.IsEmpty
        ? NamespaceTable.NoNamespace
        : element.FindPair(element.Index.Namespaces.FindPrefix(Prefix));

    public bool Is(string localName, string namespaceUri) =>
        LocalName.Length >= localName.Length
        && Encoding.UTF8.GetByteCount(localName) == LocalName.Length
        && (Ascii.Equals(LocalName, localName) || Encoding.UTF8.GetString(LocalName) == localName)
        && Prefix.IsEmpty == (namespaceUri.Length == 0)
        && element.Index.Namespaces.UriEquals(Pair, namespaceUri);

    /// <summary>The normalized value (XML 1.0, section 3.3.3).</summary>
    public string GetValue() => XmlText.ValueString(RawValue);
}

/// <summary>The attributes of an element that are no namespace declarations, in the order of the document.</summary>
internal readonly struct XmlAttributes(XmlElement element)
{
    public Enumerator GetEnumerator() => new(element);

    /// <summary>Reads the start tag.</summary>
    internal ref struct Enumerator
    {
        private readonly XmlElement _element;
        private XmlTagReader _tag;

        public Enumerator(XmlElement element)
        {
            _element = element;
            _tag = element.IsNone ? default : new XmlTagReader(element.Index.Source, element.Row);
        }

        public readonly XmlAttribute Current => new(_element, _tag.Prefix, _tag.LocalName, _tag.RawValue);

        public bool MoveNext()
        {
            while (!_element.IsNone && _tag.Read())
            {
                if (!_tag.IsDeclaration)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
