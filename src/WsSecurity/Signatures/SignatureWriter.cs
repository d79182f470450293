using System.Buffers;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Signatures;

/// <summary>One element to sign: its Id, the prefixes that it declares without using them, and its digest.</summary>
internal readonly record struct OutgoingReference(string Id, PrefixList Prefixes, byte[] Digest, bool IsStrTransform = false, bool IsEnveloped = false);

/// <summary>Writes ds:Signature (XML Signature 1.1, section 4), in exclusive canonical form by construction.</summary>
internal static class SignatureWriter
{
    private static ReadOnlySpan<byte> SignedInfoStart => "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">"u8;

    private static ReadOnlySpan<byte> SignedInfoEnd => "</ds:SignedInfo>"u8;

    /// <returns>The signature's octets, and its value.</returns>
    public static (byte[] Octets, byte[] Value) Write(
        string id,
        SignatureAlgorithm algorithm,
        SignatureKey key,
        DigestAlgorithm digest,
        IReadOnlyList<OutgoingReference> references,
        Action<Utf8XmlWriter> writeKeyInfo)
    {
        var signedInfo = WriteSignedInfo(algorithm, digest, references);
        var value = algorithm.Sign(key, signedInfo);
        var output = new ArrayBufferWriter<byte>(signedInfo.Length + 1024);
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("ds", "Signature");
        writer.NamespaceDeclaration("ds", XmlSignature.Namespace);
        writer.Attribute("", "Id", id);

        // The apex of what is signed declares the prefix; inside of Signature that would be one declaration too many.
        writer.StartElement("ds", "SignedInfo");
        writer.RawMarkup(signedInfo.AsSpan()[SignedInfoStart.Length..^SignedInfoEnd.Length]);
        writer.EndElement();
        writer.StartElement("ds", "SignatureValue");
        writer.Base64(value);
        writer.EndElement();
        writer.StartElement("ds", "KeyInfo");
        writeKeyInfo(writer);
        writer.EndElement();
        writer.EndElement();
        return (output.WrittenSpan.ToArray(), value);
    }

    private static byte[] WriteSignedInfo(SignatureAlgorithm algorithm, DigestAlgorithm digest, IReadOnlyList<OutgoingReference> references)
    {
        var output = new ArrayBufferWriter<byte>(256 + (references.Count * 512));
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("ds", "SignedInfo");
        writer.NamespaceDeclaration("ds", XmlSignature.Namespace);
        WriteAlgorithm(writer, "CanonicalizationMethod", CanonicalizationMethod.Exclusive.Uri);
        WriteAlgorithm(writer, "SignatureMethod", algorithm.Uri);
        foreach (var reference in references)
        {
            writer.StartElement("ds", "Reference");
            writer.Attribute("", "URI", "#" + reference.Id);
            writer.StartElement("ds", "Transforms");
            if (reference.IsStrTransform)
            {
                WriteStrTransform(writer);
            }
            else
            {
                if (reference.IsEnveloped)
                {
                    WriteAlgorithm(writer, "Transform", XmlSignature.EnvelopedSignature);
                }

                WriteCanonicalization(writer, reference.Prefixes);
            }

            writer.EndElement();
            WriteAlgorithm(writer, "DigestMethod", digest.Uri);
            writer.StartElement("ds", "DigestValue");
            writer.Base64(reference.Digest);
            writer.EndElement();
            writer.EndElement();
        }

        writer.EndElement();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteCanonicalization(Utf8XmlWriter writer, PrefixList prefixes)
    {
        writer.StartElement("ds", "Transform");
        writer.Attribute("", "Algorithm", CanonicalizationMethod.Exclusive.Uri);
        if (!prefixes.IsEmpty)
        {
            writer.StartElement("ec", "InclusiveNamespaces");
            writer.NamespaceDeclaration("ec", XmlSignature.ExclusiveCanonicalization);
            writer.Attribute("", "PrefixList", prefixes.ToString());
            writer.EndElement();
        }

        writer.EndElement();
    }

    private static void WriteStrTransform(Utf8XmlWriter writer)
    {
        writer.StartElement("ds", "Transform");
        writer.Attribute("", "Algorithm", Wsse.StrTransform);
        writer.StartElement("wsse", "TransformationParameters");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        WriteAlgorithm(writer, "CanonicalizationMethod", CanonicalizationMethod.Exclusive.Uri);
        writer.EndElement();
        writer.EndElement();
    }

    private static void WriteAlgorithm(Utf8XmlWriter writer, string name, string uri)
    {
        writer.StartElement("ds", name);
        writer.Attribute("", "Algorithm", uri);
        writer.EndElement();
    }
}
