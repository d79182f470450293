using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>
/// A header block or the Body on its way out. Its start tag is written anew, in canonical form, with an Id and with every namespace
/// that its content may use, so that what a receiver hashes stands on the wire as it is hashed.
/// </summary>
internal sealed class OutgoingPart
{
    private readonly XmlElement _element;
    private readonly IReadOnlySet<string> _hidden;
    private readonly List<NamespaceDeclaration> _declarations = [];
    private readonly HashSet<string> _visiblyUsed = new(StringComparer.Ordinal);
    private readonly byte[] _startTag;
    private readonly byte[] _endTag;

    /// <param name="element">The element.</param>
    /// <param name="needsId">Whether it gets a wsu:Id where it has none.</param>
    /// <param name="hidden">Prefixes that ciphertext in it uses, and that a signature must show all the same.</param>
    public OutgoingPart(XmlElement element, bool needsId, IReadOnlySet<string>? hidden = null)
    {
        _element = element;
        _hidden = hidden ?? FrozenSet<string>.Empty;
        var idPrefix = SelectDeclarations(needsId, out var existingId);
        Id = existingId ?? (needsId ? Ids.New("id") : string.Empty);
        Prefixes = PrefixList.Of(_declarations.Select(declaration => declaration.Prefix).Concat(_hidden).Where(prefix => !_visiblyUsed.Contains(prefix)));
        _startTag = WriteStartTag(needsId && existingId is null ? idPrefix : null);
        _endTag = [.. "</"u8, .. element.QualifiedName, .. ">"u8];
    }

    public XmlElement Element => _element;

    /// <summary>The wsu:Id; empty where none is needed.</summary>
    public string Id { get; }

    /// <summary>The prefixes that the start tag declares without using them.</summary>
    public PrefixList Prefixes { get; }

    public ReadOnlyMemory<byte> Content => _element.Index.Utf8[_element.ContentStart.._element.ContentEnd];

    /// <summary>The octets of the element, in one piece.</summary>
    public byte[] ToArray() => ToArray(Content.Span);

    /// <summary>The octets of the element, in one piece, with other content.</summary>
    public byte[] ToArray(ReadOnlySpan<byte> content) => [.. _startTag, .. content, .. _endTag];

    public byte[] Digest(DigestAlgorithm digest)
    {
        using var hash = digest.CreateHash();
        using var sink = new HashSink(hash, _element.Index.Utf8);
        sink.Append(_startTag);
        CanonicalizationMethod.Exclusive.CanonicalizeContent(_element, _declarations, Prefixes, sink);
        sink.Append(_endTag);
        return sink.GetHashAndReset();
    }

    /// <summary>Writes the element, with other content where <paramref name="writeContent"/> is given.</summary>
    public void Write(IBufferWriter<byte> output, Action<IBufferWriter<byte>>? writeContent = null)
    {
        output.Write(_startTag);
        if (writeContent is null)
        {
            output.Write(Content.Span);
        }
        else
        {
            writeContent(output);
        }

        output.Write(_endTag);
    }

    /// <summary>Whether a name or a QName in a value of these octets may have the prefix; any name without one may be in the default namespace.</summary>
    public static bool MayUse(ReadOnlySpan<byte> octets, string prefix) =>
        prefix.Length == 0 || octets.IndexOf(Encoding.UTF8.GetBytes(prefix + ":")) >= 0;

    /// <summary>The prefixes in scope at an element that these octets, the element or its content, may use.</summary>
    public static IEnumerable<string> PrefixesFor(XmlElement element, ReadOnlyMemory<byte> octets) =>
        element.NamespacesInScope().Select(declaration => declaration.Prefix).Where(prefix => MayUse(octets.Span, prefix));

    // Its own declarations stay; of those further out, those that its names use or that its content may use.
    private string? SelectDeclarations(bool needsId, out string? existingId)
    {
        existingId = null;
        _visiblyUsed.Add(Encoding.UTF8.GetString(_element.Prefix));
        foreach (var attribute in _element.Attributes)
        {
            if (!attribute.Prefix.IsEmpty)
            {
                _visiblyUsed.Add(Encoding.UTF8.GetString(attribute.Prefix));
            }

            if (attribute.Is("Id", Wsu.Namespace))
            {
                existingId = attribute.GetValue();
            }
        }

        // XML's own prefix is never declared.
        _visiblyUsed.Remove("xml");
        var inScope = _element.NamespacesInScope();
        string? idPrefix = null;
        if (needsId && existingId is null)
        {
            idPrefix = inScope.FirstOrDefault(declaration => declaration.Prefix.Length > 0 && declaration.Uri == Wsu.Namespace).Prefix ?? FreePrefix(inScope);
            _visiblyUsed.Add(idPrefix);
        }

        var octets = _element.Octets.Span;
        var tag = octets[..(_element.ContentStart - _element.Start)];
        foreach (var declaration in inScope)
        {
            if (_visiblyUsed.Contains(declaration.Prefix) || IsDeclaredOn(tag, declaration.Prefix) || _hidden.Contains(declaration.Prefix) || MayUse(octets, declaration.Prefix))
            {
                _declarations.Add(declaration);
            }
        }

        if (idPrefix is not null && !_declarations.Exists(declaration => declaration.Prefix == idPrefix))
        {
            _declarations.Add(new NamespaceDeclaration(idPrefix, Wsu.Namespace));
        }

        return idPrefix;
    }

    private string FreePrefix(IReadOnlyList<NamespaceDeclaration> inScope)
    {
        var candidate = "wsu";
        for (var i = 1; inScope.Any(declaration => declaration.Prefix == candidate) || MayUse(_element.Octets.Span, candidate); i++)
        {
            candidate = $"wsu{i}";
        }

        return candidate;
    }

    private static bool IsDeclaredOn(ReadOnlySpan<byte> tag, string prefix) =>
        tag.IndexOf(Encoding.UTF8.GetBytes(prefix.Length == 0 ? "xmlns=" : $"xmlns:{prefix}=")) >= 0;

    private byte[] WriteStartTag(string? newIdPrefix)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new Utf8XmlWriter(output);
        writer.StartElement(Encoding.UTF8.GetString(_element.Prefix), Encoding.UTF8.GetString(_element.LocalName));
        foreach (var declaration in _declarations)
        {
            writer.NamespaceDeclaration(declaration.Prefix, declaration.Uri);
        }

        foreach (var attribute in _element.Attributes)
        {
            writer.Attribute(Encoding.UTF8.GetString(attribute.Prefix), Encoding.UTF8.GetString(attribute.LocalName), attribute.GetValue());
        }

        if (newIdPrefix is not null)
        {
            writer.Attribute(newIdPrefix, "Id", Id);
        }

        writer.CloseStartTag();
        return output.WrittenSpan.ToArray();
    }
}
