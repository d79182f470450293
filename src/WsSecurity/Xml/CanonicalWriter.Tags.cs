using System.Runtime.InteropServices;

namespace WsSecurity.Xml;

/// <content>Start tags: which namespaces they show, which attributes they carry, and in which order.</content>
internal sealed partial class CanonicalWriter
{
    /// <summary>A pair that the caller of <see cref="WriteContent"/> has rendered and the document does not know.</summary>
    private const int Foreign = -2;

    private readonly List<int> _show = [];
    private readonly List<Attribute> _attributes = [];
    private int _shownHere;
    private readonly TagBuffer _tag;
    private Comparison<int>? _comparePrefixes;
    private Comparison<Attribute>? _compareAttributes;

    /// <summary>Fills the scope with what is declared by an element and around it; nothing is rendered yet.</summary>
    private void EnterScope(XmlElement element)
    {
        int count = _namespaces.PrefixCount;
        Span<int> scope = _scope.AsSpan(0, count);
        scope.Fill(Foreign);
        _rendered.AsSpan(0, count).Fill(NamespaceTable.NotBound);
        _rendered[NamespaceTable.DefaultPrefix] = NamespaceTable.NoNamespace;
        _rendered[NamespaceTable.XmlPrefix] = NamespaceTable.XmlNamespace;
        _declaredBy.AsSpan(0, count).Fill(-1);
        _listed.AsSpan(0, count).Clear();
        foreach (string listed in _prefixes.Prefixes)
        {
            if (_namespaces.FindPrefix(listed) is >= 0 and int prefix)
            {
                _listed[prefix] = true;
            }
        }

        for (; !element.IsNone; element = element.Parent)
        {
            var tag = new XmlTagReader(_document.Span, element.Row);
            while ((element.Row.Flags & XmlRowFlags.HasDeclarations) != 0 && tag.Read())
            {
                if (tag.IsDeclaration)
                {
                    int pair = tag.Declaration(_namespaces, out int prefix);
                    if (scope[prefix] == Foreign)
                    {
                        scope[prefix] = pair;
                    }
                }
            }
        }

        for (int prefix = 0; prefix < count; prefix++)
        {
            if (scope[prefix] == Foreign)
            {
                scope[prefix] = NamespaceTable.NotBound;
            }
        }

        scope[NamespaceTable.XmlPrefix] = NamespaceTable.XmlNamespace;
        scope[NamespaceTable.DefaultPrefix] = Math.Max(scope[NamespaceTable.DefaultPrefix], NamespaceTable.NoNamespace);
    }

    // Inclusive canonicalization shows every prefix in scope, exclusive those that are listed.
    private int[] TopPrefixes() =>
        [.. Enumerable.Range(0, _namespaces.PrefixCount).Where(prefix => _version != CanonicalVersion.Exclusive || _listed[prefix])];

    /// <summary>Writes the start tag anew unless its octets are right; returns where the content begins.</summary>
    private int CorrectStartTag(int number, ref XmlRow row, bool top)
    {
        ReadOnlySpan<byte> source = _document.Span;
        _show.Clear();
        _attributes.Clear();
        int scopeMark = _undoCount;
        int declared = 0;
        var tag = new XmlTagReader(source, row);
        while (tag.Read())
        {
            if (tag.IsDeclaration)
            {
                declared++;
                EnterDeclaration(tag, number);
            }
            else
            {
                _attributes.Add(new Attribute(tag));
            }
        }

        int contentStart = tag.ContentStart;
        int scopeEnd = _undoCount;
        _shownHere = 0;
        ResolveAttributes();
        ShowNamespaces(number, row, top, scopeMark, scopeEnd);
        bool inherited = number == _apexRow && _version != CanonicalVersion.Exclusive && InheritXmlAttributes(number);
        if (_declaredInside is not null && (row.Flags & XmlRowFlags.HasType) != 0)
        {
            CheckType();
        }

        bool verbatim = (row.Flags & XmlRowFlags.TagNotCanonical) == 0 && !inherited && _show.Count == declared && _shownHere == declared;
        if (!verbatim)
        {
            Flush(row.Start);
            WriteTag(row);
            _runStart = contentStart;
        }

        return contentStart;
    }

    private void EnterDeclaration(in XmlTagReader tag, int number)
    {
        int pair = tag.Declaration(_namespaces, out int prefix);
        if (_namespaces.IsRelative(pair))
        {
            RefuseRelative(tag.ValueStart);
        }

        if (prefix != NamespaceTable.XmlPrefix)
        {
            Remember(new Undo(prefix, _scope[prefix], Rendered: false));
            _scope[prefix] = pair;
            _declaredBy[prefix] = number;
            CountInside(prefix, 1);
        }
    }

    private void CountInside(int prefix, int change)
    {
        if (_declaredInside is not null)
        {
            _declaredInside[prefix] += change;
        }
    }

    /// <summary>Finds the pair of each attribute, once all declarations of the tag are in scope.</summary>
    private void ResolveAttributes()
    {
        foreach (ref Attribute attribute in CollectionsMarshal.AsSpan(_attributes))
        {
            if (attribute.PrefixLength > 0)
            {
                attribute.Prefix = _namespaces.FindPrefix(_document.Span.Slice(attribute.NameStart, attribute.PrefixLength));
                attribute.Pair = _scope[attribute.Prefix];
            }
        }
    }

