using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>
/// XML encryption wrapping (Somorovsky and Schwenk, 2012), and ciphertext of one message in another: it must not become a part of what
/// somebody else signs, and what comes out of it must stay where the ciphertext stood.
/// </summary>
public sealed class EncryptionWrappingTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly string[] Orders = Enum.GetNames<MessageProtectionOrder>();

    [TestCase(MessageProtectionOrder.SignBeforeEncrypt, SecurityFailure.ProtectionOrderViolated)]
    [TestCase(MessageProtectionOrder.SignBeforeEncryptAndEncryptSignature, SecurityFailure.ProtectionOrderViolated)]
    [TestCase(MessageProtectionOrder.EncryptBeforeSign, SecurityFailure.SignedPartMissing)]
    public void VerifyRequest_EncryptedUsernameTokenOfAnotherMessage_DoesNotAuthenticate(MessageProtectionOrder order, SecurityFailure failure)
    {
        // The attacker has seen alice's message. He cannot read her token, but he can send it along under her key, sign its ciphertext with
        // a key of his own, and so speak in her name.
        var policy = Presets.ByName["UserNameUnderived"] with { MessageProtectionOrder = order };
        var victim = Wire.Of(Presets.Parties(policy).Protect());
        var victimKey = victim.Find(Wire.Xenc + "EncryptedKey");
        var user = order == MessageProtectionOrder.EncryptBeforeSign ? victim.Security.Elements(Wire.Xenc + "EncryptedData").Last() : victim.Security.Elements(Wire.Xenc + "EncryptedData").First();
        victimKey.Elements(Wire.Xenc + "ReferenceList").Remove();

        var key = Forgery.EncryptedKey(Secret, TestKeys.Service);
        var envelope = Forgery.Envelope(
            Forgery.Timestamp(TestKeys.Now) + key.Xml + (order == MessageProtectionOrder.EncryptBeforeSign ? string.Empty : Forgery.ReferenceList("data"))
            + Forgery.Marker + victimKey + user + (order == MessageProtectionOrder.EncryptBeforeSign ? Forgery.ReferenceList("data") : string.Empty),
            "{body}");
        byte[] wire;
        if (order == MessageProtectionOrder.EncryptBeforeSign)
        {
            wire = Forgery.Sign(envelope.Replace("{body}", Forgery.EncryptedData(Secret, "<evil xmlns=\"urn:calc\"/>"), StringComparison.Ordinal), Secret, ["time", "body", Wire.Id(user)]);
        }
        else
        {
            wire = Forgery.Sign(envelope.Replace("{body}", "<evil xmlns=\"urn:calc\"/>", StringComparison.Ordinal), Secret, ["time", "body", Wire.Id(user)]);
            var message = Wire.Of(wire);
            message.Body.ReplaceNodes(XElement.Parse(Forgery.EncryptedData(Secret, "<evil xmlns=\"urn:calc\"/>")));
            if (order == MessageProtectionOrder.SignBeforeEncryptAndEncryptSignature)
            {
                message.Signature.ReplaceWith(XElement.Parse(Forgery.EncryptedData(Secret, message.Signature.ToString(SaveOptions.DisableFormatting), "sig", contentOnly: false)));
            }

            wire = message.ToArray();
        }

        var refusal = Assert.Throws<WsSecurityException>(() => Presets.Parties(policy).Verify(wire))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Failure, Is.EqualTo(failure), refusal.Message);
            Assert.That(refusal.FaultCode, Is.EqualTo(SecurityFaultCode.FailedCheck));
        }
    }

    [TestCaseSource(nameof(Orders))]
    public void VerifyRequest_EncryptedBodyOfAnotherMessage_Refuses(string order)
    {
        var parties = Presets.Parties("MutualCertificateDuplex", Enum.Parse<MessageProtectionOrder>(order));
        var other = Wire.Of(parties.Protect("<other xmlns=\"urn:calc\"/>"));
        var changed = Wire.Change(parties.Protect(), message =>
        {
            message.Find(Wire.Xenc + "EncryptedKey").ReplaceWith(other.Find(Wire.Xenc + "EncryptedKey"));
            message.Body.ReplaceNodes(other.Body.Nodes());
        });
        Assert.That(() => parties.Verify(changed), Throws.InstanceOf<WsSecurityException>().With.Property("FaultCode").EqualTo(SecurityFaultCode.FailedCheck));
    }

    [TestCaseSource(nameof(Orders))]
    public void VerifyRequest_EncryptedDataMovedAway_Refuses(string order)
    {
        foreach (var preset in Presets.OfMessages.Where(name => name != "CertificateSignature"))
        {
            var parties = Presets.Parties(preset, Enum.Parse<MessageProtectionOrder>(order));
            var changed = Wire.Change(parties.Protect(), message =>
            {
                var data = message.Body.Elements().Single();
                data.Remove();
                message.Header.Add(new XElement("Wrapper", data));
                message.Body.Add(XElement.Parse(TestParties.Body11));
            });
            Assert.That(() => parties.Verify(changed), Throws.InstanceOf<WsSecurityException>(), preset);
        }
    }

    [TestCase("</s:Body><s:Body>")]
    [TestCase("<a></b>")]
    [TestCase("<a>")]
    [TestCase("</a>")]
    [TestCase("text & more")]
    [TestCase("&undeclared;")]
    [TestCase("<!DOCTYPE x><a/>")]
    [TestCase("<?pi?>")]
    [TestCase("<!-- open")]
    [TestCase("<![CDATA[ open")]
    [TestCase("<unbound:a/>")]
    [TestCase("<a b=\"1\" b=\"2\"/>")]
    [TestCase("<a b='open")]
    [TestCase("&#0;")]
    [TestCase("]]>")]
    public void VerifyRequest_PlaintextThatIsNoContent_FailsAsAnyCiphertext(string plaintext) =>
        AssertFailsAlike(Anonymous(Forgery.EncryptedData(Secret, plaintext)));

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("text")]
    [TestCase("<a/><b/>")]
    [TestCase("<a/>text")]
    [TestCase("<!-- c --><a/>")]
    public void VerifyRequest_PlaintextThatIsNotOneElement_FailsAsAnyCiphertext(string plaintext) =>
        AssertFailsAlike(Anonymous("<outer>" + Forgery.EncryptedData(Secret, plaintext, contentOnly: false) + "</outer>"));

    [Test]
    public void VerifyRequest_SecondSecurityHeaderOutOfACiphertext_Refuses()
    {
        var data = Forgery.EncryptedData(Secret, "<w:Security xmlns:w=\"" + Wire.Wsse.NamespaceName + "\"/>", "second", contentOnly: false);
        var key = Forgery.EncryptedKey(Secret, TestKeys.Service, references: ["second"]);
        var wire = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + key.Xml, headers: data);
        var refusal = Assert.Throws<WsSecurityException>(() => Presets.Parties("AnonymousUnderived").Verify(Encoding.UTF8.GetBytes(wire)))!;
        Assert.That(refusal.Failure, Is.EqualTo(SecurityFailure.DuplicateSecurityHeader));
        Assert.That(refusal.FaultCode, Is.EqualTo(SecurityFaultCode.FailedCheck));
    }

    [Test]
    public void VerifyRequest_ListNamesAPartTwice_Refuses() =>
        Assert.That(() => Presets.Parties("AnonymousUnderived").Verify(Anonymous(Forgery.EncryptedData(Secret, "<a/>"), "data", "data")), Refused.With(SecurityFailure.InvalidEncryptionStructure));

    [Test]
    public void VerifyRequest_ListNamesNothing_Refuses() =>
        Assert.That(() => Presets.Parties("AnonymousUnderived").Verify(Anonymous(Forgery.EncryptedData(Secret, "<a/>"), "nothing")), Refused.With(SecurityFailure.UnresolvedReference));

    [Test]
    public void VerifyRequest_ListNamesSomethingElse_Refuses() =>
        Assert.That(() => Presets.Parties("AnonymousUnderived").Verify(Anonymous(Forgery.EncryptedData(Secret, "<a/>"), "body")), Refused.With(SecurityFailure.InvalidEncryptionStructure));

    [Test]
    public void VerifyRequest_CiphertextElsewhere_Refuses()
    {
        var data = Forgery.EncryptedData(Secret, "<a/>");
        var start = data.IndexOf("<xenc:CipherValue>", StringComparison.Ordinal);
        var end = data.IndexOf("</xenc:CipherData>", StringComparison.Ordinal);
        var changed = data[..start] + "<xenc:CipherReference URI=\"http://attacker.example/\"/>" + data[end..];
        Assert.That(() => Presets.Parties("AnonymousUnderived").Verify(Anonymous(changed)), Refused.With(SecurityFailure.ExternalReference));
    }

    [Test]
    public void VerifyRequest_CiphertextInsideACiphertext_IsReadWhereASecondListNamesIt()
    {
        var inner = Forgery.EncryptedData(Secret, "<a xmlns=\"urn:x\"/>", "inner");
        var key = Forgery.EncryptedKey(Secret, TestKeys.Service);
        var envelope = Forgery.Envelope(
            Forgery.Timestamp(TestKeys.Now) + key.Xml + Forgery.ReferenceList("outer") + Forgery.ReferenceList("inner"), "<a xmlns=\"urn:x\"/>");
        var signed = Encoding.UTF8.GetString(Forgery.Sign(envelope, Secret, ["time", "body"]));
        var wire = signed.Replace("<a xmlns=\"urn:x\"/>", Forgery.EncryptedData(Secret, inner, "outer"), StringComparison.Ordinal);
        using var request = Presets.Parties(Presets.ByName["AnonymousUnderived"] with { MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt }).Verify(Encoding.UTF8.GetBytes(wire));
        using var text = new StreamReader(request.Message.OpenRead());
        Assert.That(text.ReadToEnd(), Does.Contain("<a xmlns=\"urn:x\">").And.Not.Contain("EncryptedData"));
    }

    [Test]
    public void VerifyRequest_EncryptedKeyForSomebodyElse_Refuses()
    {
        var key = Forgery.EncryptedKey(Secret, TestKeys.Stranger);
        var wire = Forgery.Sign(Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + key.Xml), Secret, ["time", "body"]);
        Assert.That(() => Presets.Parties("AnonymousUnderived").Verify(wire), Refused.With(SecurityFailure.DecryptionKeyUnavailable));
    }

    private static void AssertFailsAlike(byte[] wire)
    {
        var refusal = Assert.Throws<WsSecurityException>(() => Presets.Parties("AnonymousUnderived").Verify(wire))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Failure, Is.EqualTo(SecurityFailure.DecryptionFailed));
            Assert.That(refusal.FaultCode, Is.EqualTo(SecurityFaultCode.FailedCheck));
            Assert.That(refusal.Message, Is.EqualTo("The content could not be decrypted."));
        }
    }

    private static byte[] Anonymous(string body, params string[] references)
    {
        var key = Forgery.EncryptedKey(Secret, TestKeys.Service, references: references.Length == 0 ? ["data"] : references);
        return Encoding.UTF8.GetBytes(Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + key.Xml, body));
    }
}
