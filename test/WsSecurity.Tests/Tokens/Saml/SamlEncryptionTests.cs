using System.Buffers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Encryption;
using WsSecurity.Exchanges;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Tests.Tokens.Saml;

/// <summary>Assertions that their issuer encrypted for the service, whole or in part.</summary>
public sealed class SamlEncryptionTests
{
    private static readonly AlgorithmSuite Suite = AlgorithmSuite.Basic256GCMSha256;
    private static readonly SecurityPolicy Transport = SecurityPolicy.IssuedTokenOverTransport;

    private static readonly SamlAssertionDescription ForService = SamlTesting.Bearer with
    {
        EncryptionCertificate = TestKeys.Public(TestKeys.Service),
        Claims = [new Claim(ClaimTypes.Role, "clerk")],
    };

    [TestCase(SamlVersion.Saml20, "EncryptedAssertion")]
    [TestCase(SamlVersion.Saml11, "EncryptedData")]
    public void Exchange_WithEncryptedAssertion_NamesTheSubject(SamlVersion version, string root)
    {
        var assertion = SamlTesting.Issue(ForService with { Version = version });
        var parties = SamlTesting.Parties(Transport, assertion);
        var wire = parties.Protect();
        using var request = parties.Verify(wire);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(assertion.IsEncrypted, Is.True);
            Assert.That(Encoding.UTF8.GetString(wire), Does.Contain(root).And.Not.Contain("alice"));
            Assert.That(request.Message.Evidence.Tokens.Single().Name, Is.EqualTo("alice"));
            Assert.That(request.Message.Principal.HasClaim(ClaimTypes.Role, "clerk"), Is.True);
        }
    }

    [TestCase("EncryptedAssertion")]
    [TestCase("EncryptedData")]
    public void Exchange_WithTheTokenOfAnIssuerElsewhere_NamesTheSubject(string root)
    {
        var version = root == "EncryptedData" ? SamlVersion.Saml11 : SamlVersion.Saml20;
        var issued = SamlTesting.Issue(ForService with { Version = version });
        var (type, id) = version == SamlVersion.Saml11
            ? ("http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID", "_a")
            : ("http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID", "_b");
        var opaque = SamlAssertionCredential.ParseEncrypted(
            issued.ToArray(), Encoding.UTF8.GetBytes($"<w:SecurityTokenReference xmlns:w=\"{Wire.Wsse}\"><w:KeyIdentifier ValueType=\"{type}\">{id}</w:KeyIdentifier></w:SecurityTokenReference>"), TestKeys.Now.AddHours(1));
        var parties = SamlTesting.Parties(Transport, opaque);
        using var request = parties.Verify(parties.Protect());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(opaque.Id, Is.EqualTo(id));
            Assert.That(opaque.IsBearer, Is.True);
            Assert.That(opaque.NotOnOrAfter, Is.EqualTo(TestKeys.Now.AddHours(1)));
            Assert.That(request.Message.Evidence.Tokens.Single().Name, Is.EqualTo("alice"));
        }
    }

    [TestCase("<a/>", "<a/>")]
    [TestCase("<EncryptedAssertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>", null)]
    [TestCase(null, "<a/>")]
    public void ParseEncrypted_SomethingElse_Throws(string? document, string? reference)
    {
        document ??= Encoding.UTF8.GetString(SamlTesting.Issue(ForService).ToArray());
        reference ??= $"<w:SecurityTokenReference xmlns:w=\"{Wire.Wsse}\"><w:Reference URI=\"#_1\"/></w:SecurityTokenReference>";
        Assert.That(() => SamlAssertionCredential.ParseEncrypted(Encoding.UTF8.GetBytes(document), Encoding.UTF8.GetBytes(reference)), Throws.ArgumentException);
    }

    // SAML 2.0 Core, section 6.1, leaves open where the key stands.
    [TestCase("in KeyInfo")]
    [TestCase("beside, without KeyInfo")]
    [TestCase("beside, named by a RetrievalMethod")]
    [TestCase("beside, for another recipient as well")]
    [TestCase("without a recipient")]
    public void Verify_KeyInItsPlaces_Decrypts(string place)
    {
        var key = RandomNumberGenerator.GetBytes(Suite.ContentEncryption.KeySize);
        var encryptedKey = EncryptKey(key);
        var data = Encrypt(SamlTesting.Issue(SamlTesting.Bearer).ToArray(), key, place switch
        {
            "in KeyInfo" => encryptedKey,
            "without a recipient" => XElement.Parse(encryptedKey) is var bare && Remove(bare) ? bare.ToString(SaveOptions.DisableFormatting) : null,
            "beside, named by a RetrievalMethod" => "<ds:RetrievalMethod Type=\"http://www.w3.org/2001/04/xmlenc#EncryptedKey\" URI=\"#EK\"/>",
            _ => null,
        });
        var beside = place switch
        {
            "beside, for another recipient as well" => EncryptKey(key, TestKeys.Stranger, "EK2") + encryptedKey,
            "in KeyInfo" or "without a recipient" => "",
            _ => encryptedKey,
        };
        using var request = Send($"<s:EncryptedAssertion xmlns:s=\"urn:oasis:names:tc:SAML:2.0:assertion\">{data}{beside}</s:EncryptedAssertion>");
        Assert.That(request.Message.Evidence.Tokens.Single().Name, Is.EqualTo("alice"));

        static bool Remove(XElement key)
        {
            key.Element(Wire.Ds + "KeyInfo")!.Remove();
            return true;
        }
    }

    [Test]
    public void Verify_EncryptedNameAndAttribute_AreRead()
    {
        using var request = Verify(SamlTesting.Written(
            "<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/>",
            name: Part("EncryptedID", "<NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" Format=\"urn:f\">carol</NameID>"),
            statements: $"<AttributeStatement>{Part("EncryptedAttribute", $"<Attribute xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" Name=\"{ClaimTypes.Role}\"><AttributeValue>clerk</AttributeValue></Attribute>")}</AttributeStatement>"));
        var token = (SamlVerifiedToken)request.Message.Evidence.Tokens.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Name, Is.EqualTo("carol"));
            Assert.That(token.NameFormat, Is.EqualTo("urn:f"));
            Assert.That(token.Identity.HasClaim(ClaimTypes.Role, "clerk"), Is.True);
        }
    }

    // Nobody but a trusted issuer may have ciphertexts tried; and a name is no attribute.
    [Test]
    public void Verify_EncryptedPartsThatMayNotBe_Refuse()
    {
        const string vouched = "<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches\"/>";
        const string bearer = "<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/>";
        var name = "<NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">carol</NameID>";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Send(SamlTesting.Written(vouched, name: Part("EncryptedID", name))), Refused.With(SecurityFailure.AssertionNotSigned));
            Assert.That(() => Verify(SamlTesting.Written(bearer, statements: $"<AttributeStatement>{Part("EncryptedAttribute", name)}</AttributeStatement>")), Refused.With(SecurityFailure.UnsupportedSecurityToken));
            Assert.That(() => Verify(SamlTesting.Written(bearer, name: $"<NameID>alice</NameID>{Part("EncryptedID", name)}")), Refused.With(SecurityFailure.InvalidSecurityToken));
            Assert.That(() => Verify(SamlTesting.Written(bearer, name: Part("EncryptedID", name, TestKeys.Stranger))), Refused.With(SecurityFailure.DecryptionKeyUnavailable));
            Assert.That(() => Verify(SamlTesting.Written(bearer, name: "<EncryptedID/>")), Refused.With(SecurityFailure.InvalidSecurityToken));
        }
    }

    [Test]
    public void Verify_EncryptedForSomebodyElse_FailsWithDecryptionKeyUnavailable() =>
        Assert.That(() => Send(Whole(SamlTesting.Issue(SamlTesting.Bearer).ToArray(), TestKeys.Stranger)), Refused.With(SecurityFailure.DecryptionKeyUnavailable));

    [TestCase("<x/>")]
    [TestCase("<NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">alice</NameID>")]
    [TestCase("<w:BinarySecurityToken xmlns:w=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\">AAAA</w:BinarySecurityToken>")]
    public void Verify_EncryptedAssertionOfSomethingElse_FailsWithInvalidSecurityToken(string content) =>
        Assert.That(() => Send(Whole(Encoding.UTF8.GetBytes(content))), Refused.With(SecurityFailure.InvalidSecurityToken));

    // Encrypting is open to everybody who knows the service's certificate; it is the signature inside that counts.
    [Test]
    public void Verify_EncryptedAssertionSwappedForAnUnsignedOne_FailsWithAssertionNotSigned() =>
        Assert.That(
            () => Send(Whole(Encoding.UTF8.GetBytes(SamlTesting.Written("<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/>")))),
            Refused.With(SecurityFailure.AssertionNotSigned));

    [Test]
    public void Verify_TwoEncryptedAssertions_FailsWithInvalidSecurityToken()
    {
        var first = Whole(SamlTesting.Issue(SamlTesting.Bearer).ToArray());
        var second = Whole(SamlTesting.Issue(SamlTesting.Bearer with { Subject = "bob" }).ToArray());
        Assert.That(() => Send(first + second), Refused.With(SecurityFailure.InvalidSecurityToken));
    }

    // What is not signed must not tell how far it came: every answer to changed ciphertext is the same.
    [Test]
    public void Verify_ChangedCiphertext_AnswersUniformly()
    {
        var whole = Whole(SamlTesting.Issue(SamlTesting.Bearer).ToArray());
        using (Assert.EnterMultipleScope())
        {
            foreach (var name in new[] { "CipherValue of the key", "CipherValue of the data" })
            {
                var element = XElement.Parse(whole, LoadOptions.PreserveWhitespace);
                var value = name.EndsWith("key", StringComparison.Ordinal) ? element.Descendants(Wire.Xenc + "CipherValue").First() : element.Descendants(Wire.Xenc + "CipherValue").Last();
                var octets = Convert.FromBase64String(value.Value);
                octets[^1] ^= 1;
                value.Value = Convert.ToBase64String(octets);
                var refusal = Assert.Throws<WsSecurityException>(() => Send(element.ToString(SaveOptions.DisableFormatting)), name);
                Assert.That(refusal!.Failure, Is.EqualTo(SecurityFailure.DecryptionFailed), name);
                Assert.That(refusal.FaultCode, Is.EqualTo(SecurityFaultCode.FailedCheck), name);
            }
        }
    }

    // The ciphertext is the same in every message that carries the assertion: who takes it from one can send it in another.
    [Test]
    public void Verify_BearerThatOnlyItsIssuerEncryptedInClear_FailsWithBearerTokenNotProtected()
    {
        var parties = SamlTesting.Parties(Transport with { AllowInsecureTransport = true }, SamlTesting.Issue(ForService));
        var wire = parties.Protect();
        parties.Context = MessageContext.Empty;
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.BearerTokenNotProtected));
    }

    [Test]
    public void Verify_EncryptedAssertionOfNoPolicy_FailsWithUnsupportedSecurityToken()
    {
        var parties = Presets.Parties(SecurityPolicy.UserNameOverTransport);
        var wire = Wire.Change(parties.Protect(), message => message.Security.Add(XElement.Parse(Whole(SamlTesting.Issue(SamlTesting.Bearer).ToArray()))));
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.UnsupportedSecurityToken));
    }

    private static VerifiedRequest Verify(string assertion) => Send(Encoding.UTF8.GetString(SamlTesting.Sign(assertion).ToArray()));

    // In place of an assertion that our own client put there.
    private static VerifiedRequest Send(string tokens)
    {
        var parties = SamlTesting.Parties(Transport, SamlTesting.Issue(SamlTesting.Bearer));
        var message = Encoding.UTF8.GetString(parties.Protect());
        var own = Encoding.UTF8.GetString(parties.ClientCredentials.SamlAssertion!.ToArray());
        Assert.That(message, Does.Contain(own));
        return parties.Verify(Encoding.UTF8.GetBytes(message.Replace(own, tokens, StringComparison.Ordinal)));
    }

    private static string Whole(byte[] content, System.Security.Cryptography.X509Certificates.X509Certificate2? recipient = null) => Part("EncryptedAssertion", Encoding.UTF8.GetString(content), recipient);

    private static string Part(string name, string content, System.Security.Cryptography.X509Certificates.X509Certificate2? recipient = null)
    {
        var key = RandomNumberGenerator.GetBytes(Suite.ContentEncryption.KeySize);
        return $"<s:{name} xmlns:s=\"urn:oasis:names:tc:SAML:2.0:assertion\">{Encrypt(Encoding.UTF8.GetBytes(content), key, EncryptKey(key, recipient))}</s:{name}>";
    }

    private static string EncryptKey(byte[] key, System.Security.Cryptography.X509Certificates.X509Certificate2? recipient = null, string id = "EK") => Encoding.UTF8.GetString(
        new OutgoingKeyEncryption(Suite, KeyDerivation.ConcatKdf, KeyReference.IssuerSerial, new CertificateEntry(recipient ?? TestKeys.Service), key).Write(id, null));

    private static string Encrypt(byte[] content, byte[] key, string? keyInfo)
    {
        var output = new ArrayBufferWriter<byte>();
        EncryptionWriter.WriteData(output, "ED", contentOnly: false, Suite.ContentEncryption, key, content, writer => writer.RawMarkup(Encoding.UTF8.GetBytes(keyInfo ?? string.Empty)));
        var data = XElement.Parse(Encoding.UTF8.GetString(output.WrittenSpan));
        if (keyInfo is null)
        {
            data.Element(Wire.Ds + "KeyInfo")!.Remove();
        }

        data.SetAttributeValue("Id", $"ED{RandomNumberGenerator.GetHexString(8)}");
        return data.ToString(SaveOptions.DisableFormatting);
    }
}
