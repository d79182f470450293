using System.Security.Cryptography.Xml;
using System.Xml;

namespace WsSecurity.Cli.SecondOpinion;

/// <summary><see cref="SignedXml"/> that finds the Ids of WS-Security, each only where it is unique.</summary>
internal sealed class EnvelopeSignedXml : SignedXml
{
    private static readonly HashSet<string> Readable = new(StringComparer.Ordinal)
    {
        // Canonicalizations and transforms.
        XmlDsigExcC14NTransformUrl, XmlDsigExcC14NWithCommentsTransformUrl, XmlDsigC14NTransformUrl, XmlDsigC14NWithCommentsTransformUrl,
        XmlDsigEnvelopedSignatureTransformUrl,

        // Digests.
        XmlDsigSHA1Url, XmlDsigSHA256Url, XmlDsigSHA384Url, XmlDsigSHA512Url,

        // Signatures.
        XmlDsigRSASHA1Url, XmlDsigRSASHA256Url, XmlDsigRSASHA384Url, XmlDsigRSASHA512Url, XmlDsigHMACSHA1Url,
        Namespaces.DsigMore + "hmac-sha256", Namespaces.DsigMore + "hmac-sha384", Namespaces.DsigMore + "hmac-sha512",
    };

    // With the signature as its context, and not the document, inclusive canonicalization sees what Security and Header declare.
    public EnvelopeSignedXml(XmlElement signature)
        : base(signature) => LoadXml(signature);

    /// <summary>The first algorithm of a signature that <see cref="SignedXml"/> has not; null where it has them all.</summary>
    public static string? FindUnreadable(XmlElement signature) =>
        signature["SignedInfo", Namespaces.Dsig]!.GetElementsByTagName("*").OfType<XmlElement>()
            .Where(element => element.NamespaceURI == Namespaces.Dsig
                && element.LocalName is "CanonicalizationMethod" or "SignatureMethod" or "Transform" or "DigestMethod")
            .Select(element => element.GetAttribute("Algorithm"))
            .FirstOrDefault(algorithm => !Readable.Contains(algorithm));

    public override XmlElement? GetIdElement(XmlDocument? document, string idValue)
    {
        var found = document?.GetElementsByTagName("*").OfType<XmlElement>().Where(element => HasId(element, idValue)).Take(2).ToArray() ?? [];
        return found.Length == 1 ? found[0] : null;
    }

    private static bool HasId(XmlElement element, string id) =>
        element.GetAttribute("Id", Namespaces.Wsu) == id || element.GetAttribute("Id") == id || element.GetAttribute("ID") == id
        || element.GetAttribute("AssertionID") == id;
}
