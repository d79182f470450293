using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Tests.Vectors;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Algorithms;

/// <summary>Keys that others wrapped, under a key that is known or agreed on (ECDH-ES), read with the engine's readers.</summary>
[VectorFixture]
internal sealed class KeyAgreementVectorTests
{
    private const string Aleksey = "http://www.aleksey.com/xmlsec/2002";
    private const string Xenc = "http://www.w3.org/2001/04/xmlenc#";

    // W3C, XML Encryption 1.1 interoperability report (2012): a key for one message, PartyUInfo a nonce.
    [TestCase("EC-P256__aes128-gcm__kw-aes128", "EC-P256")]
    [TestCase("EC-P384__aes192-gcm__kw-aes192", "EC-P384")]
    [TestCase("EC-P521__aes256-gcm__kw-aes256", "EC-P521")]
    public void Decrypt_W3cKeyAgreement_GivesThePlaintext(string name, string key)
    {
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(
            SharedVectors.Require($"xmlsec/xmlenc11-interop-2012/{key}_SHA256WithECDSA.p12"), "secret123", X509KeyStorageFlags.Exportable);
        using var privateKey = ToEcdh(certificate);
        var vector = $"xmlsec/xmlenc11-interop-2012/cipherText__{name}__ECDH-ES__ConcatKDF";
        using var index = Scan($"{vector}.xml");

        AssertPlaintext(vector, index, WrappingKey(index, privateKey));
    }

    // xmlsec 1.3.13: both keys are lasting ones of its folder.
    [TestCase("concatkdf_sha256_kw_aes256_aes128gcm", "256")]
    [TestCase("concatkdf_sha384_kw_aes256_aes128gcm", "256")]
    [TestCase("concatkdf_sha512_kw_aes256_aes128gcm", "256")]
    [TestCase("hkdf_sha256_kw_aes256_aes128gcm", "256")]
    [TestCase("hkdf_sha384_kw_aes256_aes128gcm", "256")]
    [TestCase("hkdf_sha512_kw_aes256_aes128gcm", "256")]
    [TestCase("concatkdf_sha384_kw_aes192_aes192gcm", "384")]
    [TestCase("concatkdf_sha512_kw_aes256_aes256gcm", "521")]
    public void Decrypt_XmlsecKeyAgreement_GivesThePlaintext(string name, string size)
    {
        var vector = $"xmlsec/aleksey-xmlenc-01/enc_ecdh_p{size}_{name}";
        using var own = ReadXmlsecKey($"ec-prime{size}v1-key");
        using var other = ReadXmlsecKey($"ec-prime{size}v1-second-key");
        using var index = Scan($"{vector}.xml", withEphemeralKey: other);

        AssertPlaintext(vector, index, WrappingKey(index, own));
    }

    // WSS4J 4.0, RecipientKeyInfoTest: what it names the recipient by differs, the key does not.
    [TestCase("ECKEY_VALUE_XML")]
    [TestCase("X509CERT_XML")]
    [TestCase("X509ISSUER_SERIAL_XML")]
    [TestCase("X509SKI_XML")]
    public void Unwrap_Wss4jRecipientKeyInfo_GivesTheKey(string name)
    {
        using var index = Scan($"wss4j/messages/RecipientKeyInfoTest.{name}.xml");
        using var privateKey = ReadRecipientKey();

        var key = ReadKey(index);
        var secret = KeyWrapAlgorithm.Aes128.Unwrap(WrappingKey(index, privateKey), key.CipherValue);

        Assert.That(Convert.ToHexStringLower(secret), Is.EqualTo("230e849788f9a4c1c5b8cc7945ad2aa7"));
    }

    // Phaos Technology (2002), and Merlin Hughes (2002): under a key that is known by name.
    [TestCase("01-phaos-xmlenc-3/enc-element-3des-kw-3des", "01-phaos-xmlenc-3/keys.xml", "my-tripledes-key")]
    [TestCase("01-phaos-xmlenc-3/enc-content-aes128-kw-3des", "01-phaos-xmlenc-3/keys.xml", "my-tripledes-key")]
    [TestCase("01-phaos-xmlenc-3/enc-element-aes128-kw-aes128", "01-phaos-xmlenc-3/keys.xml", "my-aes128-key")]
    [TestCase("01-phaos-xmlenc-3/enc-element-aes128-kw-aes256", "01-phaos-xmlenc-3/keys.xml", "my-aes256-key")]
    [TestCase("01-phaos-xmlenc-3/enc-content-3des-kw-aes192", "01-phaos-xmlenc-3/keys.xml", "my-aes192-key")]
    [TestCase("01-phaos-xmlenc-3/enc-content-aes192-kw-aes256", "01-phaos-xmlenc-3/keys.xml", "my-aes256-key")]
    [TestCase("01-phaos-xmlenc-3/enc-element-aes192-kw-aes192", "01-phaos-xmlenc-3/keys.xml", "my-aes192-key")]
    [TestCase("01-phaos-xmlenc-3/enc-element-aes256-kw-aes256", "01-phaos-xmlenc-3/keys.xml", "my-aes256-key")]
    [TestCase("01-phaos-xmlenc-3/enc-text-3des-kw-aes256", "01-phaos-xmlenc-3/keys.xml", "my-aes256-key")]
    [TestCase("01-phaos-xmlenc-3/enc-text-aes128-kw-aes192", "01-phaos-xmlenc-3/keys.xml", "my-aes192-key")]
    public void Decrypt_KeyWrap_GivesThePlaintext(string name, string keys, string keyName)
    {
        using var keyFile = Scan($"xmlsec/{keys}");
        var info = Find(keyFile.Root, element => element.Child("KeyName"u8, "http://www.w3.org/2000/09/xmldsig#") is { IsNone: false } label && label.GetText() == keyName);
        _ = Find(info, element => element.Is("AESKeyValue"u8, Aleksey) || element.Is("DESKeyValue"u8, Aleksey)).TryGetBase64(out var wrappingKey);
        using var index = Scan($"xmlsec/{name}.xml");

        AssertPlaintext($"xmlsec/{name}", index, wrappingKey);
    }

