using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Algorithms;
using WsSecurity.Tests.Vectors;

namespace WsSecurity.Tests.Algorithms;

/// <summary>
/// What others encrypted, decrypted with the bare algorithms: the XML is only looked through for the values. The expected plaintext is
/// the <c>.data</c> file beside each vector.
/// </summary>
[VectorFixture]
internal sealed class EncryptionVectorTests
{
    private static readonly XNamespace Xenc = "http://www.w3.org/2001/04/xmlenc#";
    private static readonly XNamespace Xenc11 = "http://www.w3.org/2009/xmlenc11#";
    private static readonly XNamespace Ds = "http://www.w3.org/2000/09/xmldsig#";

    // NIST CAVP, AES-GCM with a 96-bit IV, 128-bit tag and no additional data; no .data file means that the tag is wrong.
    [TestCase("aes128", 29, 31)]
    [TestCase("aes192", 32, 28)]
    [TestCase("aes256", 33, 27)]
    public void Decrypt_NistAesGcm_AcceptsAndRejectsAsTheyDo(string keyLength, int acceptCount, int rejectCount)
    {
        var folder = SharedVectors.Require($"xmlsec/nist-aesgcm/{keyLength}");
        var keys = ReadKeys($"xmlsec/nist-aesgcm/keys-{keyLength}-gcm.xml");
        var (accepted, rejected) = (0, 0);
        foreach (var file in Directory.EnumerateFiles(folder, "*.xml"))
        {
            var data = Load(file).Root!;
            var algorithm = ContentAlgorithm(data);
            var key = keys[KeyNames(data).Single()];
            if (File.Exists(Path.ChangeExtension(file, ".data")))
            {
                var expected = Convert.FromBase64String(File.ReadAllText(Path.ChangeExtension(file, ".data")));
                Assert.That(Decrypt(algorithm, key, CipherValue(data)), Is.EqualTo(expected), file);
                accepted++;
            }
            else
            {
                Assert.That(
                    () => Decrypt(algorithm, key, CipherValue(data)),
                    Throws.TypeOf<WsSecurityException>()
                        .With.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.DecryptionFailed),
                    file);
                rejected++;
            }
        }

