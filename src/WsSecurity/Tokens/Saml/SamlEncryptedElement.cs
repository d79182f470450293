using WsSecurity.Encryption;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>
/// EncryptedAssertion, EncryptedID and EncryptedAttribute (SAML 2.0 Core, section 6.1): an EncryptedData, with its key in it, beside it, or elsewhere in the
/// message.
/// </summary>
/// <param name="Data">The ciphertext.</param>
/// <param name="Keys">The keys that the element brings, one a recipient; empty where the EncryptedData names one of the message.</param>
internal sealed record SamlEncryptedElement(ParsedEncryptedData Data, IReadOnlyList<ParsedEncryptedKey> Keys)
{
    private const int MaxKeys = 8;

    /// <exception cref="WsSecurityException">It is not well built.</exception>
    public static SamlEncryptedElement Read(XmlElement element)
    {
        var first = element.FirstChild;
        if (first.IsNone || !first.Is("EncryptedData"u8, XmlEncryption.Namespace))
        {
            throw SamlAssertionReader.Broken("an encrypted element has no EncryptedData");
        }

        var data = EncryptedDataReader.ReadData(first);
        var siblings = new List<XmlElement>();
        for (var next = first.NextSibling; !next.IsNone; next = next.NextSibling)
        {
            SamlAssertionReader.Demand(next.Is("EncryptedKey"u8, XmlEncryption.Namespace) && siblings.Count < MaxKeys, "something else than keys follows an EncryptedData");
            siblings.Add(next);
        }

        return new SamlEncryptedElement(data, Select(data, siblings).ConvertAll(EncryptedDataReader.ReadKey));
    }

    private static List<XmlElement> Select(ParsedEncryptedData data, List<XmlElement> siblings)
    {
        if (data.KeyInfo.IsNone)
        {
            return siblings;
        }

        var named = new List<XmlElement>();
        foreach (var child in data.KeyInfo.Children)
        {
            if (child.Is("EncryptedKey"u8, XmlEncryption.Namespace) && named.Count < MaxKeys)
            {
                named.Add(child);
            }
            else if (child.Is("RetrievalMethod"u8, XmlSignature.Namespace))
            {
                // XML Signature 1.1, section 4.5.3; only what stands here is ever looked at.
                var uri = child.GetAttribute("URI");
                named.AddRange(siblings.Where(sibling => uri is ['#', .. var id] && sibling.GetAttribute("Id") == id));
            }
        }

        return named;
    }
}
