using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace WsSecurity.Xml;

/// <summary>
/// Writes a canonical form as a copy of the source with corrections: everything that is already canonical is handed on in runs as
/// long as possible, and only tags and text that are not are written anew.
/// </summary>
internal sealed partial class CanonicalWriter : IDisposable
{
    private const XmlRowFlags TagExceptions =
        XmlRowFlags.HasDeclarations | XmlRowFlags.HasPrefixedAttributes | XmlRowFlags.TagNotCanonical;

    private static readonly SearchValues<byte> TextSpecials = SearchValues.Create("&\r><"u8);

    private readonly XmlIndex _index;
    private readonly NamespaceTable _namespaces;
    private readonly ReadOnlyMemory<byte> _document;
    private readonly CanonicalVersion _version;
    private readonly bool _withComments;
    private readonly bool _keepDeclarations;
    private readonly ICanonicalSink _sink;
    private readonly PrefixList _prefixes;

    // By prefix id: the pair in scope, and the pair that the output shows.
    private readonly int[] _scope;
    private readonly int[] _rendered;

    // By prefix id: the row that declared it last, and whether the PrefixList has it.
    private readonly int[] _declaredBy;
    private readonly bool[] _listed;

    private Open[] _open = ArrayPool<Open>.Shared.Rent(16);
    private int _openCount;
    private Undo[] _undo = ArrayPool<Undo>.Shared.Rent(32);
    private int _undoCount;
    private int _runStart;

    // The prefixes that the elements at the top must show in any case, and the depth of those elements.
    private int[] _topPrefixes = [];
    private int _topDepth;
    private int _apexRow = -1;

    public CanonicalWriter(XmlIndex index, CanonicalizationMethod method, PrefixList prefixes, ICanonicalSink sink, bool keepDeclarations = false)
    {
        _index = index;
        _namespaces = index.Namespaces;
        _document = index.Utf8;
        _version = method.Version;
        _withComments = method.WithComments;

        // Inclusive canonicalization shows each declaration in any case.
        _keepDeclarations = keepDeclarations || method.Version != CanonicalVersion.Exclusive;
        _sink = sink;
        _prefixes = prefixes;
        _tag = new TagBuffer(_document);
        int count = _namespaces.PrefixCount;
        _scope = ArrayPool<int>.Shared.Rent(count);
        _rendered = ArrayPool<int>.Shared.Rent(count);
        _declaredBy = ArrayPool<int>.Shared.Rent(count);
        _listed = ArrayPool<bool>.Shared.Rent(count);
    }

    public void WriteElement(XmlElement apex, XmlElement omitted)
    {
        EnterScope(apex.Parent);
        _topPrefixes = TopPrefixes();
        _topDepth = apex.Depth;
        _apexRow = apex.RowNumber;
        _runStart = apex.Start;
        Walk(apex.RowNumber, apex.Row.SubtreeEnd, omitted.IsNone ? -1 : omitted.RowNumber);
        Flush(apex.End);
    }

