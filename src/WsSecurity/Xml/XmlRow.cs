namespace WsSecurity.Xml;

/// <summary>One element of an <see cref="XmlIndex"/>, in document order.</summary>
internal struct XmlRow
{
    /// <summary>The octet of the start tag's <c>&lt;</c>.</summary>
    public int Start;

    /// <summary>The octet after the end tag.</summary>
    public int End;

    /// <summary>The row after the element's last descendant.</summary>
    public int SubtreeEnd;

    /// <summary>The pair of prefix and namespace in <see cref="NamespaceTable"/>.</summary>
    public ushort Namespace;

    /// <summary>Octets of the qualified name.</summary>
    public ushort NameLength;

    /// <summary>The root is at depth 1.</summary>
    public ushort Depth;

    public XmlRowFlags Flags;
}

/// <summary>What the scan has found out about an element.</summary>
[Flags]
internal enum XmlRowFlags : ushort
{
    None = 0,

    /// <summary>Written as an empty-element tag.</summary>
    EmptyElementTag = 1,

    HasAttributes = 2,

    /// <summary>The start tag declares namespaces.</summary>
    HasDeclarations = 4,

    /// <summary>The start tag has attributes with a prefix other than <c>xml</c>.</summary>
    HasPrefixedAttributes = 8,

    /// <summary>The start tag has attributes of the <c>xml</c> namespace.</summary>
    HasXmlAttributes = 16,

    /// <summary>The start or the end tag is not written as canonicalization would, whatever its namespaces.</summary>
    TagNotCanonical = 32,

    /// <summary>The element's own text is not written as canonicalization would, or there are comments.</summary>
    ContentNotCanonical = 64,

    /// <summary>The start tag declares a namespace that neither its name nor its attributes use.</summary>
    UnusedDeclaration = 128,

    HasChildElements = 256,

    /// <summary>The start tag has an <c>xsi:type</c>.</summary>
    HasType = 512,

    /// <summary>An <c>xsi:type</c> of the subtree names a prefix that is declared outside of the subtree, or nowhere.</summary>
    TypeBoundOutside = 1024,

    /// <summary>As an apex, the octets are the exclusive canonical form, but for unused declarations and the PrefixList.</summary>
    CanonicalInPlace = 2048,

    /// <summary>While scanning: something in the subtree is not canonical, whatever the apex.</summary>
    SubtreeNotCanonical = 4096,
}
