using System.Buffers;
using System.Security.Cryptography;

namespace WsSecurity.Xml;

/// <summary>
/// Builds a sequence of octets out of pieces: long ones are referred to, short ones are copied into pooled chunks.
/// </summary>
internal sealed class OctetSequenceBuilder : ICanonicalSink, IBufferWriter<byte>, IDisposable
{
    private const int FirstChunkSize = 1024;
    private const int LargestChunkSize = 64 * 1024;
    private const int LongRun = 512;

    private readonly List<byte[]> _chunks = [];
    private Segment? _first;
    private Segment? _last;
    private byte[] _chunk = [];
    private int _used;
    private int _pieceStart;

    /// <summary>Creates a builder.</summary>
    /// <param name="source">The document that <see cref="AppendSource"/> refers to; it must outlive the sequence.</param>
    public OctetSequenceBuilder(ReadOnlyMemory<byte> source = default) => Source = source;

    /// <summary>The document that <see cref="AppendSource"/> refers to.</summary>
    public ReadOnlyMemory<byte> Source { get; set; }

    /// <summary>Octets so far.</summary>
    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            Span<byte> free = GetSpan(1);
            int count = Math.Min(free.Length, octets.Length);
            octets[..count].CopyTo(free);
            Advance(count);
            octets = octets[count..];
        }
    }

    public void AppendSource(int start, int length) => AppendReference(Source.Slice(start, length));

    /// <summary>Octets that must outlive the sequence.</summary>
    public void AppendReference(ReadOnlyMemory<byte> octets)
    {
        if (octets.Length < LongRun)
        {
            Append(octets.Span);
            return;
        }

        EndPiece();
        AddSegment(octets);
        Length += octets.Length;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _chunk.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _chunk.AsSpan(_used);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_chunk.Length - _used));
        _used += count;
        Length += count;
    }

    /// <summary>What was written so far; it is valid until the builder is disposed.</summary>
    public ReadOnlySequence<byte> ToSequence()
    {
        EndPiece();
        return _first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Memory.Length);
    }

    /// <summary>Takes the chunks back; the sequence must not be used any more.</summary>
    public void Dispose()
    {
        foreach (byte[] chunk in _chunks)
        {
            // It may have held plaintext.
            CryptographicOperations.ZeroMemory(chunk);
            ArrayPool<byte>.Shared.Return(chunk);
        }

        _chunks.Clear();
        _first = _last = null;
        _chunk = [];
        _used = _pieceStart = 0;
        Length = 0;
    }

    private void Reserve(int size)
    {
        if (_chunk.Length - _used >= Math.Max(size, 1))
        {
            return;
        }

        EndPiece();
        int next = Math.Clamp(_chunk.Length * 2, FirstChunkSize, LargestChunkSize);
        _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(size, next));
        _chunks.Add(_chunk);
        _used = _pieceStart = 0;
    }

    private void EndPiece()
    {
        if (_used > _pieceStart)
        {
            AddSegment(_chunk.AsMemory(_pieceStart, _used - _pieceStart));
            _pieceStart = _used;
        }
    }

    private void AddSegment(ReadOnlyMemory<byte> octets)
    {
        var segment = new Segment(octets, _last);
        _first ??= segment;
        _last = segment;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> octets, Segment? previous)
        {
            Memory = octets;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
