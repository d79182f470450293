using System.Buffers;
using System.Security.Cryptography;

namespace WsSecurity.Xml;

/// <summary>Puts a tag together out of its pieces, so that a sink gets it as one.</summary>
internal sealed class TagBuffer : ICanonicalSink, IDisposable
{
    private readonly ReadOnlyMemory<byte> _source;
    private byte[] _octets = [];
    private int _length;

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="source">The document that <see cref="AppendSource"/> copies from.</param>
    public TagBuffer(ReadOnlyMemory<byte> source) => _source = source;

    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Append(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > _octets.Length - _length)
        {
            Grow(octets.Length);
        }

        octets.CopyTo(_octets.AsSpan(_length));
        _length += octets.Length;
    }

    public void AppendSource(int start, int length) => Append(_source.Span.Slice(start, length));

    public void Dispose()
    {
        if (_octets.Length > 0)
        {
            // It may have held plaintext.
            CryptographicOperations.ZeroMemory(_octets);
            ArrayPool<byte>.Shared.Return(_octets);
            _octets = [];
            _length = 0;
        }
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + needed, Math.Max(512, _length * 2)));
        Written.CopyTo(larger);
        int length = _length;
        Dispose();
        _octets = larger;
        _length = length;
    }
}
