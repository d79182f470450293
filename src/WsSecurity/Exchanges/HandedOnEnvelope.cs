using System.Buffers;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>
/// The envelope for the application: of every signed part the octets that were hashed, of everything else its canonical form, and no
/// Security header of ours. Where nothing is signed, the received octets without that header.
/// </summary>
internal static class HandedOnEnvelope
{
    public static ReadOnlySequence<byte> Build(MessageVerification message, VerifiedSignature? signature)
    {
        var envelope = message.Envelope;
        var security = message.SecurityHeader;
        var builder = new OctetSequenceBuilder(envelope.Source);
        if (signature is null || !CoversPart(message, signature))
        {
            Splice(builder, envelope.Root, security);
            return builder.ToSequence();
        }

        // Wrapped anew: a default namespace of the unsigned Envelope must not reach into parts that were hashed without it.
        var prefix = envelope.Root.Prefix.IsEmpty ? "soap" : System.Text.Encoding.UTF8.GetString(envelope.Root.Prefix);
        var writer = new Utf8XmlWriter(builder);
        writer.StartElement(prefix, "Envelope");
        var declarations = envelope.Root.NamespacesInScope().Where(declaration => declaration.Prefix.Length > 0 && declaration.Prefix != prefix)
            .Append(new NamespaceDeclaration(prefix, envelope.Namespace));
        foreach (var declaration in declarations.OrderBy(declaration => declaration.Prefix, StringComparer.Ordinal))
        {
            writer.NamespaceDeclaration(declaration.Prefix, declaration.Uri);
        }

        WriteHeader(builder, writer, prefix, message, signature);
        writer.CloseStartTag();
        WritePart(builder, envelope.Body, signature, unsigned: CanonicalizationMethod.Inclusive10);
        writer.EndElement();
        return builder.ToSequence();
    }

    private static bool CoversPart(MessageVerification message, VerifiedSignature signature)
    {
        var envelope = message.Envelope;
        if (signature.Covers(envelope.Body))
        {
            return true;
        }

        foreach (var reference in signature.References)
        {
            var element = reference.Element.In(envelope.Index);
            var security = message.SecurityHeader;
            if (element.IsDescendantOf(envelope.Body) || (element.IsDescendantOf(envelope.Header) && element != security && !element.IsDescendantOf(security)))
            {
                return true;
            }
        }

        return false;
    }

    private static void Splice(OctetSequenceBuilder builder, XmlElement root, XmlElement security)
    {
        if (security.IsNone)
        {
            builder.AppendSource(root.Start, root.End - root.Start);
            return;
        }

        builder.AppendSource(root.Start, security.Start - root.Start);
        builder.AppendSource(security.End, root.End - security.End);
    }

    private static void WriteHeader(OctetSequenceBuilder builder, Utf8XmlWriter writer, string prefix, MessageVerification message, VerifiedSignature signature)
    {
        var envelope = message.Envelope;
        var security = message.SecurityHeader;
        if (envelope.Header.IsNone || !envelope.Header.HasChildElements)
        {
            return;
        }

        writer.StartElement(prefix, "Header");
        writer.CloseStartTag();
        foreach (var block in envelope.Header.Children)
        {
            if (block != security)
            {
                var holdsSigned = signature.References.Any(reference => reference.Element.In(envelope.Index).IsDescendantOf(block));
                WritePart(builder, block, signature, holdsSigned ? CanonicalizationMethod.Inclusive10 : CanonicalizationMethod.Inclusive10WithComments);
            }
        }

        writer.EndElement();
    }

    // Without comments where a signed element may stand in it whose digest skipped them: the Body, and such header blocks.
    private static void WritePart(OctetSequenceBuilder builder, XmlElement part, VerifiedSignature signature, CanonicalizationMethod unsigned)
    {
        if (signature.Find(part) is { } reference)
        {
            reference.Canonicalization.WriteReadable(part, reference.Prefixes, builder);
        }
        else
        {
            unsigned.Canonicalize(part, PrefixList.Empty, default, builder);
        }
    }
}