    private static void AssertPlaintext(string vector, XmlIndex index, byte[] wrappingKey)
    {
        var key = ReadKey(index);
        var data = EncryptedDataReader.ReadData(Find(index.Root, element => element.Is("EncryptedData"u8, Xenc), includingSelf: true));
        var content = AlgorithmRegistry.ContentEncryptions.Single(algorithm => algorithm.Uri == data.UntrustedAlgorithm);
        var wrap = AlgorithmRegistry.KeyWraps.Single(algorithm => algorithm.Uri == key.UntrustedAlgorithm);
        _ = data.CipherValue.TryGetBase64(out var ciphertext);
        var plaintext = new byte[content.GetMaxPlaintextLength(ciphertext.Length)];

        // Some of xmlsec's wrap a key of 32 octets for AES-128, of which it uses the first 16. A message with such a key is refused.
        var length = content.Decrypt(wrap.Unwrap(wrappingKey, key.CipherValue).AsSpan(0, content.KeySize), ciphertext, plaintext);
        var actual = Normalize(Encoding.UTF8.GetString(plaintext.AsSpan(0, length)));

        Assert.That(actual, Is.Not.Empty);
        Assert.That(Normalize(File.ReadAllText(SharedVectors.Require($"{vector}.data"))), Does.Contain(actual));

        static string Normalize(string text) => Regex.Replace(Regex.Replace(text, @"\s", ""), "(<[^<>/]+)></[^>]+>", "$1/>");
    }

    private static byte[] WrappingKey(XmlIndex index, ECDiffieHellman privateKey)
    {
        var key = ReadKey(index);
        var agreement = AgreementMethodReader.Read(key.KeyInfo.FirstChild);
        Assert.That(agreement.UntrustedAlgorithm, Is.EqualTo(KeyAgreementAlgorithm.EcdhEs));
        var curve = AgreementCurve.Find(agreement.UntrustedCurve)!;
        var suites = AlgorithmSuite.All.Where(suite => suite.AgreesKeys);
        var derivation = suites.Select(suite => TryFind(suite, agreement)).OfType<KeyDerivationMethod>().First();
        using var originator = curve.Decode(agreement.OriginatorPoint);
        return KeyAgreementAlgorithm.Agree(privateKey, originator, derivation, AlgorithmRegistry.KeyWraps.Single(wrap => wrap.Uri == key.UntrustedAlgorithm).KeySize);
    }

    private static KeyDerivationMethod? TryFind(AlgorithmSuite suite, ParsedAgreementMethod agreement)
    {
        try
        {
            return suite.FindKeyDerivation(agreement.UntrustedDerivation, agreement.UntrustedDigest, agreement.OtherInfo, agreement.Salt, agreement.Info);
        }
        catch (WsSecurityException)
        {
            return null;
        }
    }

    private static ParsedEncryptedKey ReadKey(XmlIndex index) => EncryptedDataReader.ReadKey(Find(index.Root, element => element.Is("EncryptedKey"u8, Xenc)));

    private static XmlElement Find(XmlElement root, Func<XmlElement, bool> isSought, bool includingSelf = false)
    {
        if (includingSelf && isSought(root))
        {
            return root;
        }

        foreach (var element in root.Descendants)
        {
            if (isSought(element))
            {
                return element;
            }
        }

        throw new AssertionException("The vector has no such element.");
    }

    private static XmlIndex Scan(string vector, ECDiffieHellman? withEphemeralKey = null)
    {
        // The samples of 2002 have document types, which the scanner refuses.
        var xml = Regex.Replace(File.ReadAllText(SharedVectors.Require(vector)), @"<!DOCTYPE[^\[>]*(\[[^\]]*\])?\s*>", "");
        if (withEphemeralKey is not null)
        {
            var curve = AgreementCurve.Of(withEphemeralKey)!;
            xml = xml.Replace(
                "<dsig:KeyName>originator-key-name</dsig:KeyName>",
                $"<dsig:KeyValue><e:ECKeyValue xmlns:e='http://www.w3.org/2009/xmldsig11#'><e:NamedCurve URI='{curve.Uri}'/><e:PublicKey>{Convert.ToBase64String(curve.Encode(withEphemeralKey))}</e:PublicKey></e:ECKeyValue></dsig:KeyValue>",
                StringComparison.Ordinal);
        }

        return XmlIndex.Scan(Encoding.UTF8.GetBytes(xml), ProcessingLimits.Default);
    }

    private static ECDiffieHellman ReadXmlsecKey(string name)
    {
        var key = ECDiffieHellman.Create();
        key.ImportFromEncryptedPem(File.ReadAllText(SharedVectors.Require($"xmlsec/keys/ec/{name}.p8-pem")), "secret123");
        return key;
    }

    private static ECDiffieHellman ReadRecipientKey()
    {
        var key = ECDiffieHellman.Create();
        key.ImportFromPem(File.ReadAllText(SharedVectors.Require("wss4j/keys/wss-ecdh.secp521r1.key.pem")));
        return key;
    }

    private static ECDiffieHellman ToEcdh(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return ECDiffieHellman.Create(key.ExportParameters(includePrivateParameters: true));
    }
}
