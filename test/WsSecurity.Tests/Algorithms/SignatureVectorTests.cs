using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Algorithms;
using WsSecurity.Tests.Vectors;

namespace WsSecurity.Tests.Algorithms;

/// <summary>
/// What others signed, verified with the bare algorithms: SignedInfo against SignatureValue, without references, trust or our own
/// canonicalization, so that nothing but the primitive is tested.
/// </summary>
[VectorFixture]
internal sealed class SignatureVectorTests
{
    private static readonly XNamespace Ds = "http://www.w3.org/2000/09/xmldsig#";
    private static readonly XNamespace Ds11 = "http://www.w3.org/2009/xmldsig11#";

    // W3C, XML Signature 1.1 interoperability report (2012); the secret is the file's, the keys are in the messages.
    [TestCase("signature-enveloping-hmac-sha256")]
    [TestCase("signature-enveloping-hmac-sha384")]
    [TestCase("signature-enveloping-hmac-sha512")]
    [TestCase("signature-enveloping-p256_sha1")]
    [TestCase("signature-enveloping-p256_sha256")]
    [TestCase("signature-enveloping-p256_sha384")]
    [TestCase("signature-enveloping-p256_sha512")]
    [TestCase("signature-enveloping-p384_sha1")]
    [TestCase("signature-enveloping-p384_sha256")]
    [TestCase("signature-enveloping-p384_sha384")]
    [TestCase("signature-enveloping-p384_sha512")]
    [TestCase("signature-enveloping-p521_sha1")]
    [TestCase("signature-enveloping-p521_sha256")]
    [TestCase("signature-enveloping-p521_sha384")]
    [TestCase("signature-enveloping-p521_sha512")]
    [TestCase("signature-enveloping-rsa-sha256")]
    [TestCase("signature-enveloping-rsa_sha384")]
    [TestCase("signature-enveloping-rsa_sha512")]
    [TestCase("signature-enveloping-sha256-rsa-sha256")]
    [TestCase("signature-enveloping-sha384-rsa_sha256")]
    [TestCase("signature-enveloping-sha512-rsa_sha256")]
    public void Verify_W3cSignature_IsTrueAndAfterAnyChangeFalse(string name) =>
        AssertVerifies($"xmlsec/xmldsig11-interop-2012/{name}.xml", "xmlsec/xmldsig11-interop-2012/keys/hmackey.bin");

    // xmlsec (2002 to today).
    [TestCase("enveloped-sha1-ecdsa-sha1")]
    [TestCase("enveloped-sha1-rsa-sha1")]
    [TestCase("enveloped-sha256-ecdsa-sha256")]
    [TestCase("enveloped-sha256-rsa-pss-sha256")]
    [TestCase("enveloped-sha384-ecdsa-sha384")]
    [TestCase("enveloped-sha384-rsa-pss-sha384")]
    [TestCase("enveloped-sha512-ecdsa-sha512")]
    [TestCase("enveloped-sha512-rsa-pss-sha512")]
    [TestCase("enveloping-rsa-pss-sha256")]
    [TestCase("enveloping-rsa-pss-sha384")]
    [TestCase("enveloping-rsa-pss-sha512")]
    [TestCase("enveloping-sha1-ecdsa-sha1")]
    [TestCase("enveloping-sha1-hmac-sha1")]
    [TestCase("enveloping-sha1-rsa-sha1")]
    [TestCase("enveloping-sha256-ecdsa-sha256")]
    [TestCase("enveloping-sha256-hmac-sha256")]
    [TestCase("enveloping-sha256-rsa-sha256")]
    [TestCase("enveloping-sha384-ecdsa-sha384")]
    [TestCase("enveloping-sha384-hmac-sha384")]
    [TestCase("enveloping-sha384-rsa-sha384")]
    [TestCase("enveloping-sha512-ecdsa-sha512")]
    [TestCase("enveloping-sha512-hmac-sha512")]
    [TestCase("enveloping-sha512-rsa-sha512")]
    public void Verify_XmlsecSignature_IsTrueAndAfterAnyChangeFalse(string name) =>
        AssertVerifies($"xmlsec/aleksey-xmldsig-01/{name}.xml", "xmlsec/keys/hmackey.bin");

