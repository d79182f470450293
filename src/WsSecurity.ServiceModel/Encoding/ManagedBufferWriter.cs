using System.Buffers;
#if COREWCF
using CoreWCF.Channels;
#else
using System.ServiceModel.Channels;
#endif

namespace WsSecurity.ServiceModel.Encoding;

/// <summary>Collects octets in an array of the transport's own <see cref="BufferManager"/>, since the transport gives the array back to it.</summary>
internal sealed class ManagedBufferWriter : IBufferWriter<byte>, IDisposable
{
    private readonly BufferManager _manager;
    private readonly int _start;
    private byte[]? _buffer;
    private int _end;

    /// <summary>Creates the writer.</summary>
    /// <param name="manager">The transport's buffers.</param>
    /// <param name="start">How many octets to leave free at the front, for the transport's framing.</param>
    /// <param name="sizeHint">How many octets are expected.</param>
    public ManagedBufferWriter(BufferManager manager, int start, int sizeHint)
    {
        _manager = manager;
        _start = start;
        _end = start;
        _buffer = manager.TakeBuffer(checked(start + sizeHint));
    }

    public int WrittenCount => _end - _start;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Buffer.Length - _end);
        _end += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return Buffer.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Hands the array over; the writer is done.</summary>
    public ArraySegment<byte> Detach()
    {
        var written = new ArraySegment<byte>(Buffer, _start, WrittenCount);
        _buffer = null;
        return written;
    }

    /// <summary>Gives the array back, unless it was handed over.</summary>
    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _manager.ReturnBuffer(buffer);
        }
    }

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(ManagedBufferWriter));

    private void Grow(int sizeHint)
    {
        var old = Buffer;
        if (old.Length - _end >= sizeHint)
        {
            return;
        }

        var larger = _manager.TakeBuffer((int)Math.Min(Array.MaxLength, Math.Max((long)_end + sizeHint, 2L * old.Length)));
        old.AsSpan(0, _end).CopyTo(larger);
        _buffer = larger;
        _manager.ReturnBuffer(old);
    }
}
