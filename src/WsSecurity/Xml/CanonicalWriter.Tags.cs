using System.Text;

namespace WsSecurity.Xml;

/// <content>Start tags: which namespaces they show, which attributes they carry, and in which order.</content>
internal sealed partial class CanonicalWriter
{
    /// <summary>A pair that the caller of <see cref="WriteContent"/> has rendered and the document does not know.</summary>
    private const int Foreign = -2;

    private readonly List<int> _show = [];
    private readonly List<Attribute> _attributes = [];
    private int _shownHere;
    private bool _findTypes;
    private bool _typeBoundOutside;

    /// <summary>Walks an element to find an <c>xsi:type</c> that its canonical form leaves to the surroundings.</summary>
    public bool FindsTypeBoundOutside(XmlElement apex)
    {
        _findTypes = true;
        WriteElement(apex, omitted: default);
        return _typeBoundOutside;
    }

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
                _attributes.Add(new Attribute(tag.NameStart, tag.NameLength, tag.PrefixLength, tag.ValueStart, tag.ValueLength, null));
            }
        }

        int contentStart = tag.ContentStart;
        int scopeEnd = _undoCount;
        _shownHere = 0;
        ShowNamespaces(number, row, top, scopeMark, scopeEnd);
        bool inherited = number == _apexRow && _version != CanonicalVersion.Exclusive && InheritXmlAttributes(number);
        if (_findTypes && (row.Flags & XmlRowFlags.HasType) != 0)
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
        }
    }

    private void ShowNamespaces(int number, in XmlRow row, bool top, int scopeMark, int scopeEnd)
    {
        if (_version == CanonicalVersion.Exclusive)
        {
            Show(_namespaces.PrefixOf(row.Namespace), number);
            foreach (ref readonly Attribute attribute in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_attributes))
            {
                if (attribute.PrefixLength > 0)
                {
                    Show(_namespaces.FindPrefix(_document.Span.Slice(attribute.NameStart, attribute.PrefixLength)), number);
                }
            }
        }

        for (int i = scopeMark; i < scopeEnd; i++)
        {
            if (_version != CanonicalVersion.Exclusive || _listed[_undo[i].Prefix])
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
        _sink.AppendSource(row.Start, 1 + row.NameLength);
        _show.Sort((left, right) => _namespaces.PrefixOctets(left).SequenceCompareTo(_namespaces.PrefixOctets(right)));
        foreach (int prefix in _show)
        {
            _sink.Append(prefix == NamespaceTable.DefaultPrefix ? " xmlns"u8 : " xmlns:"u8);
            _sink.Append(_namespaces.PrefixOctets(prefix));
            _sink.Append("=\""u8);
            CanonicalContent.WriteValue(_namespaces.UriOctets(_scope[prefix]), _sink);
            _sink.Append("\""u8);
        }

        _attributes.Sort(CompareAttributes);
        foreach (Attribute attribute in _attributes)
        {
            _sink.Append(" "u8);
            _sink.AppendSource(attribute.NameStart, attribute.NameLength);
            _sink.Append("=\""u8);
            if (attribute.Value is null)
            {
                CanonicalContent.WriteRawValue(source.Slice(attribute.ValueStart, attribute.ValueLength), _sink);
            }
            else
            {
                CanonicalContent.WriteValue(attribute.Value, _sink);
            }

            _sink.Append("\""u8);
        }

        _sink.Append(">"u8);
        if ((row.Flags & XmlRowFlags.EmptyElementTag) != 0)
        {
            _sink.Append("</"u8);
            _sink.AppendSource(row.Start + 1, row.NameLength);
            _sink.Append(">"u8);
        }
    }

    private int CompareAttributes(Attribute left, Attribute right)
    {
        ReadOnlySpan<byte> source = _document.Span;
        int order = _namespaces.UriOctets(PairOf(left)).SequenceCompareTo(_namespaces.UriOctets(PairOf(right)));
        return order != 0 ? order : LocalName(left, source).SequenceCompareTo(LocalName(right, source));
    }

    private int PairOf(in Attribute attribute) => attribute.PrefixLength == 0
        ? NamespaceTable.NoNamespace
        : _scope[_namespaces.FindPrefix(_document.Span.Slice(attribute.NameStart, attribute.PrefixLength))];

    private static ReadOnlySpan<byte> LocalName(in Attribute attribute, ReadOnlySpan<byte> source)
    {
        int skipped = attribute.PrefixLength == 0 ? 0 : attribute.PrefixLength + 1;
        return source.Slice(attribute.NameStart + skipped, attribute.NameLength - skipped);
    }

    private bool IsXmlAttribute(in Attribute attribute) =>
        attribute.PrefixLength == 3 && _document.Span.Slice(attribute.NameStart, 3).SequenceEqual("xml"u8);

    /// <summary>
    /// The apex takes over attributes of the xml namespace from its ancestors: all of them by Canonical XML 1.0, section 2.4;
    /// by 1.1 only <c>xml:lang</c> and <c>xml:space</c>, while <c>xml:base</c> values are joined.
    /// </summary>
    private bool InheritXmlAttributes(int number)
    {
        ReadOnlySpan<byte> source = _document.Span;
        bool changed = false;
        var bases = new List<string>();
        for (int row = _index.ParentOf(number); row >= 0; row = _index.ParentOf(row))
        {
            ref XmlRow ancestor = ref _index.Row(row);
            var tag = new XmlTagReader(source, ancestor);
            while ((ancestor.Flags & XmlRowFlags.HasXmlAttributes) != 0 && tag.Read())
            {
                var attribute = new Attribute(tag.NameStart, tag.NameLength, tag.PrefixLength, tag.ValueStart, tag.ValueLength, null);
                if (!IsXmlAttribute(attribute))
                {
                    continue;
                }

                if (_version == CanonicalVersion.Inclusive11 && !tag.LocalName.SequenceEqual("lang"u8) && !tag.LocalName.SequenceEqual("space"u8))
                {
                    if (tag.LocalName.SequenceEqual("base"u8))
                    {
                        bases.Add(XmlText.ValueString(tag.RawValue));
                    }
                }
                else if (!HasXmlAttribute(tag.LocalName))
                {
                    _attributes.Add(attribute);
                    changed = true;
                }
            }
        }

        if (bases.Count > 0)
        {
            JoinBases(bases);
            changed = true;
        }

        return changed;
    }

    private bool HasXmlAttribute(ReadOnlySpan<byte> localName)
    {
        foreach (Attribute attribute in _attributes)
        {
            if (IsXmlAttribute(attribute) && LocalName(attribute, _document.Span).SequenceEqual(localName))
            {
                return true;
            }
        }

        return false;
    }

    // Values come from the inside out; the element's own is the innermost.
    private void JoinBases(List<string> ancestorBases)
    {
        ReadOnlySpan<byte> source = _document.Span;
        int own = _attributes.FindIndex(IsBase);
        string joined = "";
        if (own >= 0)
        {
            joined = XmlText.ValueString(source.Slice(_attributes[own].ValueStart, _attributes[own].ValueLength));
            _attributes.RemoveAt(own);
        }
        else
        {
            joined = ancestorBases[0];
            ancestorBases.RemoveAt(0);
        }

        foreach (string outer in ancestorBases)
        {
            joined = XmlBase.Join(outer, joined);
        }

        if (joined.Length > 0)
        {
            AddBase(joined);
        }
    }

    private bool IsBase(Attribute attribute) =>
        IsXmlAttribute(attribute) && LocalName(attribute, _document.Span).SequenceEqual("base"u8);

    // The name is copied from the ancestor that has the attribute: some ancestor or the element itself does.
    private void AddBase(string value)
    {
        int row = _apexRow;
        while (row >= 0)
        {
            var tag = new XmlTagReader(_document.Span, _index.Row(row));
            while (tag.Read())
            {
                var attribute = new Attribute(
                    tag.NameStart, tag.NameLength, tag.PrefixLength, tag.ValueStart, tag.ValueLength, Encoding.UTF8.GetBytes(value));
                if (IsBase(attribute))
                {
                    _attributes.Add(attribute);
                    return;
                }
            }

            row = _index.ParentOf(row);
        }
    }

    /// <summary>Notes an xsi:type whose prefix neither the element's subtree declares nor its canonical form shows.</summary>
    private void CheckType()
    {
        foreach (Attribute attribute in _attributes)
        {
            ReadOnlySpan<byte> source = _document.Span;
            if (attribute.PrefixLength == 0
                || _namespaces.KnownOf(PairOf(attribute)) != KnownNamespace.XmlSchemaInstance
                || !LocalName(attribute, source).SequenceEqual("type"u8))
            {
                continue;
            }

            int prefix = XmlTypeName.FindPrefix(_namespaces, source.Slice(attribute.ValueStart, attribute.ValueLength));
            int pair = prefix < 0 ? NamespaceTable.NotBound : _scope[prefix];
            bool shown = prefix >= 0 && pair != NamespaceTable.NotBound && _rendered[prefix] == pair;
            bool declaredInside = prefix >= 0 && pair != NamespaceTable.NotBound && IsDeclaredInside(prefix);
            _typeBoundOutside |= !shown && !declaredInside;
        }
    }

    private bool IsDeclaredInside(int prefix)
    {
        for (int i = 0; i < _undoCount; i++)
        {
            if (_undo[i].Prefix == prefix && !_undo[i].Rendered)
            {
                return true;
            }
        }

        return false;
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

    /// <summary>An attribute of the source, or of another name's place in the source with a value of its own.</summary>
    private readonly record struct Attribute(
        int NameStart, int NameLength, int PrefixLength, int ValueStart, int ValueLength, byte[]? Value);
}
