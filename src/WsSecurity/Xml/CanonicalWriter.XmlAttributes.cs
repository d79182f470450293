using System.Runtime.InteropServices;
using System.Text;

namespace WsSecurity.Xml;

/// <content>What an apex takes over from the ancestors that it leaves behind.</content>
internal sealed partial class CanonicalWriter
{
    /// <summary>
    /// Attributes of the xml namespace are inherited: all of them by Canonical XML 1.0, section 2.4; by 1.1 only <c>xml:lang</c> and
    /// <c>xml:space</c>, while <c>xml:base</c> values are joined. Returns whether that changed anything.
    /// </summary>
    private bool InheritXmlAttributes(int apex)
    {
        bool changed = false;
        var bases = new List<Attribute>();
        for (int row = _index.ParentOf(apex); row >= 0; row = _index.ParentOf(row))
        {
            ref XmlRow ancestor = ref _index.Row(row);
            var tag = new XmlTagReader(_document.Span, ancestor);
            while ((ancestor.Flags & XmlRowFlags.HasXmlAttributes) != 0 && tag.Read())
            {
                if (!tag.Prefix.SequenceEqual("xml"u8))
                {
                    continue;
                }

                if (_version == CanonicalVersion.Inclusive11 && tag.LocalName.SequenceEqual("base"u8))
                {
                    bases.Add(new Attribute(tag) { Pair = NamespaceTable.XmlNamespace });
                }
                else if (IsInherited(tag.LocalName) && FindXmlAttribute(tag.LocalName) < 0)
                {
                    _attributes.Add(new Attribute(tag) { Pair = NamespaceTable.XmlNamespace });
                    changed = true;
                }
            }
        }

        if (bases.Count == 0)
        {
            return changed;
        }

        // The values come from the inside out; the element's own is the innermost.
        int own = FindXmlAttribute("base"u8);
        Attribute joined = own >= 0 ? _attributes[own] : bases[0];
        string value = ValueOf(joined);
        foreach (ref readonly Attribute outer in CollectionsMarshal.AsSpan(bases)[(own >= 0 ? 0 : 1)..])
        {
            value = XmlBase.Join(ValueOf(outer), value);
        }

        if (own >= 0)
        {
            _attributes.RemoveAt(own);
        }

        if (value.Length > 0)
        {
            joined.Value = Encoding.UTF8.GetBytes(value);
            _attributes.Add(joined);
        }

        return true;
    }

    private bool IsInherited(ReadOnlySpan<byte> localName) =>
        _version == CanonicalVersion.Inclusive10 || localName.SequenceEqual("lang"u8) || localName.SequenceEqual("space"u8);

    private int FindXmlAttribute(ReadOnlySpan<byte> localName)
    {
        for (int i = 0; i < _attributes.Count; i++)
        {
            if (_attributes[i].Pair == NamespaceTable.XmlNamespace && LocalName(_attributes[i], _document.Span).SequenceEqual(localName))
            {
                return i;
            }
        }

        return -1;
    }

    private string ValueOf(in Attribute attribute) => XmlText.ValueString(_document.Span.Slice(attribute.ValueStart, attribute.ValueLength));
}
