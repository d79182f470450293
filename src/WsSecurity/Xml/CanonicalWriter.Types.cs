using System.Runtime.InteropServices;

namespace WsSecurity.Xml;

/// <content>Finds what a canonical form leaves to its surroundings although the meaning depends on it.</content>
internal sealed partial class CanonicalWriter
{
    // By prefix id: how many declarations inside of the apex are in scope. Null unless types are sought.
    private int[]? _declaredInside;
    private bool _typeBoundOutside;

    /// <summary>
    /// Walks an element to find an <c>xsi:type</c> whose prefix is declared outside, or nowhere, and that the canonical form does not show.
    /// </summary>
    public bool FindsTypeBoundOutside(XmlElement apex)
    {
        _declaredInside = new int[_namespaces.PrefixCount];
        WriteElement(apex, omitted: default);
        return _typeBoundOutside;
    }

    private void CheckType()
    {
        ReadOnlySpan<byte> source = _document.Span;
        foreach (ref readonly Attribute attribute in CollectionsMarshal.AsSpan(_attributes))
        {
            if (attribute.PrefixLength == 0
                || _namespaces.KnownOf(attribute.Pair) != KnownNamespace.XmlSchemaInstance
                || !LocalName(attribute, source).SequenceEqual("type"u8))
            {
                continue;
            }

            int prefix = XmlTypeName.FindPrefix(_namespaces, source.Slice(attribute.ValueStart, attribute.ValueLength));
            int pair = prefix == NamespaceTable.NotBound ? NamespaceTable.NotBound : _scope[prefix];
            _typeBoundOutside |= pair == NamespaceTable.NotBound || (_rendered[prefix] != pair && _declaredInside![prefix] == 0);
        }
    }
}
