using System.Buffers;
using System.Security.Cryptography;

namespace WsSecurity.Xml;

/// <summary>Feeds a digest; long runs of the source are hashed where they stand.</summary>
internal sealed class HashSink : ICanonicalSink, IDisposable
{
    private const int BufferSize = 4096;
    private const int LongRun = 512;

    private readonly IncrementalHash _hash;
    private readonly ReadOnlyMemory<byte> _source;
    private byte[]? _buffer;
    private int _buffered;

    /// <summary>Creates the sink.</summary>
    /// <param name="hash">The digest, which stays the caller's.</param>
    /// <param name="source">The document that is canonicalized.</param>
    public HashSink(IncrementalHash hash, ReadOnlyMemory<byte> source)
    {
        _hash = hash;
        _source = source;
    }

    public void Append(ReadOnlySpan<byte> octets)
    {
        // A call into the digest costs as much as hashing some dozens of octets.
        if (octets.Length >= LongRun || _buffered + octets.Length > BufferSize)
        {
            Flush();
            if (octets.Length >= LongRun)
            {
                _hash.AppendData(octets);
                return;
            }
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        octets.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += octets.Length;
    }

    public void AppendSource(int start, int length) => Append(_source.Span.Slice(start, length));

    /// <summary>The digest of everything since the last reset.</summary>
    public byte[] GetHashAndReset()
    {
        Flush();
        return _hash.GetHashAndReset();
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            // It may have held plaintext.
            CryptographicOperations.ZeroMemory(_buffer);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
            _buffered = 0;
        }
    }

    private void Flush()
    {
        if (_buffered > 0)
        {
            _hash.AppendData(_buffer.AsSpan(0, _buffered));
            _buffered = 0;
        }
    }
}
