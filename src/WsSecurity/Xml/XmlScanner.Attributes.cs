using System.Buffers;

namespace WsSecurity.Xml;

/// <content>The attributes and namespace declarations of a start tag.</content>
internal ref partial struct XmlScanner
{
    private static readonly SearchValues<byte> ValueStops = SearchValues.Create(Octets(XmlCharacters.ValueStop));

    /// <summary>
    /// Scans what follows the element's name up to the end of the start tag; returns where the content begins.
    /// </summary>
    private int ScanAttributes(int position, int depth, int prefixLength, ref Frame frame, out int pair)
    {
        position = ReadAttributes(position, ref frame, out int count, out int declarations);
        if (declarations > 0)
        {
            Declare(count, depth, ref frame);
        }

        pair = ResolveElement(frame.NameStart, prefixLength, ref frame);
        if (count > declarations)
        {
            CheckAttributes(count, pair, ref frame);
        }

        if (declarations > 0)
        {
            CheckDeclarationsUsed(count, ref frame);
        }

        return position;
    }

    private int ReadAttributes(int position, ref Frame frame, out int count, out int declarations)
    {
        ReadOnlySpan<byte> source = _source;
        ReadOnlySpan<byte> classes = XmlCharacters.Classes;
        bool canonical = true;
        count = 0;
        declarations = 0;
        while (true)
        {
            int gap = position;
            byte octet;
            while ((classes[octet = (uint)position < (uint)source.Length ? source[position] : (byte)0] & XmlCharacters.Space) != 0)
            {
                position++;
            }

            if (octet == '>')
            {
                canonical &= position == gap;
                position++;
                break;
            }

            if (octet == '/')
            {
                if (position + 1 >= source.Length || source[position + 1] != '>')
                {
                    XmlFailure.Malformed("'/' inside a start tag", position);
                }

                frame.Flags |= XmlRowFlags.EmptyElementTag;
                canonical = false;
                position += 2;
                break;
            }

            if (position == source.Length)
            {
                XmlFailure.Malformed("A start tag is not closed", position);
            }

            if (position == gap)
            {
                XmlFailure.Malformed("A start tag with something else than attributes", position);
            }

            canonical &= position == gap + 1 && source[gap] == ' ';
            if (count == _maxAttributes)
            {
                XmlFailure.Throw(SecurityFailure.TooManyAttributes, $"More than {_maxAttributes} attributes", position);
            }

            if (count == _attributes.Length)
            {
                Grow(ref _attributes, count);
            }

            ref Attribute attribute = ref _attributes[count++];
            attribute.NameStart = position;
            position = ScanAttributeName(position, ref attribute);
            if (attribute.NameLength >= 5 && IsDeclaration(attribute))
            {
                // Canonical XML 1.0, section 2.2: declarations come before attributes.
                canonical &= declarations == count - 1;
                declarations++;
            }

            if ((uint)position < (uint)source.Length && source[position] != '=')
            {
                canonical = false;
                SkipSpace(ref position);
            }

            Expect(position, (byte)'=');
            position++;
            if ((uint)position >= (uint)source.Length || (octet = source[position]) != '"')
            {
                canonical = false;
                SkipSpace(ref position);
                octet = position < source.Length ? source[position] : (byte)0;
                if (octet is not ((byte)'"' or (byte)'\''))
                {
                    XmlFailure.Malformed("An attribute value is not quoted", position);
                }
            }

            attribute.ValueStart = ++position;
            position = ScanValue(position, octet, ref canonical);
            attribute.ValueLength = position - attribute.ValueStart;
            position++;
        }

        frame.Flags |= (count > declarations ? XmlRowFlags.HasAttributes : 0)
            | (declarations > 0 ? XmlRowFlags.HasDeclarations : 0)
            | (canonical ? 0 : XmlRowFlags.TagNotCanonical);
        return position;
    }

    private readonly int ScanAttributeName(int start, ref Attribute attribute)
    {
        ReadOnlySpan<byte> classes = XmlCharacters.Classes;
        int end = start;
        byte octet = _source[end];
        attribute.PrefixLength = 0;
        if ((classes[octet] & XmlCharacters.NameStart) != 0)
        {
            do
            {
                end++;
                octet = (uint)end < (uint)_source.Length ? _source[end] : (byte)0;
            }
            while ((classes[octet] & XmlCharacters.Name) != 0);
        }

        if (octet != '=' || end == start)
        {
            end = ScanQualifiedName(start, out attribute.PrefixLength);
        }

        attribute.NameLength = end - start;
        if (attribute.NameLength > _maxNameLength)
        {
            XmlFailure.Throw(SecurityFailure.NameTooLong, $"A name of more than {_maxNameLength} octets", start);
        }

        return end;
    }

    /// <summary>Returns where the closing quote stands.</summary>
    private readonly int ScanValue(int position, byte quote, ref bool canonical)
    {
        ReadOnlySpan<byte> source = _source;
        ReadOnlySpan<byte> classes = XmlCharacters.Classes;
        int plain = position;
        canonical &= quote == '"';
        while (true)
        {
            byte octet = (uint)position < (uint)source.Length ? source[position] : (byte)0;
            if ((classes[octet] & XmlCharacters.ValueStop) == 0)
            {
                position++;
                if (position - plain == LongText)
                {
                    int stop = source[position..].IndexOfAny(ValueStops);
                    position = stop < 0 ? source.Length : position + stop;
                }

                continue;
            }

            if (octet == quote)
            {
                return position;
            }

            switch (octet)
            {
                case (byte)'"' or (byte)'\'':
                    position++;
                    break;
                case (byte)'\t' or (byte)'\n' or (byte)'\r':
                    canonical = false;
                    position++;
                    break;
                case (byte)'&':
                    int end = XmlReference.Scan(source, position);
                    canonical &= XmlReference.IsCanonicalInValue(source[position..end]);
                    position = end;
                    break;
                default:
                    XmlFailure.Malformed(
                        position == source.Length ? "An attribute value is not closed" : "A character that an attribute value may not hold",
                        position);
                    break;
            }

            plain = position;
        }
    }

    private readonly bool IsDeclaration(in Attribute attribute) => attribute.PrefixLength == 0
        ? attribute.NameLength == 5 && _source.Slice(attribute.NameStart, 5).SequenceEqual("xmlns"u8)
        : attribute.PrefixLength == 5 && _source.Slice(attribute.NameStart, 5).SequenceEqual("xmlns"u8);

    /// <summary>Resolves the prefixes of attributes, checks that none stands twice, and notes what others want to know.</summary>
    private void CheckAttributes(int count, int elementPair, ref Frame frame)
    {
        int previous = -1;
        bool ordered = true;
        for (int i = 0; i < count; i++)
        {
            ref Attribute attribute = ref _attributes[i];
            if (IsDeclaration(attribute))
            {
                continue;
            }

            attribute.Pair = NamespaceTable.NoNamespace;
            if (attribute.PrefixLength > 0)
            {
                attribute.Pair = Use(FindBoundPrefix(attribute.NameStart, attribute.PrefixLength), ref frame);
                frame.Flags |= attribute.Pair == NamespaceTable.XmlNamespace
                    ? XmlRowFlags.HasXmlAttributes
                    : XmlRowFlags.HasPrefixedAttributes;
            }

            ordered &= previous < 0 || Compare(_attributes[previous], attribute) < 0;
            previous = i;
            if (attribute.Pair == NamespaceTable.XmlNamespace)
            {
                CheckXmlSpace(attribute);
            }

            NoteId(attribute, elementPair, frame.Row, frame.NameStart, frame.NameLength);
            NoteType(attribute, ref frame);
        }

        if (!ordered)
        {
            frame.Flags |= XmlRowFlags.TagNotCanonical;
            CheckUnique(count);
        }
    }

    // XML 1.0, section 2.10, which the readers behind us enforce.
    private readonly void CheckXmlSpace(in Attribute attribute)
    {
        if (_source.Slice(attribute.LocalStart, attribute.LocalLength).SequenceEqual("space"u8)
            && XmlText.ValueString(_source.Slice(attribute.ValueStart, attribute.ValueLength)).Trim(' ', '\t', '\r', '\n')
                is not ("preserve" or "default"))
        {
            XmlFailure.Malformed("xml:space is neither preserve nor default", attribute.ValueStart);
        }
    }

    // Canonical XML 1.0, section 2.2: by namespace, then by local name; the order of UTF-8 octets is that of code points.
    private readonly int Compare(in Attribute left, in Attribute right)
    {
        int order = left.Pair == right.Pair
            ? 0
            : _namespaces.UriOctets(left.Pair).SequenceCompareTo(_namespaces.UriOctets(right.Pair));
        return order != 0
            ? order
            : _source.Slice(left.LocalStart, left.LocalLength).SequenceCompareTo(_source.Slice(right.LocalStart, right.LocalLength));
    }

    private readonly void CheckUnique(int count)
    {
        const int Few = 8;
        if (count > Few)
        {
            CheckUniqueBySorting(count);
            return;
        }

        for (int i = 1; i < count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (_attributes[i].LocalLength == _attributes[j].LocalLength
                    && !IsDeclaration(_attributes[i]) && !IsDeclaration(_attributes[j])
                    && Compare(_attributes[i], _attributes[j]) == 0)
                {
                    XmlFailure.Malformed("An attribute stands twice", _attributes[i].NameStart);
                }
            }
        }
    }

    // Comparing each with each would let a peer choose a quadratic effort.
    private readonly void CheckUniqueBySorting(int count)
    {
        int[] order = ArrayPool<int>.Shared.Rent(count);
        try
        {
            int used = 0;
            for (int i = 0; i < count; i++)
            {
                if (!IsDeclaration(_attributes[i]))
                {
                    order[used++] = i;
                }
            }

            order.AsSpan(0, used).Sort(new AttributeOrder(_index, _attributes));
            for (int i = 1; i < used; i++)
            {
                if (Compare(_attributes[order[i - 1]], _attributes[order[i]]) == 0)
                {
                    XmlFailure.Malformed("An attribute stands twice", _attributes[order[i]].NameStart);
                }
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(order);
        }
    }

    private readonly void SkipSpace(ref int position)
    {
        while (position < _source.Length && XmlCharacters.IsSpace(_source[position]))
        {
            position++;
        }
    }

    private readonly void Expect(int position, byte octet)
    {
        if ((uint)position >= (uint)_source.Length || _source[position] != octet)
        {
            XmlFailure.Malformed($"'{(char)octet}' is expected", position);
        }
    }

    private sealed class AttributeOrder(XmlIndex index, Attribute[] attributes) : IComparer<int>
    {
        public int Compare(int x, int y)
        {
            ReadOnlySpan<byte> source = index.Source;
            ref Attribute left = ref attributes[x];
            ref Attribute right = ref attributes[y];
            int order = index.Namespaces.UriOctets(left.Pair).SequenceCompareTo(index.Namespaces.UriOctets(right.Pair));
            return order != 0
                ? order
                : source.Slice(left.LocalStart, left.LocalLength).SequenceCompareTo(source.Slice(right.LocalStart, right.LocalLength));
        }
    }
}
