using System.Buffers;

namespace WsSecurity.AspNetCore.Soap;

/// <summary>
/// A growing array from the pool, written as a stream or as a buffer writer. It is cleared when it is given back: it may have held plaintext.
/// </summary>
/// <param name="maxLength">How many octets it takes.</param>
internal sealed class OctetBuffer(int maxLength = int.MaxValue) : Stream, IBufferWriter<byte>
{
    private const int InitialSize = 4096;

    private byte[] _octets = [];
    private int _count;

    public ReadOnlyMemory<byte> Written => _octets.AsMemory(0, _count);

    /// <summary>Reads what was written, where it lies; only as long as nothing more is written and the buffer lives.</summary>
    public Stream OpenRead() => new MemoryStream(_octets, 0, _count, writable: false);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _count;

    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_octets.Length - _count), nameof(count));
        _count += count;
        DemandRoom(0);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = checked(_count + Math.Max(sizeHint, 1));
        if (needed > _octets.Length)
        {
            var size = Math.Max(needed, Math.Min(Math.Max(2L * _octets.Length, InitialSize), Array.MaxLength));
            var larger = ArrayPool<byte>.Shared.Rent((int)size);
            _octets.AsSpan(0, _count).CopyTo(larger);
            Return();
            _octets = larger;
        }

        return _octets.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <exception cref="WsSecurityException">They would be more than it takes.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        DemandRoom(buffer.Length);
        buffer.CopyTo(GetSpan(buffer.Length));
        _count += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Return();
        _octets = [];
        _count = 0;
        base.Dispose(disposing);
    }

    private void DemandRoom(int count)
    {
        if (count > maxLength - _count)
        {
            throw new WsSecurityException(SecurityFailure.MessageTooLarge, $"The message is larger than the {maxLength} octets of {nameof(ProcessingLimits.MaxMessageSize)}.");
        }
    }

    private void Return()
    {
        if (_octets.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_octets, clearArray: true);
        }
    }
}
