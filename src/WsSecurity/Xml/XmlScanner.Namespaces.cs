using System.Runtime.CompilerServices;

namespace WsSecurity.Xml;

/// <content>Namespace declarations, their scope, and the prefixes that names use.</content>
internal ref partial struct XmlScanner
{
    /// <summary>Puts the declarations of an element in force (Namespaces in XML 1.0, sections 3 and 5).</summary>
    private void Declare(int count, int depth, ref Frame frame)
    {
        ReadOnlySpan<byte> previous = default;
        bool first = true;
        for (int i = 0; i < count; i++)
        {
            ref Attribute attribute = ref _attributes[i];
            if (!IsDeclaration(attribute))
            {
                continue;
            }

            ReadOnlySpan<byte> name = attribute.PrefixLength == 0 ? default : _source.Slice(attribute.LocalStart, attribute.LocalLength);
            if (!first && previous.SequenceCompareTo(name) >= 0)
            {
                frame.Flags |= XmlRowFlags.TagNotCanonical;
            }

            previous = name;
            first = false;
            int prefix = attribute.PrefixLength == 0
                ? NamespaceTable.DefaultPrefix
                : _namespaces.InternPrefix(attribute.LocalStart, attribute.LocalLength);
            int pair = _namespaces.InternPair(prefix, attribute.ValueStart, attribute.ValueLength);
            CheckReserved(prefix, pair, name, attribute.ValueStart);
            attribute.Pair = prefix;
            ref NamespaceTable.Prefix binding = ref _namespaces[prefix];
            if (binding.Depth == depth)
            {
                XmlFailure.Malformed("A prefix is declared twice by one element", attribute.NameStart);
            }

            NoteDeclaration(prefix, pair, binding, ref frame);
            if (_changeCount == _changes.Length)
            {
                Grow(ref _changes, _changeCount);
            }

            _changes[_changeCount++] = new ScopeChange { Prefix = prefix, Pair = binding.Pair, Depth = binding.Depth };
            binding.Pair = pair;
            binding.Depth = depth;
            binding.UsedByRow = -1;
        }
    }

    // A second declaration of the prefix xml is not rendered (Canonical XML 1.0, section 2.3), one that repeats what an outer element
    // of the subtree says is superfluous, and xmlns="" is written only inside of another default namespace.
    private static void NoteDeclaration(int prefix, int pair, in NamespaceTable.Prefix outer, ref Frame frame)
    {
        if (prefix == NamespaceTable.XmlPrefix || (pair == NamespaceTable.NoNamespace && outer.Pair == NamespaceTable.NoNamespace))
        {
            frame.Flags |= XmlRowFlags.TagNotCanonical;
        }
        else if (pair == NamespaceTable.NoNamespace)
        {
            frame.OutermostUse = Math.Min(frame.OutermostUse, outer.Depth);
        }
        else if (pair == outer.Pair)
        {
            frame.InnermostRepeated = Math.Max(frame.InnermostRepeated, outer.Depth);
        }
    }

    private readonly void CheckReserved(int prefix, int pair, ReadOnlySpan<byte> name, int offset)
    {
        ReadOnlySpan<byte> uri = _namespaces.UriOctets(pair);
        bool xml = uri.SequenceEqual("http://www.w3.org/XML/1998/namespace"u8);
        if (xml != (prefix == NamespaceTable.XmlPrefix)
            || name.SequenceEqual("xmlns"u8)
            || uri.SequenceEqual("http://www.w3.org/2000/xmlns/"u8))
        {
            XmlFailure.Malformed("A reserved prefix or namespace is declared", offset);
        }

        if (uri.IsEmpty && prefix != NamespaceTable.DefaultPrefix)
        {
            XmlFailure.Malformed("A prefix is undeclared, which Namespaces in XML 1.0 does not know", offset);
        }
    }

    private readonly void CheckDeclarationsUsed(int count, ref Frame frame)
    {
        for (int i = 0; i < count; i++)
        {
            if (IsDeclaration(_attributes[i]) && _namespaces[_attributes[i].Pair].UsedByRow != frame.Row)
            {
                frame.Flags |= XmlRowFlags.UnusedDeclaration;
            }
        }
    }

    private void RestoreScope(int mark)
    {
        while (_changeCount > mark)
        {
            ref ScopeChange change = ref _changes[--_changeCount];
            ref NamespaceTable.Prefix prefix = ref _namespaces[change.Prefix];
            prefix.Pair = change.Pair;
            prefix.Depth = change.Depth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ResolveElement(int nameStart, int prefixLength, ref Frame frame)
    {
        int prefix = NamespaceTable.DefaultPrefix;
        if (prefixLength != 0)
        {
            prefix = FindBoundPrefix(nameStart, prefixLength);
        }

        return Use(prefix, ref frame);
    }

    /// <summary>Notes the visible use of a prefix; returns the pair in force.</summary>
    private readonly int Use(int prefix, ref Frame frame)
    {
        ref NamespaceTable.Prefix binding = ref _namespaces[prefix];
        binding.UsedByRow = frame.Row;
        if (binding.Pair > NamespaceTable.XmlNamespace)
        {
            frame.OutermostUse = Math.Min(frame.OutermostUse, binding.Depth);
        }

        return binding.Pair;
    }

    private int FindBoundPrefix(int start, int length)
    {
        // Most names have the prefix of the name before.
        int prefix = _recentPrefix;
        if (length != _recentPrefixLength || _source[start] != _source[_recentPrefixStart]
            || (length > 1 && !_source.Slice(start, length).SequenceEqual(_source.Slice(_recentPrefixStart, length))))
        {
            prefix = _namespaces.FindPrefix(_source.Slice(start, length));
            (_recentPrefix, _recentPrefixStart, _recentPrefixLength) = (prefix, start, length);
        }

        if (prefix == NamespaceTable.NotBound || _namespaces[prefix].Pair == NamespaceTable.NotBound)
        {
            XmlFailure.Malformed("A prefix that is not declared", start);
        }

        return prefix;
    }
}
