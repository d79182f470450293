using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;

namespace WsSecurity.Benchmarks.Peers;

/// <summary>What users have without us: the platform's SignedXml over XmlDocument, RSA with SHA-256, exclusive C14N, the Body by its wsu:Id.</summary>
internal static class SignedXmlPeer
{
    private static readonly RSA PrivateKey = Keys.Client.GetRSAPrivateKey()!;
    private static readonly RSA PublicKey = Keys.Client.GetRSAPublicKey()!;

    public static byte[] Sign(byte[] plain)
    {
        var document = PeerDocument.Load(plain);
        Sign(document, PeerDocument.AddSecurity(document));
        return PeerDocument.Save(document, plain.Length + 8192);
    }

    public static void Verify(byte[] wire) => Verify(PeerDocument.Load(wire));

    internal static void Sign(XmlDocument document, XmlElement security)
    {
        var token = document.CreateElement("wsse", "BinarySecurityToken", PeerDocument.Wsse);
        PeerDocument.SetId(token, "token");
        token.SetAttribute("ValueType", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3");
        token.SetAttribute("EncodingType", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary");
        token.InnerText = Convert.ToBase64String(Keys.Client.RawData);
        security.AppendChild(token);

        PeerDocument.SetId(PeerDocument.Body(document), "body");
        var signed = new BodySignedXml(document) { SigningKey = PrivateKey };
        signed.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        signed.SignedInfo.SignatureMethod = SignedXml.XmlDsigRSASHA256Url;
        var reference = new Reference("#body") { DigestMethod = SignedXml.XmlDsigSHA256Url };
        reference.AddTransform(new XmlDsigExcC14NTransform());
        signed.AddReference(reference);
        signed.KeyInfo = new KeyInfo();
        signed.KeyInfo.AddClause(new KeyInfoNode(TokenReference(document)));
        signed.ComputeSignature();
        security.AppendChild(signed.GetXml());
    }

    internal static void Verify(XmlDocument document)
    {
        var signed = new BodySignedXml(document);
        signed.LoadXml(PeerDocument.Security(document)["Signature", SignedXml.XmlDsigNamespaceUrl]!);
        if (!signed.CheckSignature(PublicKey))
        {
            throw new InvalidOperationException("SignedXml does not accept the signature.");
        }
    }

    private static XmlElement TokenReference(XmlDocument document)
    {
        var token = document.CreateElement("wsse", "SecurityTokenReference", PeerDocument.Wsse);
        var reference = document.CreateElement("wsse", "Reference", PeerDocument.Wsse);
        reference.SetAttribute("URI", "#token");
        token.AppendChild(reference);
        return token;
    }

    /// <summary>SignedXml does not know wsu:Id, and searches the document for Ids; this finds the Body at once.</summary>
    private sealed class BodySignedXml(XmlDocument document) : SignedXml(document)
    {
        public override XmlElement? GetIdElement(XmlDocument? document, string idValue) =>
            document is not null && PeerDocument.Body(document) is { } body && body.GetAttribute("Id", PeerDocument.Wsu) == idValue ? body : null;
    }
}
