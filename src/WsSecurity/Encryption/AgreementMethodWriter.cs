using System.Globalization;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Encryption;

/// <summary>Writes xenc:AgreementMethod for ECDH-ES (XML Encryption 1.1, section 5.7.3), inside of a KeyInfo that has declared ds.</summary>
internal static class AgreementMethodWriter
{
    /// <param name="writer">Stands in the EncryptedKey's KeyInfo.</param>
    /// <param name="derivation">How the wrapping key is derived.</param>
    /// <param name="keyLength">Octets of the wrapping key.</param>
    /// <param name="curve">The curve of both keys.</param>
    /// <param name="originatorPoint">The key of this message.</param>
    /// <param name="writeRecipient">Names the recipient's certificate.</param>
    public static void Write(
        Utf8XmlWriter writer, KeyDerivationMethod derivation, int keyLength, AgreementCurve curve, byte[] originatorPoint, Action<Utf8XmlWriter> writeRecipient)
    {
        writer.StartElement("xenc", "AgreementMethod");
        writer.Attribute("", "Algorithm", KeyAgreementAlgorithm.EcdhEs);
        writer.StartElement("xenc11", "KeyDerivationMethod");
        writer.NamespaceDeclaration("xenc11", XmlEncryption.Namespace11);
        writer.Attribute("", "Algorithm", derivation.Uri);
        if (derivation is HmacKeyDerivation hkdf)
        {
            WriteHkdf(writer, hkdf, keyLength);
        }
        else
        {
            // Peers differ in how they read AlgorithmID and PartyUInfo; a key of this message alone, wrapped by one algorithm, needs neither.
            writer.StartElement("xenc11", "ConcatKDFParams");
            WriteAlgorithm(writer, "ds", "DigestMethod", derivation.Digest.Uri);
            writer.EndElement();
        }

        writer.EndElement();
        writer.StartElement("xenc", "OriginatorKeyInfo");
        writer.StartElement("ds", "KeyValue");
        writer.StartElement("dsig11", "ECKeyValue");
        writer.NamespaceDeclaration("dsig11", XmlSignature.Namespace11);
        writer.StartElement("dsig11", "NamedCurve");
        writer.Attribute("", "URI", curve.Uri);
        writer.EndElement();
        writer.StartElement("dsig11", "PublicKey");
        writer.Base64(originatorPoint);
        writer.EndElement();
        writer.EndElement();
        writer.EndElement();
        writer.EndElement();
        writer.StartElement("xenc", "RecipientKeyInfo");
        writeRecipient(writer);
        writer.EndElement();
        writer.EndElement();
    }

    private static void WriteHkdf(Utf8XmlWriter writer, HmacKeyDerivation hkdf, int keyLength)
    {
        writer.StartElement("dsig-more", "HKDFParams");
        writer.NamespaceDeclaration("dsig-more", XmlSignature.Namespace202104);
        WriteAlgorithm(writer, "dsig-more", "PRF", AlgorithmRegistry.Signatures.First(hmac => hmac.KeyKind == SignatureKeyKind.Hmac && hmac.Digest == hkdf.Digest).Uri);
        writer.StartElement("dsig-more", "Salt");
        writer.Base64(hkdf.Salt);
        writer.EndElement();
        writer.StartElement("dsig-more", "KeyLength");
        writer.Text(keyLength.ToString(CultureInfo.InvariantCulture));
        writer.EndElement();
        writer.EndElement();
    }

    private static void WriteAlgorithm(Utf8XmlWriter writer, string prefix, string name, string uri)
    {
        writer.StartElement(prefix, name);
        writer.Attribute("", "Algorithm", uri);
        writer.EndElement();
    }
}