    private void ShowNamespaces(int number, in XmlRow row, bool top, int scopeMark, int scopeEnd)
    {
        if (_version == CanonicalVersion.Exclusive)
        {
            Show(_namespaces.PrefixOf(row.Namespace), number);
            foreach (ref readonly Attribute attribute in CollectionsMarshal.AsSpan(_attributes))
            {
                if (attribute.PrefixLength > 0)
                {
                    Show(attribute.Prefix, number);
                }
            }
        }

        for (int i = scopeMark; i < scopeEnd; i++)
        {
            if (_keepDeclarations || _listed[_undo[i].Prefix])
            {
                Show(_undo[i].Prefix, number);
            }
        }

        if (top)
        {
            foreach (int prefix in _topPrefixes)
            {
                Show(prefix, number);
            }
        }
    }

    /// <summary>Has the tag declare a prefix, unless the output around it already says the same.</summary>
    private void Show(int prefix, int number)
    {
        int pair = _scope[prefix];
        if (pair == NamespaceTable.NotBound || _rendered[prefix] == pair)
        {
            return;
        }

        if (_namespaces.IsRelative(pair))
        {
            RefuseRelative(_runStart);
        }

        Remember(new Undo(prefix, _rendered[prefix], Rendered: true));
        _rendered[prefix] = pair;
        _show.Add(prefix);
        _shownHere += _declaredBy[prefix] == number ? 1 : 0;
    }

    private void WriteTag(in XmlRow row)
    {
        ReadOnlySpan<byte> source = _document.Span;
        _tag.Clear();
        _tag.AppendSource(row.Start, 1 + row.NameLength);
        if (_show.Count > 1)
        {
            _show.Sort(_comparePrefixes ??= (left, right) => _namespaces.PrefixOctets(left).SequenceCompareTo(_namespaces.PrefixOctets(right)));
        }

        foreach (int prefix in _show)
        {
            _tag.Append(prefix == NamespaceTable.DefaultPrefix ? " xmlns"u8 : " xmlns:"u8);
            _tag.Append(_namespaces.PrefixOctets(prefix));
            _tag.Append("=\""u8);
            CanonicalContent.WriteValue(_namespaces.UriOctets(_scope[prefix]), _tag);
            _tag.Append("\""u8);
        }

        SortAttributes();
        foreach (ref readonly Attribute attribute in CollectionsMarshal.AsSpan(_attributes))
        {
            _tag.Append(" "u8);
            _tag.AppendSource(attribute.NameStart, attribute.NameLength);
            _tag.Append("=\""u8);
            if (attribute.Value is null)
            {
                CanonicalContent.WriteRawValue(source.Slice(attribute.ValueStart, attribute.ValueLength), _tag);
            }
            else
            {
                CanonicalContent.WriteValue(attribute.Value, _tag);
            }

            _tag.Append("\""u8);
        }

        _tag.Append(">"u8);
        if ((row.Flags & XmlRowFlags.EmptyElementTag) != 0)
        {
            _tag.Append("</"u8);
            _tag.AppendSource(row.Start + 1, row.NameLength);
            _tag.Append(">"u8);
        }

        _sink.Append(_tag.Written);
    }

    private void SortAttributes()
    {
        const int Few = 8;
        Span<Attribute> attributes = CollectionsMarshal.AsSpan(_attributes);
        if (attributes.Length > Few)
        {
            _attributes.Sort(_compareAttributes ??= (left, right) => CompareAttributes(left, right));
            return;
        }

        for (int i = 1; i < attributes.Length; i++)
        {
            for (int j = i; j > 0 && CompareAttributes(attributes[j - 1], attributes[j]) > 0; j--)
            {
                (attributes[j - 1], attributes[j]) = (attributes[j], attributes[j - 1]);
            }
        }
    }

    private int CompareAttributes(in Attribute left, in Attribute right)
    {
        int order = left.Pair == right.Pair
            ? 0
            : _namespaces.UriOctets(left.Pair).SequenceCompareTo(_namespaces.UriOctets(right.Pair));
        return order != 0 ? order : LocalName(left, _document.Span).SequenceCompareTo(LocalName(right, _document.Span));
    }

    private static ReadOnlySpan<byte> LocalName(in Attribute attribute, ReadOnlySpan<byte> source)
    {
        int skipped = attribute.PrefixLength == 0 ? 0 : attribute.PrefixLength + 1;
        return source.Slice(attribute.NameStart + skipped, attribute.NameLength - skipped);
    }

    private void Remember(Undo undo)
    {
        if (_undoCount == _undo.Length)
        {
            Grow(ref _undo, _undoCount);
        }

        _undo[_undoCount++] = undo;
    }

    private static void RefuseRelative(int offset) =>
        XmlFailure.Throw(SecurityFailure.RelativeNamespaceUri, "A namespace URI is relative", offset);

    /// <summary>An attribute of the source, or one whose name stands there and that has got another value.</summary>
    private struct Attribute(in XmlTagReader tag)
    {
        public readonly int NameStart = tag.NameStart;
        public readonly int NameLength = tag.NameLength;
        public readonly int PrefixLength = tag.PrefixLength;
        public readonly int ValueStart = tag.ValueStart;
        public readonly int ValueLength = tag.ValueLength;
        public int Prefix;
        public int Pair;
        public byte[]? Value;
    }
}
