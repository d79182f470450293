using System.Buffers;
using System.Buffers.Binary;

namespace WsSecurity.Xml;

/// <summary>
/// The one pass over a document: checks well-formedness and namespaces, writes the rows of an <see cref="XmlIndex"/>, and finds
/// out which subtrees are written just as exclusive canonicalization would write them.
/// </summary>
/// <remarks>
/// Whether a subtree is canonical in place depends on its apex only through depths. A prefix that is visibly used must be declared
/// inside: <see cref="Frame.OutermostUse"/> is the least depth of a declaration that the subtree relies on. A declaration must not
/// repeat one of the subtree: <see cref="Frame.InnermostRepeated"/> is the greatest depth of a declaration that is repeated.
/// </remarks>
internal ref partial struct XmlScanner
{
    private const int LongText = 32;

    private static readonly SearchValues<byte> TextStops = SearchValues.Create(Octets(XmlCharacters.TextStop));

    private readonly XmlIndex _index;
    private readonly NamespaceTable _namespaces;
    private readonly ReadOnlySpan<byte> _source;
    private readonly int _maxDepth;
    private readonly int _maxElements;
    private readonly int _maxAttributes;
    private readonly int _maxNameLength;
    private Frame[] _frames;
    private Attribute[] _attributes;
    private ScopeChange[] _changes;
    private int _changeCount;
    private int _recentPrefix;
    private int _recentPrefixStart;
    private int _recentPrefixLength;

    public XmlScanner(XmlIndex index, ProcessingLimits limits)
    {
        _index = index;
        _namespaces = index.Namespaces;
        _source = index.Source;
        _maxDepth = Math.Min(limits.MaxDepth, ushort.MaxValue);
        _maxElements = limits.MaxElements;
        _maxAttributes = limits.MaxAttributes;
        _maxNameLength = Math.Min(limits.MaxNameLength, ushort.MaxValue);
        _frames = ArrayPool<Frame>.Shared.Rent(16);
        _attributes = ArrayPool<Attribute>.Shared.Rent(16);
        _changes = ArrayPool<ScopeChange>.Shared.Rent(16);
    }

    /// <summary>Scans everything; returns where the XML declaration ends.</summary>
    public int ScanDocument()
    {
        try
        {
            int invalid = XmlCharacters.IndexOfInvalidUtf8(_source);
            if (invalid >= 0)
            {
                XmlFailure.Throw(SecurityFailure.InvalidEncoding, "The octets are not well-formed UTF-8", invalid);
            }

            int prolog = XmlDeclaration.Read(_source, out _);
            int root = ScanOutsideOfRoot(prolog);
            if (root == _source.Length)
            {
                XmlFailure.Malformed("The document has no root element", root);
            }

            int end = ScanOutsideOfRoot(ScanElements(root));
            if (end != _source.Length)
            {
                XmlFailure.Malformed("A second element beside the root", end);
            }

            return prolog;
        }
        finally
        {
            ArrayPool<Frame>.Shared.Return(_frames);
            ArrayPool<Attribute>.Shared.Return(_attributes);
            ArrayPool<ScopeChange>.Shared.Return(_changes);
        }
    }

    private int ScanElements(int position)
    {
        ReadOnlySpan<byte> source = _source;
        ReadOnlySpan<byte> classes = XmlCharacters.Classes;
        int rowCount = 0;
        int depth = 0;
        while (true)
        {
            // At the position stands a '<'.
            byte next = (uint)(position + 1) < (uint)source.Length ? source[position + 1] : (byte)0;
            if (next == '/')
            {
                position = Close(position, depth, rowCount);
                depth--;
            }
            else if (next == '!')
            {
                position = ScanSectionOrComment(position, ref _frames[depth - 1]);
            }
            else
            {
                int nameStart = position + 1;
                int end = nameStart;
                byte octet = next;
                int prefixLength = 0;
                while (true)
                {
                    if ((classes[octet] & XmlCharacters.NameStart) != 0)
                    {
                        do
                        {
                            end++;
                            octet = (uint)end < (uint)source.Length ? source[end] : (byte)0;
                        }
                        while ((classes[octet] & XmlCharacters.Name) != 0);
                    }

                    if (octet != ':' || prefixLength != 0 || end == nameStart)
                    {
                        break;
                    }

                    prefixLength = end - nameStart;
                    end++;
                    octet = (uint)end < (uint)source.Length ? source[end] : (byte)0;
                }

                // All other names, and what is none, the slow way: from the beginning, octets above 0x7F included.
                if (octet is not ((byte)'>' or (byte)' ') || end == nameStart || source[end - 1] == ':')
                {
                    end = ScanElementName(nameStart, out prefixLength);
                    octet = (uint)end < (uint)source.Length ? source[end] : (byte)0;
                }

                if (end - nameStart > _maxNameLength)
                {
                    XmlFailure.Throw(SecurityFailure.NameTooLong, $"A name of more than {_maxNameLength} octets", nameStart);
                }

                if (rowCount == _maxElements)
                {
                    XmlFailure.Throw(SecurityFailure.TooManyElements, $"More than {_maxElements} elements", position);
                }

                if (depth == _maxDepth)
                {
                    XmlFailure.Throw(SecurityFailure.NestingTooDeep, $"Elements nested deeper than {_maxDepth}", position);
                }

                if (depth == _frames.Length)
                {
                    Grow(ref _frames, depth);
                }

                if (depth > 0)
                {
                    _frames[depth - 1].Flags |= XmlRowFlags.HasChildElements;
                }

                ref Frame frame = ref _frames[depth++];
                frame.Row = rowCount;
                frame.NameStart = nameStart;
                frame.NameLength = end - nameStart;
                frame.ChangeMark = _changeCount;
                frame.OutermostUse = int.MaxValue;
                frame.OutermostType = int.MaxValue;
                frame.InnermostRepeated = 0;
                frame.Flags = XmlRowFlags.None;

                int pair;
                if (octet == '>')
                {
                    position = end + 1;
                    pair = ResolveElement(nameStart, prefixLength, ref frame);
                }
                else
                {
                    position = ScanAttributes(end, depth, prefixLength, ref frame, out pair);
                }

                ref XmlRow row = ref _index.Add(rowCount);
                row.Start = nameStart - 1;
                row.Namespace = (ushort)pair;
                row.NameLength = (ushort)(end - nameStart);
                row.Depth = (ushort)depth;
                rowCount++;
                if ((frame.Flags & XmlRowFlags.EmptyElementTag) != 0)
                {
                    Complete(ref frame, position, depth, rowCount);
                    depth--;
                }
            }

            if (depth == 0)
            {
                _index.Complete(rowCount);
                return position;
            }

            // Text, up to the next '<'.
            int start = position;
            int plain = position;
            while (true)
            {
                byte octet = (uint)position < (uint)source.Length ? source[position] : (byte)0;
                if ((classes[octet] & XmlCharacters.TextStop) == 0)
                {
                    position++;
                    if (position - plain == LongText)
                    {
                        int stop = source[position..].IndexOfAny(TextStops);
                        position = stop < 0 ? source.Length : position + stop;
                    }

                    continue;
                }

                if (octet == '<')
                {
                    break;
                }

                position = ScanTextSpecial(position, start, ref _frames[depth - 1]);
                plain = position;
            }
        }
    }

    private readonly int ScanElementName(int start, out int prefixLength)
    {
        if ((uint)start < (uint)_source.Length && _source[start] == '?')
        {
            XmlFailure.Throw(SecurityFailure.ProcessingInstructionNotAllowed, "A processing instruction", start - 1);
        }

        return ScanQualifiedName(start, out prefixLength);
    }

    /// <summary>Returns where the name ends; what follows is the caller's to check.</summary>
    private readonly int ScanQualifiedName(int start, out int prefixLength)
    {
        prefixLength = 0;
        int end = XmlCharacters.EndOfNCName(_source, start);
        if (end > start && end < _source.Length && _source[end] == ':')
        {
            prefixLength = end - start;
            int local = end + 1;
            end = XmlCharacters.EndOfNCName(_source, local);
            start = local;
        }

        if (end == start)
        {
            XmlFailure.Malformed("A name is expected", start);
        }

        return end;
    }

    private int Close(int position, int depth, int rowCount)
    {
        ref Frame frame = ref _frames[depth - 1];
        int length = frame.NameLength;
        int end = position + 2 + length;
        if (end >= _source.Length || !AreEqual(position + 2, frame.NameStart, length))
        {
            XmlFailure.Malformed("The end tag does not fit the start tag", position);
        }

        if (_source[end] != '>')
        {
            frame.Flags |= XmlRowFlags.TagNotCanonical;
            while (end < _source.Length && XmlCharacters.IsSpace(_source[end]))
            {
                end++;
            }

            if (end == _source.Length || _source[end] != '>')
            {
                XmlFailure.Malformed("The end tag does not fit the start tag", position);
            }
        }

        Complete(ref frame, end + 1, depth, rowCount);
        return end + 1;
    }

    // Names are short: up to eight octets are compared as one number, as long as the document goes on behind them.
    private readonly bool AreEqual(int position, int nameStart, int length) =>
        length is > 0 and <= sizeof(ulong) && position + sizeof(ulong) <= _source.Length
            ? (BinaryPrimitives.ReadUInt64LittleEndian(_source[position..]) ^ BinaryPrimitives.ReadUInt64LittleEndian(_source[nameStart..]))
                << (8 * (sizeof(ulong) - length)) == 0
            : _source.Slice(position, length).SequenceEqual(_source.Slice(nameStart, length));

    /// <summary>Writes down what is now known about an element, and tells its parent what concerns it.</summary>
    private void Complete(ref Frame frame, int end, int depth, int rowCount)
    {
        const XmlRowFlags NotCanonical =
            XmlRowFlags.TagNotCanonical | XmlRowFlags.ContentNotCanonical | XmlRowFlags.SubtreeNotCanonical;

        XmlRowFlags flags = frame.Flags;
        if ((flags & NotCanonical) == 0 && frame.OutermostUse >= depth && frame.InnermostRepeated < depth)
        {
            flags |= XmlRowFlags.CanonicalInPlace;
        }

        if (frame.OutermostType < depth)
        {
            flags |= XmlRowFlags.TypeBoundOutside;
        }

        ref XmlRow row = ref _index.Row(frame.Row);
        row.End = end;
        row.SubtreeEnd = rowCount;
        row.Flags = flags;

        if (frame.ChangeMark != _changeCount)
        {
            RestoreScope(frame.ChangeMark);
        }

        if (depth > 1)
        {
            ref Frame parent = ref _frames[depth - 2];
            parent.OutermostUse = Math.Min(parent.OutermostUse, frame.OutermostUse);
            parent.OutermostType = Math.Min(parent.OutermostType, frame.OutermostType);
            parent.InnermostRepeated = Math.Max(parent.InnermostRepeated, frame.InnermostRepeated);
            if ((flags & (NotCanonical | XmlRowFlags.UnusedDeclaration)) != 0)
            {
                parent.Flags |= XmlRowFlags.SubtreeNotCanonical;
            }
        }
    }

    private static void Grow<T>(ref T[] array, int used)
    {
        T[] larger = ArrayPool<T>.Shared.Rent(Math.Max(used * 2, 16));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    private static byte[] Octets(byte characterClass)
    {
        var octets = new List<byte>();
        for (int octet = 0; octet < 256; octet++)
        {
            if ((XmlCharacters.Classes[octet] & characterClass) != 0)
            {
                octets.Add((byte)octet);
            }
        }

        return [.. octets];
    }

    /// <summary>An element that is open.</summary>
    private struct Frame
    {
        public int Row;
        public int NameStart;
        public int NameLength;
        public int ChangeMark;
        public int OutermostUse;
        public int OutermostType;
        public int InnermostRepeated;
        public XmlRowFlags Flags;
    }

    /// <summary>What was in force before a declaration.</summary>
    private struct ScopeChange
    {
        public int Prefix;
        public int Pair;
        public int Depth;
    }

    private struct Attribute
    {
        public int NameStart;
        public int NameLength;
        public int PrefixLength;
        public int ValueStart;
        public int ValueLength;
        public int Pair;

        public readonly int LocalStart => PrefixLength == 0 ? NameStart : NameStart + PrefixLength + 1;

        public readonly int LocalLength => PrefixLength == 0 ? NameLength : NameLength - PrefixLength - 1;
    }
}