    public void WriteContent(XmlElement element, IReadOnlyList<NamespaceDeclaration> rendered)
    {
        EnterScope(element);
        foreach (NamespaceDeclaration declaration in rendered)
        {
            int prefix = _namespaces.FindPrefix(declaration.Prefix);
            if (prefix != NamespaceTable.NotBound)
            {
                int pair = _namespaces.FindPair(prefix, Encoding.UTF8.GetBytes(declaration.Uri));
                _rendered[prefix] = pair == NamespaceTable.NotBound ? Foreign : pair;
            }
        }

        // Whatever the caller's start tag shows already needs no second thought below.
        _topPrefixes = [.. TopPrefixes().Where(prefix => _rendered[prefix] != _scope[prefix])];
        _topDepth = _topPrefixes.Length == 0 ? 0 : element.Depth + 1;
        int contentStart = element.ContentStart;
        int contentEnd = element.ContentEnd;
        _runStart = contentStart;
        if ((element.Row.Flags & XmlRowFlags.ContentNotCanonical) != 0)
        {
            Push(element.RowNumber, contentStart, XmlRowFlags.ContentNotCanonical);
        }

        Walk(element.RowNumber + 1, element.Row.SubtreeEnd, omittedRow: -1);
        Flush(contentEnd);
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_scope);
        ArrayPool<int>.Shared.Return(_rendered);
        ArrayPool<int>.Shared.Return(_declaredBy);
        ArrayPool<bool>.Shared.Return(_listed);
        ArrayPool<Open>.Shared.Return(_open);
        ArrayPool<Undo>.Shared.Return(_undo);
        _tag.Dispose();
    }

    private void Walk(int first, int end, int omittedRow)
    {
        XmlIndex index = _index;
        int[] rendered = _rendered;
        NamespaceTable namespaces = _namespaces;
        bool inclusive = _version != CanonicalVersion.Exclusive;
        XmlRowFlags exceptions = XmlRowFlags.ContentNotCanonical | TagExceptions
            & (inclusive ? ~XmlRowFlags.HasPrefixedAttributes : (XmlRowFlags)ushort.MaxValue);
        int topDepth = _topDepth;
        int nextClose = _openCount > 0 ? end : int.MaxValue;
        int textDepth = TextDepth();
        for (int i = first; i < end; i++)
        {
            if (i >= nextClose)
            {
                do
                {
                    Close();
                }
                while (_openCount > 0 && _open[_openCount - 1].SubtreeEnd <= i);
                nextClose = _openCount > 0 ? _open[_openCount - 1].SubtreeEnd : int.MaxValue;
                textDepth = TextDepth();
            }

            ref XmlRow row = ref index.Row(i);
            if ((row.Flags & exceptions) == 0 && row.Depth != topDepth && row.Depth != textDepth && i != omittedRow
                && (inclusive || rendered[namespaces.PrefixOf(row.Namespace)] == row.Namespace))
            {
                continue;
            }

            if (row.Depth == textDepth)
            {
                ref Open parent = ref _open[_openCount - 1];
                WriteText(parent.TextPosition, row.Start);
                parent.TextPosition = row.End;
            }

            if (i == omittedRow)
            {
                Flush(row.Start);
                _runStart = row.End;
                i = row.SubtreeEnd - 1;
                continue;
            }

            WriteStartTag(i, ref row);
            if (_openCount > 0)
            {
                nextClose = _open[_openCount - 1].SubtreeEnd;
                textDepth = TextDepth();
            }
        }

        while (_openCount > 0)
        {
            Close();
        }
    }

    /// <summary>The depth at which child elements stand that interrupt text to be corrected.</summary>
    private int TextDepth() =>
        _openCount > 0 && (_open[_openCount - 1].Flags & XmlRowFlags.ContentNotCanonical) != 0
            ? _index.Row(_open[_openCount - 1].Row).Depth + 1
            : 0;

    private void WriteStartTag(int number, ref XmlRow row)
    {
        int mark = _undoCount;
        bool top = row.Depth == _topDepth;
        int contentStart = -1;
        if (top || (row.Flags & TagExceptions) != 0 || _rendered[_namespaces.PrefixOf(row.Namespace)] != row.Namespace)
        {
            contentStart = CorrectStartTag(number, ref row, top);
        }

        XmlRowFlags pending = row.Flags & (XmlRowFlags.ContentNotCanonical | XmlRowFlags.TagNotCanonical | XmlRowFlags.EmptyElementTag);
        if (_undoCount > mark || pending != 0)
        {
            if (contentStart < 0 && (pending & XmlRowFlags.ContentNotCanonical) != 0)
            {
                contentStart = new XmlTagReader(_document.Span, row).SkipToContent();
            }

            Push(number, contentStart, pending);
            _open[_openCount - 1].UndoMark = mark;
        }
    }

    private void Push(int number, int textPosition, XmlRowFlags pending)
    {
        if (_openCount == _open.Length)
        {
            Grow(ref _open, _openCount);
        }

        ref XmlRow row = ref _index.Row(number);
        _open[_openCount++] = new Open
        {
            Row = number,
            SubtreeEnd = row.SubtreeEnd,
            TextPosition = textPosition,
            UndoMark = _undoCount,
            Flags = pending,
        };
    }

    private void Close()
    {
        Open closed = _open[--_openCount];
        ref XmlRow row = ref _index.Row(closed.Row);
        if ((closed.Flags & (XmlRowFlags.ContentNotCanonical | XmlRowFlags.TagNotCanonical)) != 0
            && (closed.Flags & XmlRowFlags.EmptyElementTag) == 0)
        {
            int endTag = _document.Span[..row.End].LastIndexOf((byte)'<');
            if ((closed.Flags & XmlRowFlags.ContentNotCanonical) != 0)
            {
                WriteText(closed.TextPosition, endTag);
            }

            int canonicalEnd = endTag + 2 + row.NameLength;
            if ((closed.Flags & XmlRowFlags.TagNotCanonical) != 0 && row.End != canonicalEnd + 1)
            {
                Replace(canonicalEnd, row.End - canonicalEnd, ">"u8);
            }
        }

        while (_undoCount > closed.UndoMark)
        {
            Undo undo = _undo[--_undoCount];
            (undo.Rendered ? _rendered : _scope)[undo.Prefix] = undo.Pair;
            if (!undo.Rendered)
            {
                CountInside(undo.Prefix, -1);
            }
        }
    }

    /// <summary>Corrects text, sections, comments and references between two places of one element's content.</summary>
    private void WriteText(int position, int end)
    {
        ReadOnlySpan<byte> source = _document.Span;
        while (source[position..end].IndexOfAny(TextSpecials) is >= 0 and int offset)
        {
            position += offset;
            switch (source[position])
            {
                case (byte)'<' when source[position + 2] == '[':
                    int sectionEnd = position + source[position..].IndexOf("]]>"u8);
                    Replace(position, "<![CDATA[".Length, []);
                    WriteSection(position + "<![CDATA[".Length, sectionEnd);
                    Replace(sectionEnd, 3, []);
                    position = sectionEnd + 3;
                    break;
                case (byte)'<':
                    int commentEnd = position + 4 + source[(position + 4)..].IndexOf("-->"u8) + 3;
                    WriteComment(position, commentEnd);
                    position = commentEnd;
                    break;
                case (byte)'&':
                    position += WriteReference(position);
                    break;
                default:
                    WriteSpecial(position);
                    position++;
                    break;
            }
        }
    }

    private void WriteSection(int position, int end)
    {
        ReadOnlySpan<byte> source = _document.Span;
        while (source[position..end].IndexOfAny(TextSpecials) is >= 0 and int offset)
        {
            position += offset;
            WriteSpecial(position);
            position++;
        }
    }

    private void WriteComment(int position, int end)
    {
        ReadOnlySpan<byte> source = _document.Span;
        if (!_withComments)
        {
            Replace(position, end - position, []);
            return;
        }

        while (source[position..end].IndexOf((byte)'\r') is >= 0 and int offset)
        {
            position += offset;
            WriteSpecial(position);
            position++;
        }
    }

    private int WriteReference(int position)
    {
        ReadOnlySpan<byte> raw = _document.Span[position..];
        Rune character = XmlText.Reference(raw, out int length);
        if (!XmlReference.IsCanonicalInText(raw[..length]))
        {
            Span<byte> octets = stackalloc byte[4];
            ReadOnlySpan<byte> escaped = CanonicalContent.EscapedInText(character.Value);
            Replace(position, length, escaped.IsEmpty ? octets[..character.EncodeToUtf8(octets)] : escaped);
        }

        return length;
    }

    // A CR before LF vanishes, any other CR is a line end (XML 1.0, section 2.11).
    private void WriteSpecial(int position)
    {
        ReadOnlySpan<byte> source = _document.Span;
        byte octet = source[position];
        Replace(position, 1, octet != '\r' ? CanonicalContent.EscapedInText(octet) : source[position + 1] == '\n' ? [] : "\n"u8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Flush(int end)
    {
        if (end > _runStart)
        {
            _sink.AppendSource(_runStart, end - _runStart);
        }

        _runStart = end;
    }

    private void Replace(int start, int length, ReadOnlySpan<byte> replacement)
    {
        Flush(start);
        _runStart = start + length;
        if (!replacement.IsEmpty)
        {
            _sink.Append(replacement);
        }
    }

    private static void Grow<T>(ref T[] array, int used)
    {
        T[] larger = ArrayPool<T>.Shared.Rent(used * 2);
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    /// <summary>An element that leaves something to do when it ends.</summary>
    private struct Open
    {
        public int Row;
        public int SubtreeEnd;
        public int TextPosition;
        public int UndoMark;
        public XmlRowFlags Flags;
    }

    private readonly record struct Undo(int Prefix, int Pair, bool Rendered);
}