    // Both numbers with a zero too many, and with those left out that they begin with: a bug that Java had.
    [TestCase("enveloping-sha256-ecdsa-sha256_padded", 66)]
    [TestCase("enveloped-ecdsa-java-bug", 130)]
    public void Verify_EcdsaValueOfAnotherLength_IsTrueAndAfterAnyChangeFalse(string name, int length)
    {
        var vector = $"xmlsec/aleksey-xmldsig-01/{name}.xml";

        Assert.That(Read(vector, "xmlsec/keys/hmackey.bin").Value, Has.Length.EqualTo(length));
        AssertVerifies(vector, "xmlsec/keys/hmackey.bin");
    }

    // xmlsec accepts these by an option only; XML Signature knows no DER.
    [TestCase("enveloped-sha256-ecdsa-sha256-with-asn1")]
    [TestCase("enveloping-sha512-ecdsa-sha512-with-asn1")]
    public void Verify_EcdsaValueInDer_IsFalse(string name)
    {
        var (algorithm, key, signedInfo, value) = Read($"xmlsec/aleksey-xmldsig-01/{name}.xml", "xmlsec/keys/hmackey.bin");

        Assert.That(algorithm.Verify(key, signedInfo, value), Is.False);
    }

    // HMACOutputLength (CVE-2009-0217): the octets are the beginning of a right HMAC, and still no HMAC.
    [TestCase("enveloping-sha1-hmac-sha1-64")]
    [TestCase("enveloping-sha256-hmac-sha256-64")]
    [TestCase("enveloping-sha384-hmac-sha384-64")]
    [TestCase("enveloping-sha512-hmac-sha512-64")]
    public void Verify_TruncatedHmac_IsFalse(string name)
    {
        var (algorithm, key, signedInfo, value) = Read($"xmlsec/aleksey-xmldsig-01/{name}.xml", "xmlsec/keys/hmackey.bin");

        Assert.That(value, Has.Length.EqualTo(10).And.EqualTo(algorithm.Sign(key, signedInfo)[..10]));
        Assert.That(algorithm.Verify(key, signedInfo, value), Is.False);
    }

    private static void AssertVerifies(string vector, string secret)
    {
        var (algorithm, key, signedInfo, value) = Read(vector, secret);

        Assert.That(algorithm.Verify(key, signedInfo, value), Is.True);

        signedInfo[signedInfo.Length / 2] ^= 1;
        Assert.That(algorithm.Verify(key, signedInfo, value), Is.False);
    }

    private static (SignatureAlgorithm Algorithm, SignatureKey Key, byte[] SignedInfo, byte[] Value) Read(string vector, string secret)
    {
        var path = SharedVectors.Require(vector);
        using var reader = Open(path);
        var signature = XDocument.Load(reader).Descendants(Ds + "Signature").Single();
        var uri = (string?)signature.Element(Ds + "SignedInfo")?.Element(Ds + "SignatureMethod")?.Attribute("Algorithm");
        var algorithm = AlgorithmRegistry.Signatures.Single(candidate => candidate.Uri == uri);
        return (
            algorithm,
            ReadKey(algorithm.KeyKind, signature.Element(Ds + "KeyInfo"), secret),
            Canonicalize(path),
            Convert.FromBase64String(signature.Element(Ds + "SignatureValue")!.Value));
    }

