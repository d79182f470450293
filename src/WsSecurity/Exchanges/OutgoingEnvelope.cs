using System.Buffers;
using WsSecurity.Soap;
using WsSecurity.Specifications;
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
            WriteSecurity(output);
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

            WriteSecurity(output);
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

    private void WriteSecurity(IBufferWriter<byte> output)
    {
        if (items.Count == 0)
        {
            return;
        }

        var writer = new Utf8XmlWriter(output);
        writer.StartElement("wsse", "Security");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.NamespaceDeclaration("soap", envelope.Namespace);
        writer.Attribute("soap", "mustUnderstand", "1");
        if (actor is not null)
        {
            writer.Attribute("soap", envelope.Version == SoapVersion.Soap11 ? "actor" : "role", actor);
        }

        foreach (var item in items)
        {
            writer.RawMarkup(item.Octets);
        }

        writer.EndElement();
    }
}
