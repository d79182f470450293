using System.Buffers;
using System.Runtime.CompilerServices;

namespace WsSecurity.Xml;

/// <summary>
/// The elements of one UTF-8 document, in pooled arrays that point into the octets. The document stays the caller's and must
/// not change while the index is in use.
/// </summary>
internal sealed class XmlIndex : IDisposable
{
    private const int ChunkShift = 14;
    private const int ChunkSize = 1 << ChunkShift;
    private const int FirstSize = 64;

    private XmlRow[][] _chunks = new XmlRow[1][];
    private XmlRow[] _lastChunk = [];
    private int _chunkCount;

    private XmlIndex(ReadOnlyMemory<byte> utf8, ProcessingLimits limits)
    {
        Utf8 = utf8;
        Namespaces = new NamespaceTable(utf8, Math.Min(limits.MaxNamespaces, ushort.MaxValue - 2));
        Ids = new XmlIdTable(this);
    }

    /// <summary>The document.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public XmlElement Root => new(this, 0);

    /// <summary>How many elements the document has.</summary>
    public int Count { get; private set; }

    internal NamespaceTable Namespaces { get; }

    internal XmlIdTable Ids { get; }

    /// <summary>The octet after the XML declaration.</summary>
    internal int PrologStart { get; private set; }

    internal ReadOnlySpan<byte> Source => Utf8.Span;

    /// <summary>Scans a document once, strictly.</summary>
    /// <exception cref="WsSecurityException">The octets are no document, or break a limit.</exception>
    public static XmlIndex Scan(ReadOnlyMemory<byte> utf8, ProcessingLimits limits)
    {
        if (utf8.Length > limits.MaxMessageSize)
        {
            throw new WsSecurityException(
                SecurityFailure.MessageTooLarge, $"The document has {utf8.Length} octets; {limits.MaxMessageSize} are permitted.");
        }

        var index = new XmlIndex(utf8, limits);
        try
        {
            var scanner = new XmlScanner(index, limits);
            index.PrologStart = scanner.ScanDocument();
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Checks that a fragment's tags open and close inside of it, so that no content can reach out of the place where it is put.
    /// Everything else is checked by scanning the document that it is put into.
    /// </summary>
    /// <param name="content">The fragment: the content of an element.</param>
    /// <param name="exactlyOneElement">Only one element, with white space around it, is permitted.</param>
    /// <exception cref="WsSecurityException">The fragment is not balanced, or has a document type or a processing instruction.</exception>
    public static void CheckBalanced(ReadOnlySpan<byte> content, bool exactlyOneElement) =>
        XmlBalance.Check(content, exactlyOneElement);

    /// <summary>The only element that carries this Id in one of the attributes that WS-Security resolves; default when there is none.</summary>
    /// <exception cref="WsSecurityException">The value stands on another element also, in whatever attribute that may be an Id.</exception>
    public XmlElement FindById(string id) => Ids.Find(id);

    /// <summary>The element whose start tag begins at this octet; default when there is none.</summary>
    public XmlElement ElementAt(int startOffset)
    {
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            int start = Row(middle).Start;
            if (start == startOffset)
            {
                return new XmlElement(this, middle);
            }

            if (start < startOffset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return default;
    }

    public void Dispose()
    {
        for (int i = 0; i < _chunkCount; i++)
        {
            ArrayPool<XmlRow>.Shared.Return(_chunks[i]);
        }

        _chunks = [];
        _lastChunk = [];
        _chunkCount = 0;
        Count = 0;
        Ids.Dispose();
    }

    internal ref XmlRow Row(int row) => ref _chunks[row >> ChunkShift][row & (ChunkSize - 1)];

    /// <summary>The row of the parent, or -1.</summary>
    internal int ParentOf(int row)
    {
        int depth = Row(row).Depth;
        if (depth <= 1)
        {
            return -1;
        }

        // Most often the parent is close by; if not, descending past whole subtrees is shorter.
        for (int i = row - 1, stop = Math.Max(row - 32, 0); i >= stop; i--)
        {
            if (Row(i).Depth < depth)
            {
                return i;
            }
        }

        int parent = 0;
        while (Row(parent).Depth != depth - 1)
        {
            int child = parent + 1;
            while (Row(child).SubtreeEnd <= row)
            {
                child = Row(child).SubtreeEnd;
            }

            parent = child;
        }

        return parent;
    }

    /// <summary>The row that comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref XmlRow Add(int row)
    {
        int offset = row & (ChunkSize - 1);
        if (offset == 0 || offset >= _lastChunk.Length)
        {
            Reserve(row);
        }

        return ref _lastChunk[offset];
    }

    private void Reserve(int row)
    {
        int number = row >> ChunkShift;
        int offset = row & (ChunkSize - 1);
        if (number == _chunkCount)
        {
            if (number == _chunks.Length)
            {
                Array.Resize(ref _chunks, number * 2);
            }

            _chunks[number] = ArrayPool<XmlRow>.Shared.Rent(number == 0 ? FirstSize : ChunkSize);
            _chunkCount++;
        }
        else if (offset == _chunks[number].Length)
        {
            // Only the first chunk begins small.
            XmlRow[] larger = ArrayPool<XmlRow>.Shared.Rent(Math.Min(offset * 4, ChunkSize));
            _chunks[number].AsSpan().CopyTo(larger);
            ArrayPool<XmlRow>.Shared.Return(_chunks[number]);
            _chunks[number] = larger;
        }

        _lastChunk = _chunks[number];
    }

    internal void Complete(int count) => Count = count;
}