    private static byte[] Canonicalize(string path)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        using var reader = Open(path);
        document.Load(reader);
        var signedInfo = (XmlElement)document.GetElementsByTagName("SignedInfo", Ds.NamespaceName)[0]!;
        var method = signedInfo["CanonicalizationMethod", Ds.NamespaceName]!.GetAttribute("Algorithm");
        Assert.That(method, Is.AnyOf(SignedXml.XmlDsigC14NTransformUrl, SignedXml.XmlDsigC14NWithCommentsTransformUrl));

        // Inclusive canonicalization of a subtree shows every namespace that is in scope, so they are copied down first.
        var subtree = new XmlDocument { PreserveWhitespace = true };
        var copy = (XmlElement)subtree.AppendChild(subtree.ImportNode(signedInfo, deep: true))!;
        foreach (var (prefix, uri) in signedInfo.CreateNavigator()!.GetNamespacesInScope(XmlNamespaceScope.ExcludeXml))
        {
            copy.SetAttribute(prefix.Length == 0 ? "xmlns" : "xmlns:" + prefix, uri);
        }

        var transform = new XmlDsigC14NTransform(method == SignedXml.XmlDsigC14NWithCommentsTransformUrl);
        transform.LoadInput(subtree);
        using var output = (Stream)transform.GetOutput(typeof(Stream));
        using var octets = new MemoryStream();
        output.CopyTo(octets);
        return octets.ToArray();
    }

    private static XmlReader Open(string path) =>
        XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });

    private static SignatureKey ReadKey(SignatureKeyKind kind, XElement? keyInfo, string secret)
    {
        if (kind == SignatureKeyKind.Hmac)
        {
            return new HmacSignatureKey(File.ReadAllBytes(SharedVectors.Require(secret)));
        }

        if (keyInfo!.Descendants(Ds + "RSAKeyValue").SingleOrDefault() is { } rsaKeyValue)
        {
            return new RsaSignatureKey(RSA.Create(new RSAParameters
            {
                Modulus = Octets(rsaKeyValue.Element(Ds + "Modulus")),
                Exponent = Octets(rsaKeyValue.Element(Ds + "Exponent")),
            }));
        }

        if (keyInfo.Descendants(Ds11 + "ECKeyValue").SingleOrDefault() is { } ecKeyValue)
        {
            var curve = ((string)ecKeyValue.Element(Ds11 + "NamedCurve")!.Attribute("URI")!)["urn:oid:".Length..];
            var point = Octets(ecKeyValue.Element(Ds11 + "PublicKey"));
            return new EcdsaSignatureKey(ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.CreateFromValue(curve),
                Q = new ECPoint { X = point[1..((point.Length / 2) + 1)], Y = point[((point.Length / 2) + 1)..] },
            }));
        }

        if ((string?)keyInfo.Element(Ds + "KeyName") is { } keyName)
        {
            // TestKeyName-rsa-4096 is keys/rsa/rsa-4096-cert.pem.
            var file = keyName.Trim()["TestKeyName-".Length..];
            using var named = X509CertificateLoader.LoadCertificateFromFile(
                SharedVectors.Require($"xmlsec/keys/{file[..file.IndexOf('-', StringComparison.Ordinal)]}/{file}-cert.pem"));
            return KeyOf(named, kind);
        }

        // The signer's certificate stands beside those of its issuers: it is the one that issued none of them.
        var certificates = keyInfo.Descendants(Ds + "X509Certificate")
            .Select(element => X509CertificateLoader.LoadCertificate(Octets(element)))
            .ToList();
        return KeyOf(certificates.Single(one => !certificates.Any(other => other != one && other.Issuer == one.Subject)), kind);
    }

    private static SignatureKey KeyOf(X509Certificate2 certificate, SignatureKeyKind kind) => kind == SignatureKeyKind.Rsa
        ? new RsaSignatureKey(certificate.GetRSAPublicKey()!)
        : new EcdsaSignatureKey(certificate.GetECDsaPublicKey()!);

    private static byte[] Octets(XElement? element) => Convert.FromBase64String(element!.Value);
}