        Assert.That((accepted, rejected), Is.EqualTo((acceptCount, rejectCount)));
    }

    // W3C, XML Encryption 1.1 interoperability report (2012), section on AES-GCM.
    [Test]
    public void Decrypt_W3cAesGcmExample_GivesThePlaintext()
    {
        var data = LoadVector("xmlsec/xmlenc11-interop-2012/xenc11-example-AES128-GCM.xml").Root!;
        var key = File.ReadAllBytes(SharedVectors.Require("xmlsec/xmlenc11-interop-2012/xenc11-example-AES128-GCM.key"));

        Assert.That(
            Decrypt(ContentAlgorithm(data), key, CipherValue(data)),
            Is.EqualTo(File.ReadAllBytes(SharedVectors.Require("xmlsec/xmlenc11-interop-2012/xenc11-example-AES128-GCM.data"))));
    }

    // The same report, RSA-OAEP in both spellings, digests beside MGF1 with SHA-1, and OAEPparams.
    [TestCase("cipherText__RSA-2048__aes128-gcm__rsa-oaep-mgf1p", "RSA-2048")]
    [TestCase("cipherText__RSA-3072__aes192-gcm__rsa-oaep-mgf1p__Sha256", "RSA-3072")]
    [TestCase("cipherText__RSA-3072__aes256-gcm__rsa-oaep__Sha384-MGF_Sha1", "RSA-3072")]
    [TestCase("cipherText__RSA-4096__aes256-gcm__rsa-oaep__Sha512-MGF_Sha1_PSource", "RSA-4096")]
    public void Decrypt_W3cKeyTransport_GivesThePlaintext(string name, string key)
    {
        var archive = SharedVectors.Require($"xmlsec/xmlenc11-interop-2012/{key}_SHA256WithRSA.p12");
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(archive, "passwd", X509KeyStorageFlags.Exportable);
        using var rsa = certificate.GetRSAPrivateKey()!;

        AssertDecrypts($"xmlsec/xmlenc11-interop-2012/{name}", rsa);
    }

    // Phaos Technology's samples (2002): RSA 1.5, and OAEP with a digest that is not the MGF's.
    [TestCase("enc-element-3des-kt-rsa1_5")]
    [TestCase("enc-element-3des-kt-rsa_oaep_sha1")]
    [TestCase("enc-element-3des-kt-rsa_oaep_sha256")]
    [TestCase("enc-element-3des-kt-rsa_oaep_sha512")]
    [TestCase("enc-element-aes128-kt-rsa1_5")]
    [TestCase("enc-element-aes128-kt-rsa_oaep_sha1")]
    [TestCase("enc-element-aes192-kt-rsa_oaep_sha1")]
    [TestCase("enc-text-aes192-kt-rsa1_5")]
    [TestCase("enc-text-aes256-kt-rsa_oaep_sha1")]
    [TestCase("enc-content-aes256-kt-rsa1_5")]
    public void Decrypt_PhaosKeyTransport_GivesThePlaintext(string name)
    {
        using var rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(File.ReadAllBytes(SharedVectors.Require("xmlsec/01-phaos-xmlenc-3/rsa-priv-key.der")), out _);

        AssertDecrypts($"xmlsec/01-phaos-xmlenc-3/{name}", rsa);
    }

    // xmlsec (2002 to today): every pair of digest and MGF that we have.
    [TestCase("enc-aes256-kt-rsa_oaep_sha1")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha1-params")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha1_mgf1_sha1")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha1_mgf1_sha512")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha256")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha256_mgf1_sha256")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha256_mgf1_sha512")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha384")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha384_mgf1_sha384")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha384_mgf1_sha512")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha512")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha512_mgf1_sha1")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha512_mgf1_sha256")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha512_mgf1_sha384")]
    [TestCase("enc-aes256-kt-rsa_oaep_sha512_mgf1_sha512")]
    [TestCase("enc-aes256-kt-rsa_oaep_enc11_sha512_mgf1_sha512")]
    [TestCase("enc_rsa_1_5_x509_ski")]
    [TestCase("enc_rsa_1_5_x509_issuer_name_serial")]
    public void Decrypt_XmlsecKeyTransport_GivesThePlaintext(string name)
    {
        using var rsa = ReadXmlsecKey();

        AssertDecrypts($"xmlsec/aleksey-xmlenc-01/{name}", rsa);
    }

    // xmlsec: content encryption alone, under a key that is known by name.
    [TestCase("enc-des3cbc-keyname")]
    [TestCase("enc-des3cbc-keyname2")]
    [TestCase("enc-des3cbc-keyname-content")]
    [TestCase("enc-des3cbc-keyname-element")]
    [TestCase("enc-aes128cbc-keyname")]
    [TestCase("enc-aes192cbc-keyname")]
    [TestCase("enc-aes256cbc-keyname")]
    [TestCase("enc-aes128gcm-keyname")]
    [TestCase("enc-aes192gcm-keyname")]
    [TestCase("enc-aes256gcm-keyname")]
    public void Decrypt_XmlsecContent_GivesThePlaintext(string name)
    {
        var data = LoadVector($"xmlsec/aleksey-xmlenc-01/{name}.xml").Descendants(Xenc + "EncryptedData").Single();
        var key = ReadKeys("xmlsec/keys/keys.xml")[KeyNames(data).Single()];

        AssertPlaintext($"xmlsec/aleksey-xmlenc-01/{name}", Decrypt(ContentAlgorithm(data), key, CipherValue(data)));
    }

    [Test]
    public void Decrypt_VectorWithItsOaepParamsLeftOut_GivesARandomKey()
    {
        using var rsa = ReadXmlsecKey();
        var key = LoadVector("xmlsec/aleksey-xmlenc-01/enc-aes256-kt-rsa_oaep_sha1-params.xml").Descendants(Xenc + "EncryptedKey").Single();
        var (algorithm, parameters) = KeyTransport(key);
        var cipherValue = CipherValue(key);

        Assert.That(parameters.Label.IsEmpty, Is.False);
        Assert.That(
            algorithm.Decrypt(rsa, cipherValue, OaepParameters.Default, 32),
            Is.Not.EqualTo(algorithm.Decrypt(rsa, cipherValue, parameters, 32)));
    }

    private static void AssertDecrypts(string vector, RSA privateKey)
    {
        var data = LoadVector(vector + ".xml").Descendants(Xenc + "EncryptedData").Single();
        var key = data.Descendants(Xenc + "EncryptedKey").Single();
        var algorithm = ContentAlgorithm(data);
        var (transport, parameters) = KeyTransport(key);

        var contentKey = transport.Decrypt(privateKey, CipherValue(key), parameters, algorithm.KeySize);

        AssertPlaintext(vector, Decrypt(algorithm, contentKey, CipherValue(data)));
    }

    private static void AssertPlaintext(string vector, byte[] plaintext)
    {
        // The .data file is the whole document after decryption, the plaintext what was put in: white space and empty elements may differ.
        var expected = File.ReadAllText(SharedVectors.Require(vector + ".data"));
        var actual = Encoding.UTF8.GetString(plaintext);

        Assert.That(Normalize(actual), Is.Not.Empty);
        Assert.That(Normalize(expected), Does.Contain(Normalize(actual)));

        static string Normalize(string text) => Regex.Replace(Regex.Replace(text, @"\s", ""), "(<[^<>/]+)></[^>]+>", "$1/>");
    }

    private static byte[] Decrypt(ContentEncryptionAlgorithm algorithm, byte[] key, byte[] ciphertext)
    {
        var plaintext = new byte[algorithm.GetMaxPlaintextLength(ciphertext.Length)];
        return plaintext[..algorithm.Decrypt(key, ciphertext, plaintext)];
    }

    private static XDocument LoadVector(string vector) => Load(SharedVectors.Require(vector));

    private static XDocument Load(string path)
    {
        using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        return XDocument.Load(reader);
    }

    private static ContentEncryptionAlgorithm ContentAlgorithm(XElement encryptedData) =>
        AlgorithmRegistry.ContentEncryptions.Single(algorithm => algorithm.Uri == MethodUri(encryptedData));

    private static KeyTransportMethod KeyTransport(XElement encryptedKey)
    {
        var method = encryptedKey.Element(Xenc + "EncryptionMethod")!;
        var algorithm = AlgorithmRegistry.KeyTransports.Single(algorithm => algorithm.Uri == MethodUri(encryptedKey));
        if (!algorithm.IsOaep)
        {
            return new KeyTransportMethod(algorithm, OaepParameters.Default);
        }

        var digest = (string?)method.Element(Ds + "DigestMethod")?.Attribute("Algorithm") ?? DigestAlgorithm.Sha1.Uri;
        var mask = (string?)method.Element(Xenc11 + "MGF")?.Attribute("Algorithm") ?? MaskGenerationFunction.Sha1.Uri;
        var parameters = new OaepParameters
        {
            Digest = AlgorithmRegistry.Digests.Single(candidate => candidate.Uri == digest),
            MaskGeneration = AlgorithmRegistry.MaskGenerationFunctions.Single(candidate => candidate.Uri == mask),
            Label = Convert.FromBase64String((string?)method.Element(Xenc + "OAEPparams") ?? ""),
        };

        // xmlsec honours an MGF beside rsa-oaep-mgf1p, which the specification does not know; as primitives the two spellings are one.
        return new KeyTransportMethod(algorithm.Supports(parameters) ? algorithm : KeyTransportAlgorithm.RsaOaep, parameters);
    }

    private static string? MethodUri(XElement encrypted) => (string?)encrypted.Element(Xenc + "EncryptionMethod")?.Attribute("Algorithm");

    private static byte[] CipherValue(XElement encrypted) =>
        Convert.FromBase64String((string)encrypted.Element(Xenc + "CipherData")!.Element(Xenc + "CipherValue")!);

    private static IEnumerable<string> KeyNames(XElement encryptedData) =>
        encryptedData.Elements(Ds + "KeyInfo").Elements(Ds + "KeyName").Select(name => name.Value.Trim());

    private static Dictionary<string, byte[]> ReadKeys(string file)
    {
        XNamespace aleksey = "http://www.aleksey.com/xmlsec/2002";
        return (from info in LoadVector(file).Root!.Elements(Ds + "KeyInfo")
                let value = info.Element(Ds + "KeyValue")?.Elements()
                    .FirstOrDefault(element => element.Name == aleksey + "AESKeyValue" || element.Name == aleksey + "DESKeyValue")
                where value is not null
                select (Name: info.Element(Ds + "KeyName")!.Value.Trim(), Value: Convert.FromBase64String(value.Value)))
            .ToDictionary(key => key.Name, key => key.Value);
    }

    private static RSA ReadXmlsecKey()
    {
        var rsa = RSA.Create();
        rsa.ImportFromEncryptedPem(File.ReadAllText(SharedVectors.Require("xmlsec/keys/rsa/rsa-4096-key.p8-pem")), "secret123");
        return rsa;
    }
}
