using System.Buffers;
using System.Text;
using WsSecurity.Policy;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Changes to a plain envelope that must be in it before it is signed: Ids on inner elements, and ciphertext where encryption comes first.</summary>
internal static class EnvelopeRewriting
{
    /// <summary>Gives every element an Id that has none.</summary>
    public static byte[] AddIds(SoapEnvelope envelope, IEnumerable<XmlElement> elements)
    {
        var edits = new List<(int Start, int End, byte[] Octets)>();
        foreach (var element in elements)
        {
            if (element.GetAttribute("Id", Wsu.Namespace) is null)
            {
                var position = element.Start + 1 + element.QualifiedName.Length;
                edits.Add((position, position, Encoding.UTF8.GetBytes($" xmlns:{IdPrefix(element)}=\"{Wsu.Namespace}\" {IdPrefix(element)}:Id=\"{Ids.New("id")}\"")));
            }
        }

        return Apply(envelope.Source, edits);
    }

    /// <summary>The prefixes that what will be encrypted inside of the Body and of header blocks takes from around it.</summary>
    public static IReadOnlySet<string> PrefixesInside(SoapEnvelope envelope, MessageParts parts)
    {
        IEnumerable<XmlElement> contents = [.. parts.Body ? [envelope.Body] : Array.Empty<XmlElement>(), .. PartSelection.Contents(envelope, parts)];
        return PartSelection.Elements(envelope, parts).SelectMany(element => OutgoingPart.PrefixesFor(element, element.Octets))
            .Concat(contents.SelectMany(element => OutgoingPart.PrefixesFor(element, element.Index.Utf8[element.ContentStart..element.ContentEnd])))
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Encrypts header blocks, the Body's content and inner elements where they stand.</summary>
    public static byte[] Encrypt(SoapEnvelope envelope, MessageParts parts, OutgoingEncryption encryption)
    {
        var edits = EncryptElements(envelope, parts, encryption);
        foreach (var block in PartSelection.Headers(envelope, parts, default))
        {
            var octets = new OutgoingPart(block, needsId: false).ToArray();
            edits.Add((block.Start, block.End, encryption.EncryptHeader(block, octets, envelope, Ids.New("EH"))));
        }

        if (parts.Body)
        {
            edits.Add(EncryptContent(envelope.Body, encryption));
        }

        edits.Sort((left, right) => left.Start.CompareTo(right.Start));
        return Apply(envelope.Source, edits);
    }

    /// <summary>
    /// Encrypts the inner elements and contents that a policy names, in document order: of nested ones the outermost, and none inside of a Body or a
    /// header block that is encrypted as a whole.
    /// </summary>
    public static List<(int Start, int End, byte[] Octets)> EncryptElements(SoapEnvelope envelope, MessageParts parts, OutgoingEncryption encryption)
    {
        var edits = new List<(int Start, int End, byte[] Octets)>();
        var hidden = PartSelection.Headers(envelope, parts, default).ToList();
        if (parts.Body)
        {
            hidden.Add(envelope.Body);
        }

        var elements = PartSelection.Elements(envelope, parts).Select(element => (Element: element, ContentOnly: false))
            .Concat(PartSelection.Contents(envelope, parts).Select(element => (Element: element, ContentOnly: true)))
            .OrderBy(part => part.Element.Start).ThenBy(part => part.ContentOnly);
        foreach (var (element, contentOnly) in elements)
        {
            if ((edits.Count == 0 || element.Start >= edits[^1].End) && !hidden.Exists(outer => element == outer || element.IsDescendantOf(outer)))
            {
                edits.Add(contentOnly ? EncryptContent(element, encryption) : (element.Start, element.End, encryption.EncryptElement(element.Octets.Span)));
            }
        }

        return edits;
    }

    /// <summary>The edits that lie inside of an element.</summary>
    public static List<(int Start, int End, byte[] Octets)> Within(XmlElement element, List<(int Start, int End, byte[] Octets)> edits) =>
        edits.FindAll(edit => edit.Start > element.Start && edit.End <= element.End);

    private static (int Start, int End, byte[] Octets) EncryptContent(XmlElement element, OutgoingEncryption encryption)
    {
        var output = new ArrayBufferWriter<byte>();
        encryption.WriteData(output, encryption.Announce(), contentOnly: true, element.Index.Utf8.Span[element.ContentStart..element.ContentEnd]);
        return ReplaceContent(element, output.WrittenSpan);
    }

    /// <summary>Applies edits, given in document order, to a stretch of octets.</summary>
    public static byte[] Apply(ReadOnlyMemory<byte> source, List<(int Start, int End, byte[] Octets)> edits, int start = 0, int? end = null)
    {
        var output = new ArrayBufferWriter<byte>(source.Length + 1);
        var position = start;
        foreach (var edit in edits)
        {
            output.Write(source.Span[position..edit.Start]);
            output.Write(edit.Octets);
            position = edit.End;
        }

        output.Write(source.Span[position..(end ?? source.Length)]);
        return output.WrittenSpan.ToArray();
    }

    private static (int Start, int End, byte[] Octets) ReplaceContent(XmlElement element, ReadOnlySpan<byte> octets)
    {
        if (!element.IsEmptyElementTag)
        {
            return (element.ContentStart, element.ContentEnd, octets.ToArray());
        }

        // <Body/> becomes <Body>…</Body>.
        return (element.End - 2, element.End, [.. ">"u8, .. octets, .. "</"u8, .. element.QualifiedName, .. ">"u8]);
    }

    private static string IdPrefix(XmlElement element)
    {
        var candidate = "wsu";
        for (var i = 1; element.LookupNamespace(candidate) is not null || OutgoingPart.MayUse(element.Octets.Span, candidate); i++)
        {
            candidate = $"wsu{i}";
        }

        return candidate;
    }
}
