using System.Buffers;
using WsSecurity.Soap;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Puts the envelope together: the Security header at the end of the Header, parts in the place of what they protect, everything else as it was.</summary>
internal sealed class OutgoingEnvelope(
    SoapEnvelope envelope,
    string? actor,
    IReadOnlyList<HeaderItem> items,
    IReadOnlyDictionary<int, OutgoingPart> signedBlocks,
    IReadOnlyDictionary<int, byte[]> replacedBlocks)
{
    public void Write(IBufferWriter<byte> output, OutgoingPart body, Action<IBufferWriter<byte>>? writeBodyContent)
    {
        var source = envelope.Source.Span;
        var root = envelope.Root;
        output.Write(source[root.Start..root.ContentStart]);
        var header = envelope.Header;
        byte[] prefix = root.Prefix.IsEmpty ? [] : [.. root.Prefix, (byte)':'];
        if (header.IsNone || header.IsEmptyElementTag)
        {
            // The attributes of an empty Header mean nothing that is lost with it.
            output.Write([.. "<"u8, .. prefix, .. "Header>"u8]);
            SecurityHeaderWriter.Write(output, envelope, actor, items);
            output.Write([.. "</"u8, .. prefix, .. "Header>"u8]);
        }
        else
        {
            output.Write(source[header.Start..header.ContentStart]);
            var position = header.ContentStart;
            foreach (var block in header.Children)
            {
                output.Write(source[position..block.Start]);
                WriteBlock(output, block);
                position = block.End;
            }

            SecurityHeaderWriter.Write(output, envelope, actor, items);
            output.Write(source[position..header.End]);
        }

        body.Write(output, writeBodyContent);
        output.Write([.. "</"u8, .. root.QualifiedName, .. ">"u8]);
    }

    private void WriteBlock(IBufferWriter<byte> output, XmlElement block)
    {
        if (replacedBlocks.TryGetValue(block.Start, out var replaced))
        {
            output.Write(replaced);
        }
        else if (signedBlocks.TryGetValue(block.Start, out var part))
        {
            part.Write(output);
        }
        else
        {
            output.Write(block.Octets.Span);
        }
    }
}
