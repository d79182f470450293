namespace WsSecurity.Xml;

/// <summary>The canonicalization methods of XML Signature 1.1, section 6.5, one instance each.</summary>
internal sealed class CanonicalizationMethod
{
    private CanonicalizationMethod(string uri, CanonicalVersion version, bool withComments)
    {
        Uri = uri;
        Version = version;
        WithComments = withComments;
    }

    public static CanonicalizationMethod Exclusive { get; } =
        new("http://www.w3.org/2001/10/xml-exc-c14n#", CanonicalVersion.Exclusive, withComments: false);

    public static CanonicalizationMethod ExclusiveWithComments { get; } =
        new("http://www.w3.org/2001/10/xml-exc-c14n#WithComments", CanonicalVersion.Exclusive, withComments: true);

    public static CanonicalizationMethod Inclusive10 { get; } =
        new("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", CanonicalVersion.Inclusive10, withComments: false);

    public static CanonicalizationMethod Inclusive10WithComments { get; } =
        new("http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", CanonicalVersion.Inclusive10, withComments: true);

    public static CanonicalizationMethod Inclusive11 { get; } =
        new("http://www.w3.org/2006/12/xml-c14n11", CanonicalVersion.Inclusive11, withComments: false);

    public static CanonicalizationMethod Inclusive11WithComments { get; } =
        new("http://www.w3.org/2006/12/xml-c14n11#WithComments", CanonicalVersion.Inclusive11, withComments: true);

    public static IReadOnlyList<CanonicalizationMethod> All { get; } =
        [Exclusive, ExclusiveWithComments, Inclusive10, Inclusive10WithComments, Inclusive11, Inclusive11WithComments];

    public string Uri { get; }

    public bool WithComments { get; }

    internal CanonicalVersion Version { get; }

    /// <summary>The method of this URI; <see langword="null"/> when it is none that is known.</summary>
    public static CanonicalizationMethod? Find(string uri) => All.FirstOrDefault(method => method.Uri == uri);

    /// <summary>Writes the canonical form of an element and everything below it.</summary>
    /// <param name="apex">The element.</param>
    /// <param name="prefixes">The PrefixList; only exclusive canonicalization knows it.</param>
    /// <param name="omitted">An element below the apex that is left out, as enveloped signatures are; default for none.</param>
    /// <param name="sink">What receives the octets.</param>
    /// <exception cref="WsSecurityException">A namespace URI is relative.</exception>
    public void Canonicalize(XmlElement apex, PrefixList prefixes, XmlElement omitted, ICanonicalSink sink)
    {
        if (!omitted.IsDescendantOf(apex))
        {
            omitted = default;
        }

        if (Version == CanonicalVersion.Exclusive && CanonicalInPlace.Is(apex, prefixes))
        {
            if (omitted.IsNone)
            {
                sink.AppendSource(apex.Start, apex.End - apex.Start);
            }
            else
            {
                sink.AppendSource(apex.Start, omitted.Start - apex.Start);
                sink.AppendSource(omitted.End, apex.End - omitted.End);
            }

            return;
        }

        WriteCanonical(apex, prefixes, omitted, sink);
    }

    /// <summary>
    /// Writes what the canonical form says for somebody who reads it: the same octets, but with the declarations that stand inside of the
    /// apex and that exclusive canonicalization leaves out because no name uses them. QNames in content, as in <c>xsi:type</c>, need them;
    /// no digest protects them.
    /// </summary>
    /// <param name="apex">The element.</param>
    /// <param name="prefixes">The PrefixList; only exclusive canonicalization knows it.</param>
    /// <param name="sink">What receives the octets.</param>
    public void WriteReadable(XmlElement apex, PrefixList prefixes, ICanonicalSink sink)
    {
        if (Version == CanonicalVersion.Exclusive && CanonicalInPlace.Is(apex, prefixes))
        {
            sink.AppendSource(apex.Start, apex.End - apex.Start);
            return;
        }

        using var writer = new CanonicalWriter(apex.Index, this, prefixes, sink, keepDeclarations: true);
        writer.WriteElement(apex, omitted: default);
    }

    /// <summary>Writes the canonical form of a whole document: the root and, where the method keeps them, the comments around it.</summary>
    public void CanonicalizeDocument(XmlIndex index, PrefixList prefixes, XmlElement omitted, ICanonicalSink sink)
    {
        if (WithComments)
        {
            CanonicalContent.WriteCommentsBeforeRoot(index, sink);
        }

        Canonicalize(index.Root, prefixes, omitted, sink);
        if (WithComments)
        {
            CanonicalContent.WriteCommentsAfterRoot(index, sink);
        }
    }

    /// <summary>
    /// Writes the canonical form of an element's content, for a caller who has written the start tag himself and will write the end tag.
    /// </summary>
    /// <param name="element">The element.</param>
    /// <param name="rendered">The namespaces in force where the caller's start tag ends, all of them.</param>
    /// <param name="prefixes">The PrefixList; only exclusive canonicalization knows it.</param>
    /// <param name="sink">What receives the octets.</param>
    public void CanonicalizeContent(
        XmlElement element, IReadOnlyList<NamespaceDeclaration> rendered, PrefixList prefixes, ICanonicalSink sink)
    {
        using var writer = new CanonicalWriter(element.Index, this, prefixes, sink);
        writer.WriteContent(element, rendered);
    }

    /// <summary>
    /// An <c>xsi:type</c> below the apex means something else when the apex is put into another place: its prefix is declared
    /// outside, no name that is signed shows the declaration, and the PrefixList does not have it.
    /// </summary>
    public static bool DependsOnOuterPrefix(XmlElement apex, PrefixList prefixes)
    {
        if ((apex.Row.Flags & XmlRowFlags.TypeBoundOutside) == 0)
        {
            return false;
        }

        using var writer = new CanonicalWriter(apex.Index, Exclusive, prefixes, NullSink.Instance);
        return writer.FindsTypeBoundOutside(apex);
    }

    /// <summary>Writes the canonical form by walking the rows, also where the octets could be taken as they are.</summary>
    internal void WriteCanonical(XmlElement apex, PrefixList prefixes, XmlElement omitted, ICanonicalSink sink)
    {
        using var writer = new CanonicalWriter(apex.Index, this, prefixes, sink);
        writer.WriteElement(apex, omitted);
    }

    private sealed class NullSink : ICanonicalSink
    {
        public static readonly NullSink Instance = new();

        public void Append(ReadOnlySpan<byte> octets)
        {
        }

        public void AppendSource(int start, int length)
        {
        }
    }
}

/// <summary>The rules by which namespaces and inherited attributes are rendered.</summary>
internal enum CanonicalVersion
{
    Exclusive,
    Inclusive10,
    Inclusive11,
}
