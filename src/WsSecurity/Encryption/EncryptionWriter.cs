using System.Buffers;
using System.Buffers.Text;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Encryption;

/// <summary>Writes xenc:EncryptedData, EncryptedKey and ReferenceList (XML Encryption 1.1, sections 3 and 5.5), canonical by construction.</summary>
internal static class EncryptionWriter
{
    /// <summary>Encrypts octets straight into the output.</summary>
    public static void WriteData(
        IBufferWriter<byte> output,
        string id,
        bool contentOnly,
        ContentEncryptionAlgorithm algorithm,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> plaintext,
        Action<Utf8XmlWriter>? writeKeyInfo)
    {
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("xenc", "EncryptedData");
        writer.NamespaceDeclaration("xenc", XmlEncryption.Namespace);
        writer.Attribute("", "Id", id);
        writer.Attribute("", "Type", contentOnly ? XmlEncryption.Content : XmlEncryption.Element);
        WriteMethod(writer, algorithm.Uri);
        writer.EndElement();
        if (writeKeyInfo is not null)
        {
            writer.StartElement("ds", "KeyInfo");
            writer.NamespaceDeclaration("ds", XmlSignature.Namespace);
            writeKeyInfo(writer);
            writer.EndElement();
        }

        writer.StartElement("xenc", "CipherData");
        writer.StartElement("xenc", "CipherValue");
        writer.CloseStartTag();

        WriteCipherValue(output, algorithm, key, plaintext);
        writer.EndElement();
        writer.EndElement();
        writer.EndElement();
    }

    // No second copy of a large Body: the ciphertext is put at the end of the place that its Base64 takes, and turned into Base64 from
    // its beginning. Four octets are written for three that were read, so that the end is reached together. Each block is copied first,
    // since the platform's encoder, many times faster than the one that works in place, must not overlap what it reads.
    private static void WriteCipherValue(IBufferWriter<byte> output, ContentEncryptionAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext)
    {
        const int BlockSize = 3 * 1024;
        var encodedLength = Base64.GetMaxEncodedToUtf8Length(algorithm.GetCiphertextLength(plaintext.Length));
        var encoded = output.GetSpan(encodedLength)[..encodedLength];
        var ciphertext = encoded[^algorithm.GetCiphertextLength(plaintext.Length)..];
        algorithm.Encrypt(key, plaintext, ciphertext);
        Span<byte> block = stackalloc byte[BlockSize];
        while (!ciphertext.IsEmpty)
        {
            var size = Math.Min(BlockSize, ciphertext.Length);
            ciphertext[..size].CopyTo(block);
            ciphertext = ciphertext[size..];
            Base64.EncodeToUtf8(block[..size], encoded, out _, out var written);
            encoded = encoded[written..];
        }

        output.Advance(encodedLength);
    }

    public static byte[] WriteKey(
        string id,
        string algorithm,
        OaepParameters? parameters,
        byte[] cipherValue,
        IReadOnlyList<string>? references,
        Action<Utf8XmlWriter> writeKeyInfo)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("xenc", "EncryptedKey");
        writer.NamespaceDeclaration("xenc", XmlEncryption.Namespace);
        writer.Attribute("", "Id", id);
        WriteMethod(writer, algorithm);
        if (parameters is not null)
        {
            writer.StartElement("ds", "DigestMethod");
            writer.NamespaceDeclaration("ds", XmlSignature.Namespace);
            writer.Attribute("", "Algorithm", parameters.Digest.Uri);
            writer.EndElement();
        }

        writer.EndElement();
        writer.StartElement("ds", "KeyInfo");
        writer.NamespaceDeclaration("ds", XmlSignature.Namespace);
        writeKeyInfo(writer);
        writer.EndElement();
        writer.StartElement("xenc", "CipherData");
        writer.StartElement("xenc", "CipherValue");
        writer.Base64(cipherValue);
        writer.EndElement();
        writer.EndElement();
        if (references is not null)
        {
            WriteReferences(writer, references);
        }

        writer.EndElement();
        return output.WrittenSpan.ToArray();
    }

    public static byte[] WriteReferenceList(IReadOnlyList<string> references)
    {
        var output = new ArrayBufferWriter<byte>(512);
        WriteReferences(new Utf8XmlWriter(output), references);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Names a key of this header, or of the request (SOAP Message Security 1.1.1, sections 7.3 and 7.7).</summary>
    public static void WriteKeyReference(Utf8XmlWriter writer, string? encryptedKeyId, byte[] encryptedKeySha1, bool emitBspRequiredAttributes = true)
    {
        writer.StartElement("wsse", "SecurityTokenReference");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.NamespaceDeclaration("wsse11", Wsse.Namespace11);
        writer.Attribute("wsse11", "TokenType", Wsse.EncryptedKeyTokenType);
        if (encryptedKeyId is not null)
        {
            writer.StartElement("wsse", "Reference");
            writer.Attribute("", "URI", "#" + encryptedKeyId);
            writer.EndElement();
        }
        else
        {
            writer.StartElement("wsse", "KeyIdentifier");
            writer.Attribute("", "ValueType", Wsse.EncryptedKeySha1);
            if (emitBspRequiredAttributes)
            {
                writer.Attribute("", "EncodingType", Wsse.Base64Binary);
            }

            writer.Base64(encryptedKeySha1);
            writer.EndElement();
        }

        writer.EndElement();
    }

    private static void WriteReferences(Utf8XmlWriter writer, IReadOnlyList<string> references)
    {
        writer.StartElement("xenc", "ReferenceList");
        if (writer.Depth == 1)
        {
            writer.NamespaceDeclaration("xenc", XmlEncryption.Namespace);
        }

        foreach (var reference in references)
        {
            writer.StartElement("xenc", "DataReference");
            writer.Attribute("", "URI", "#" + reference);
            writer.EndElement();
        }

        writer.EndElement();
    }

    private static void WriteMethod(Utf8XmlWriter writer, string uri)
    {
        writer.StartElement("xenc", "EncryptionMethod");
        writer.Attribute("", "Algorithm", uri);
    }
}
