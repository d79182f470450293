using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;

namespace WsSecurity.Benchmarks.Peers;

/// <summary>SignedXml, then EncryptedXml over the Body's content. It has no AES-GCM: AES-256-CBC under a key by RSA-OAEP.</summary>
internal static class EncryptedXmlPeer
{
    private static readonly RSA PrivateKey = Keys.Service.GetRSAPrivateKey()!;
    private static readonly RSA PublicKey = Keys.Service.GetRSAPublicKey()!;

    public static byte[] SignAndEncrypt(byte[] plain)
    {
        var document = PeerDocument.Load(plain);
        var security = PeerDocument.AddSecurity(document);
        SignedXmlPeer.Sign(document, security);
        using var key = Aes.Create();
        var data = new EncryptedData
        {
            Type = EncryptedXml.XmlEncElementContentUrl,
            EncryptionMethod = new EncryptionMethod(EncryptedXml.XmlEncAES256Url),
            CipherData = new CipherData(new EncryptedXml().EncryptData(PeerDocument.Body(document), key, content: true)),
        };
        var encryptedKey = new EncryptedKey
        {
            EncryptionMethod = new EncryptionMethod(EncryptedXml.XmlEncRSAOAEPUrl),
            CipherData = new CipherData(EncryptedXml.EncryptKey(key.Key, PublicKey, useOAEP: true)),
        };
        security.PrependChild(document.ImportNode(encryptedKey.GetXml(), deep: true));
        EncryptedXml.ReplaceElement(PeerDocument.Body(document), data, content: true);
        return PeerDocument.Save(document, plain.Length * 3 / 2);
    }

    public static void DecryptAndVerify(byte[] wire)
    {
        var document = PeerDocument.Load(wire);
        var encryptedKey = new EncryptedKey();
        encryptedKey.LoadXml(PeerDocument.Security(document)["EncryptedKey", EncryptedXml.XmlEncNamespaceUrl]!);
        using var key = Aes.Create();
        key.Key = EncryptedXml.DecryptKey(encryptedKey.CipherData.CipherValue!, PrivateKey, useOAEP: true);
        var element = PeerDocument.Body(document)["EncryptedData", EncryptedXml.XmlEncNamespaceUrl]!;
        var data = new EncryptedData();
        data.LoadXml(element);
        var encryptedXml = new EncryptedXml();
        encryptedXml.ReplaceData(element, encryptedXml.DecryptData(data, key));
        SignedXmlPeer.Verify(document);
    }
}
