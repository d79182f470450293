using System.Buffers;
using WsSecurity.Xml;

namespace WsSecurity.Signatures;

/// <summary>The canonical octets of a small element, in one piece.</summary>
internal static class CanonicalOctets
{
    public static ReadOnlyMemory<byte> Of(XmlElement element, CanonicalizationMethod method, PrefixList prefixes)
    {
        var sink = new Sink(element.Index.Utf8);
        method.Canonicalize(element, prefixes, default, sink);
        return sink.Octets;
    }

    private sealed class Sink(ReadOnlyMemory<byte> source) : ICanonicalSink
    {
        private ReadOnlyMemory<byte> _only;
        private ArrayBufferWriter<byte>? _pieces;

        public ReadOnlyMemory<byte> Octets => _pieces?.WrittenMemory ?? _only;

        public void Append(ReadOnlySpan<byte> octets)
        {
            if (_pieces is null)
            {
                _pieces = new ArrayBufferWriter<byte>();
                _pieces.Write(_only.Span);
            }

            _pieces.Write(octets);
        }

        public void AppendSource(int start, int length)
        {
            // One run of the source, the common case, is not copied.
            if (_pieces is null && _only.IsEmpty)
            {
                _only = source.Slice(start, length);
            }
            else
            {
                Append(source.Span.Slice(start, length));
            }
        }
    }
}
