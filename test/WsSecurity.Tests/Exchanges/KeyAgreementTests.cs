using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Exchanges;

/// <summary>Messages whose key is agreed on with a certificate of an elliptic curve (ECDH-ES), and keys that are wrapped under others.</summary>
public sealed class KeyAgreementTests
{
    private static readonly XNamespace Xenc11 = "http://www.w3.org/2009/xmlenc11#";
    private static readonly XNamespace Dsig11 = "http://www.w3.org/2009/xmldsig11#";
    private static readonly XNamespace More = "http://www.w3.org/2021/04/xmldsig-more#";

    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35", "1.3.36.3.3.2.8.1.1.7", "1.3.36.3.3.2.8.1.1.11", "1.3.36.3.3.2.8.1.1.13"];

    private static IEnumerable<TestCaseData> Exchanges =>
        from preset in new[] { "MutualCertificateDuplex", "MutualCertificate", "UserNameForCertificate", "AnonymousUnderived" }
        from derivation in Enum.GetValues<KeyDerivation>()
        from suite in new[] { AlgorithmSuite.Basic128GCMSha256, AlgorithmSuite.Basic192GCMSha384, AlgorithmSuite.Basic256GCMSha512 }
        select new TestCaseData(preset, derivation, suite);

    // In the asymmetric mode the reply is for a client whose key is of an elliptic curve as well.
    [TestCaseSource(nameof(Exchanges))]
    public void Exchange_WithEllipticCurves_IsAcceptedBothWays(string preset, KeyDerivation derivation, AlgorithmSuite suite)
    {
        var parties = Parties(Presets.ByName[preset] with { KeyDerivation = derivation, DefaultAlgorithmSuite = suite, RequireSignatureConfirmation = true });
        using var client = TestKeys.IssueEc("CN=client,O=WsSecurity", TestKeys.Ca, usage: X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement);
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = client };

        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = pending.VerifyReply(parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">3</sum>")), parties.Context);

        Assert.That(request.Message.Evidence.EncryptedParts[0].KeyTransportAlgorithm, Is.EqualTo(KeyAgreementAlgorithm.EcdhEs));
        Assert.That(Encoding.UTF8.GetString(reply.Envelope), Does.Contain("<sum xmlns=\"urn:calc\">3</sum>"));
        Assert.That(Encoding.UTF8.GetString(wire), Does.Not.Contain("<a>1</a>"));
    }

    [TestCaseSource(nameof(Curves))]
    public void Exchange_OnEachCurve_IsAccepted(string oid)
    {
        using var service = TestKeys.IssueEc("CN=service", TestKeys.Ca, ECCurve.CreateFromValue(oid), X509KeyUsageFlags.KeyAgreement);
        var parties = Parties(SecurityPolicy.AnonymousForCertificate, service);

        Assert.That(() => parties.Verify(parties.Protect()).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Protect_TheSameTwice_HasAnotherOriginatorsKey()
    {
        var parties = Parties(SecurityPolicy.AnonymousForCertificate);

        var first = Point(Wire.Of(parties.Protect())).Value;
        var second = Point(Wire.Of(parties.Protect())).Value;

        Assert.That(second, Is.Not.EqualTo(first));
    }

    [Test]
    public void VerifyRequest_RecipientNamedByItsPoint_IsAccepted()
    {
        var curve = AgreementCurve.Find("urn:oid:1.2.840.10045.3.1.7")!;
        using var publicKey = TestKeys.EcService.GetECDiffieHellmanPublicKey()!;

        Assert.That(() => Request(wire => wire.Find(Wire.Xenc + "RecipientKeyInfo").ReplaceNodes(KeyValue(curve.Uri, curve.Encode(publicKey)))), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_RecipientNamedByAForeignPoint_IsNotOurs()
    {
        var curve = AgreementCurve.Find("urn:oid:1.2.840.10045.3.1.7")!;
        using var stranger = curve.Generate();

        Assert.That(
            () => Request(wire => wire.Find(Wire.Xenc + "RecipientKeyInfo").ReplaceNodes(KeyValue(curve.Uri, curve.Encode(stranger)))),
            Refused.With(SecurityFailure.DecryptionKeyUnavailable));
    }

    // Section 5.4.1 makes the attributes optional; an empty one, and one that says that no bit follows, add nothing.
    [TestCase("AlgorithmID", "")]
    [TestCase("AlgorithmID", "00")]
    [TestCase("PartyUInfo", "")]
    [TestCase("PartyVInfo", "00")]
    public void VerifyRequest_OtherInfoThatAddsNothing_IsAccepted(string attribute, string value) =>
        Assert.That(() => Request(wire => wire.Find(Xenc11 + "ConcatKDFParams").SetAttributeValue(attribute, value)), Throws.Nothing);

    [TestCase("AlgorithmID", "0001", SecurityFailure.DecryptionFailed)]
    [TestCase("PartyUInfo", "00ab", SecurityFailure.DecryptionFailed)]
    [TestCase("PartyUInfo", "03a0", SecurityFailure.InvalidEncryptionStructure)]
    [TestCase("PartyVInfo", "0", SecurityFailure.InvalidEncryptionStructure)]
    [TestCase("PartyVInfo", "xx", SecurityFailure.InvalidEncryptionStructure)]
    public void VerifyRequest_OtherInfoChanged_IsRefused(string attribute, string value, SecurityFailure failure) =>
        Assert.That(() => Request(wire => wire.Find(Xenc11 + "ConcatKDFParams").SetAttributeValue(attribute, value)), Refused.With(failure));

    [Test]
    public void VerifyRequest_OtherInfoWithoutEnd_IsRefused() => Assert.That(
        () => Request(wire => wire.Find(Xenc11 + "ConcatKDFParams").SetAttributeValue("SuppPubInfo", new string('0', 4096))),
        Refused.With(SecurityFailure.InvalidEncryptionStructure));

    // A sample of attacks: the point of another curve, or of none; another algorithm in each place.
    private static readonly (string Name, Action<Wire> Change, SecurityFailure Failure)[] Changes =
    [
        ("a point beside the curve", wire => Flip(Point(wire)), SecurityFailure.InvalidOriginatorKey),
        ("another curve", wire => wire.Find(Dsig11 + "NamedCurve").SetAttributeValue("URI", "urn:oid:1.3.132.0.34"), SecurityFailure.InvalidOriginatorKey),
        ("a curve that nobody knows", wire => wire.Find(Dsig11 + "NamedCurve").SetAttributeValue("URI", "urn:oid:1.2.3"), SecurityFailure.InvalidOriginatorKey),
        ("explicit parameters of a curve", wire => wire.Find(Dsig11 + "NamedCurve").ReplaceWith(new XElement(Dsig11 + "ECParameters")), SecurityFailure.UnsupportedSecurityToken),
        ("an originator's name", wire => wire.Find(Wire.Xenc + "OriginatorKeyInfo").ReplaceNodes(new XElement(Wire.Ds + "KeyName", "me")), SecurityFailure.UnsupportedSecurityToken),
        ("no originator", wire => wire.Find(Wire.Xenc + "OriginatorKeyInfo").Remove(), SecurityFailure.InvalidEncryptionStructure),
        ("no recipient", wire => wire.Find(Wire.Xenc + "RecipientKeyInfo").Remove(), SecurityFailure.DecryptionKeyUnavailable),
        ("a nonce", wire => wire.Find(Wire.Xenc + "AgreementMethod").AddFirst(new XElement(Wire.Xenc + "KA-Nonce", "AAAA")), SecurityFailure.InvalidEncryptionStructure),
        ("X25519", wire => wire.Find(Wire.Xenc + "AgreementMethod").SetAttributeValue("Algorithm", "http://www.w3.org/2021/04/xmldsig-more#x25519"), SecurityFailure.KeyAgreementNotAllowed),
        ("finite fields", wire => wire.Find(Wire.Xenc + "AgreementMethod").SetAttributeValue("Algorithm", "http://www.w3.org/2009/xmlenc11#dh-es"), SecurityFailure.KeyAgreementNotAllowed),
        ("PBKDF2", wire => wire.Find(Xenc11 + "KeyDerivationMethod").SetAttributeValue("Algorithm", "http://www.w3.org/2009/xmlenc11#pbkdf2"), SecurityFailure.KeyAgreementNotAllowed),
        ("SHA-1 in ConcatKDF", wire => wire.Find(Xenc11 + "ConcatKDFParams").Element(Wire.Ds + "DigestMethod")!.SetAttributeValue("Algorithm", DigestAlgorithm.Sha1.Uri), SecurityFailure.KeyAgreementNotAllowed),
        ("HKDF over parameters of ConcatKDF", wire => wire.Find(Xenc11 + "KeyDerivationMethod").SetAttributeValue("Algorithm", KeyDerivationMethod.Hkdf), SecurityFailure.KeyAgreementNotAllowed),
        ("unknown parameters", wire => wire.Find(Xenc11 + "KeyDerivationMethod").ReplaceNodes(new XElement("Params")), SecurityFailure.InvalidEncryptionStructure),
        ("a shorter wrap", wire => wire.Find(Wire.Xenc + "EncryptionMethod").SetAttributeValue("Algorithm", KeyWrapAlgorithm.Aes128.Uri), SecurityFailure.KeyTransportAlgorithmNotAllowed),
        ("key transport beside an agreement", wire => wire.Find(Wire.Xenc + "EncryptionMethod").SetAttributeValue("Algorithm", KeyTransportAlgorithm.RsaOaep.Uri), SecurityFailure.KeyTransportAlgorithmNotAllowed),
        ("another wrapped key", wire => Flip(wire.Find(Wire.Xenc + "CipherValue")), SecurityFailure.DecryptionFailed),
        ("a wrapped key cut short", wire => wire.Find(Wire.Xenc + "CipherValue").Value = "AAAA", SecurityFailure.DecryptionFailed),
    ];

    private static IEnumerable<string> ChangeNames => Changes.Select(change => change.Name);

    [TestCaseSource(nameof(ChangeNames))]
    public void VerifyRequest_WithOneChange_RefusesByItsName(string name)
    {
        var (_, change, failure) = Changes.Single(candidate => candidate.Name == name);

        Assert.That(() => Request(change), Refused.With(failure));
    }

    [TestCase("Salt", "AAAA", SecurityFailure.DecryptionFailed)]
    [TestCase("Salt", "no base64!", SecurityFailure.InvalidEncryptionStructure)]
    [TestCase("KeyLength", "16", SecurityFailure.InvalidEncryptionStructure)]
    [TestCase("KeyLength", "many", SecurityFailure.InvalidEncryptionStructure)]
    public void VerifyRequest_HkdfParameterChanged_IsRefused(string element, string value, SecurityFailure failure) =>
        Assert.That(() => Request(wire => wire.Find(More + element).Value = value, KeyDerivation.Hkdf), Refused.With(failure));

    [Test]
    public void VerifyRequest_HkdfPrfOfSha1_IsRefused() => Assert.That(
        () => Request(wire => wire.Find(More + "PRF").SetAttributeValue("Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"), KeyDerivation.Hkdf),
        Refused.With(SecurityFailure.KeyAgreementNotAllowed));

    [Test]
    public void VerifyRequest_SuiteOfWsSecurityPolicy_AgreesOnNoKeys()
    {
        var wire = Parties(SecurityPolicy.AnonymousForCertificate).Protect();
        var parties = TestParties.Of(SecurityPolicy.AnonymousForCertificate with { DefaultAlgorithmSuite = AlgorithmSuite.Basic256GCM });

        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.KeyAgreementNotAllowed));
    }

    [Test]
    public void Initiator_CertificateThatOnlySigns_IsToldWhenCreated()
    {
        var parties = Parties(SecurityPolicy.AnonymousForCertificate, TestKeys.EcClient);

        Assert.That(() => parties.Initiator, Throws.ArgumentException.With.Message.Contains("key usage"));
        Assert.That(() => parties.Recipient, Throws.ArgumentException.With.Message.Contains("elliptic curve"));
    }

    // Keys under keys (XML Encryption 1.1, section 5.6)

    [Test]
    public void VerifyRequest_KeyWrappedUnderTheMessagesKey_Decrypts()
    {
        var parties = TestParties.Of(SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false, MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt });

        Assert.That(() => parties.Verify(Wrapped(KeyWrapAlgorithm.Aes256, "key", "inner")).Dispose(), Throws.Nothing);
    }

    [TestCase("inner", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("token", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("nothing", SecurityFailure.SecurityTokenUnavailable)]
    public void VerifyRequest_KeyWrappedUnderWhatIsNoOtherKey_IsRefused(string wrappingId, SecurityFailure failure)
    {
        var parties = TestParties.Of(SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false });

        Assert.That(() => parties.Verify(Wrapped(KeyWrapAlgorithm.Aes256, wrappingId, "inner")), Refused.With(failure));
    }

    [Test]
    public void VerifyRequest_KeyWrappedUnderAWrapThatTheSuiteLacks_IsRefused()
    {
        var parties = TestParties.Of(SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false });

        Assert.That(() => parties.Verify(Wrapped(KeyWrapAlgorithm.Aes128, "key", "inner")), Refused.With(SecurityFailure.KeyTransportAlgorithmNotAllowed));
    }

    [Test]
    public void VerifyRequest_ManyKeysEachUnderTheNext_StopsAtTheLimit()
    {
        var parties = TestParties.Of(SecurityPolicy.AnonymousForCertificate);
        var keys = string.Concat(Enumerable.Range(0, 60).Select(i => WrappedKey(KeyWrapAlgorithm.Aes256, new byte[32], new byte[32], $"key{i}", $"key{i + 1}", [])));

        Assert.That(() => parties.Verify(Encoding.UTF8.GetBytes(Forgery.Envelope(keys))), Refused.With(SecurityFailure.TooManySecurityElements));
    }

    private static byte[] Wrapped(KeyWrapAlgorithm wrap, string wrappingId, string id)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var inner = RandomNumberGenerator.GetBytes(32);
        var (key, _) = Forgery.EncryptedKey(secret, TestKeys.Service);
        var security = Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client) + key
            + WrappedKey(wrap, wrap == KeyWrapAlgorithm.Aes256 ? secret : secret[..wrap.KeySize], inner, id, wrappingId, ["data"]);
        var plain = Forgery.Envelope(security);
        var signed = Encoding.UTF8.GetString(Forgery.Sign(plain, secret, ["time", "body"]));
        return Encoding.UTF8.GetBytes(signed.Replace(TestParties.Body11, Forgery.EncryptedData(inner, TestParties.Body11, keyId: id), StringComparison.Ordinal));
    }

    private static string WrappedKey(KeyWrapAlgorithm wrap, byte[] wrappingKey, byte[] secret, string id, string wrappingId, string[] references) => Encoding.UTF8.GetString(
        EncryptionWriter.WriteKey(id, wrap.Uri, null, wrap.Wrap(wrappingKey, secret), references, writer => EncryptionWriter.WriteKeyReference(writer, wrappingId, [])));

    private static TestParties Parties(SecurityPolicy policy, X509Certificate2? service = null)
    {
        var parties = TestParties.Of(policy);
        service ??= TestKeys.EcService;
        parties.ClientCredentials = parties.ClientCredentials with { PeerCertificates = [TestKeys.Public(service)] };
        parties.ServiceCredentials = parties.ServiceCredentials with { Certificate = service };
        return parties;
    }

    private static void Request(Action<Wire> change, KeyDerivation derivation = default)
    {
        // Not signed by the certificate of the elliptic curve, so that nothing but the key agreement is of that kind.
        var parties = Parties(SecurityPolicy.AnonymousForCertificate with { KeyDerivation = derivation });
        parties.Verify(Wire.Change(parties.Protect(), change)).Dispose();
    }

    private static XElement Point(Wire wire) => wire.Find(Dsig11 + "PublicKey");

    private static XElement KeyValue(string uri, byte[] point) => new(
        Wire.Ds + "KeyValue",
        new XElement(Dsig11 + "ECKeyValue", new XElement(Dsig11 + "NamedCurve", new XAttribute("URI", uri)), new XElement(Dsig11 + "PublicKey", Convert.ToBase64String(point))));

    private static void Flip(XElement value)
    {
        var octets = Convert.FromBase64String(value.Value);
        octets[^1] ^= 1;
        value.Value = Convert.ToBase64String(octets);
    }
}
