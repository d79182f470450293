using System.Buffers;
using System.Text;
using WsSecurity.Policy;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The envelope at a node on the way: a Security header goes in or comes out, and every other octet stays.</summary>
internal static class TransitEnvelope
{
    /// <summary>The <c>wsu:Id</c> of a part that <see cref="AddIds"/> has seen.</summary>
    public static string IdOf(XmlElement part) => part.GetAttribute("Id", Wsu.Namespace)!;

    /// <summary>Gives the parts that are to be signed where they stand an Id, where they have none.</summary>
    /// <exception cref="InvalidOperationException">One has an Id of another kind, by which somebody may have signed it.</exception>
    public static byte[] AddIds(SoapEnvelope envelope, MessageParts signed)
    {
        var parts = PartSelection.Headers(envelope, signed, default).ToList();
        if (signed.Body)
        {
            parts.Add(envelope.Body);
        }

        foreach (var part in parts)
        {
            if (part.GetAttribute("Id", Wsu.Namespace) is null && HasOtherId(part))
            {
                throw new InvalidOperationException($"{ElementPath.Of(part)} has an Id that is no wsu:Id; another one beside it would break a signature that refers to it.");
            }
        }

        return EnvelopeRewriting.AddIds(envelope, parts);
    }

    /// <summary>Puts the Security header at the end of the Header, which is made where there is none.</summary>
    public static void Write(IBufferWriter<byte> output, SoapEnvelope envelope, string? actor, IReadOnlyList<HeaderItem> items)
    {
        var source = envelope.Source.Span;
        var header = envelope.Header;
        byte[] name = [.. envelope.Root.Prefix, .. envelope.Root.Prefix.IsEmpty ? ""u8 : ":"u8, .. "Header"u8];
        if (header.IsNone)
        {
            output.Write(source[..envelope.Root.ContentStart]);
            output.Write([.. "<"u8, .. name, .. ">"u8]);
            SecurityHeaderWriter.Write(output, envelope, actor, items);
            output.Write([.. "</"u8, .. name, .. ">"u8]);
            output.Write(source[envelope.Root.ContentStart..]);
        }
        else if (header.IsEmptyElementTag)
        {
            output.Write(source[..(header.End - "/>".Length)]);
            output.Write(">"u8);
            SecurityHeaderWriter.Write(output, envelope, actor, items);
            output.Write([.. "</"u8, .. header.QualifiedName, .. ">"u8]);
            output.Write(source[header.End..]);
        }
        else
        {
            output.Write(source[..header.ContentEnd]);
            SecurityHeaderWriter.Write(output, envelope, actor, items);
            output.Write(source[header.ContentEnd..]);
        }
    }

    /// <summary>The document without our Security header.</summary>
    public static ReadOnlySequence<byte> WithoutSecurity(MessageVerification message)
    {
        var source = message.Envelope.Source;
        var security = message.SecurityHeader;
        var builder = new OctetSequenceBuilder(source);
        if (security.IsNone)
        {
            builder.AppendSource(0, source.Length);
            return builder.ToSequence();
        }

        builder.AppendSource(0, security.Start);
        builder.AppendSource(security.End, source.Length - security.End);
        return builder.ToSequence();
    }

    private static bool HasOtherId(XmlElement part)
    {
        foreach (var attribute in part.Attributes)
        {
            if (Encoding.UTF8.GetString(attribute.LocalName).Equals("id", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
