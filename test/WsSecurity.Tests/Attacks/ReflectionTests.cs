using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>Messages sent back to who wrote them, or in the other direction.</summary>
public sealed class ReflectionTests
{
    private const string Sha1ValueType = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKeySHA1";

    private static IEnumerable<TestCaseData> InEveryOrder => Presets.InEveryOrder();

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyReply_OwnRequest_Refuses(string preset, MessageProtectionOrder order)
    {
        var parties = Presets.Parties(preset, order);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        Assert.That(() => pending.VerifyReply(wire, parties.Context), Throws.InstanceOf<WsSecurityException>());
    }

    [TestCase("MutualCertificateUnderived")]
    [TestCase("AnonymousUnderived")]
    [TestCase("AnonymousForCertificate")]
    public void VerifyReply_OwnRequestUnderTheRequestKeyByName_Refuses(string preset)
    {
        // KeyInfo is not signed: the attacker names the key by its SHA-1, as replies do, takes the EncryptedKey away, and has a message
        // that the client's own key verifies.
        foreach (var level in new[] { ProtectionLevel.Sign, ProtectionLevel.EncryptAndSign })
        {
            var parties = Presets.Parties(Presets.ByName[preset] with { MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt, ProtectionLevel = level });
            var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
            var changed = Wire.Change(wire, message =>
            {
                var key = message.Find(Wire.Xenc + "EncryptedKey");
                var sha1 = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(Convert.FromBase64String(key.Element(Wire.Xenc + "CipherData")!.Value)));
                var list = key.Element(Wire.Xenc + "ReferenceList");
                foreach (var reference in message.Envelope.Descendants(Wire.Wsse + "Reference").Where(one => (string?)one.Attribute("URI") == "#" + Wire.Id(key)).ToList())
                {
                    reference.ReplaceWith(new XElement(Wire.Wsse + "KeyIdentifier", new XAttribute("ValueType", Sha1ValueType), sha1));
                }

                key.ReplaceWith(list);
                message.Security.Elements(Wire.Ds + "Signature").Skip(1).ToList().ForEach(signature => signature.Remove());
                message.Security.Elements(Wire.Wsse + "BinarySecurityToken").ToList().ForEach(token => token.Remove());
            });
            Assert.That(() => pending.VerifyReply(changed, parties.Context), Refused.With(SecurityFailure.OwnSignatureReflected), level.ToString());
        }
    }

    [TestCase("MutualCertificateDuplex")]
    [TestCase("CertificateSignature")]
    public void VerifyRequest_OwnReply_Refuses(string preset)
    {
        var parties = Presets.Parties(Presets.ByName[preset] with { ProtectionLevel = ProtectionLevel.Sign });
        var (wire, _) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum/>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        Assert.That(() => parties.Verify(reply), Refused.With(SecurityFailure.OwnSignatureReflected));
    }

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyReply_ToAnotherRequest_Refuses(string preset, MessageProtectionOrder order)
    {
        var parties = Presets.Parties(preset, order);
        var (first, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        var (second, other) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers.Replace("uuid:1", "uuid:2", StringComparison.Ordinal)));
        using var firstRequest = parties.Verify(first);
        using var secondRequest = parties.Verify(second);
        var reply = parties.ProtectReply(secondRequest, TestParties.Envelope("<sum/>", "<a:RelatesTo>urn:uuid:2</a:RelatesTo>"));
        Assert.That(() => pending.VerifyReply(reply, parties.Context), Throws.InstanceOf<WsSecurityException>());
        Assert.That(other.VerifyReply(reply, parties.Context).IsFault, Is.False);
    }

    [Test]
    public void VerifyReply_RelatesToUnsignedOrMissing_IsNotBound()
    {
        var parties = Presets.Parties("CertificateSignature");
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum/>"));
        Assert.That(() => pending.VerifyReply(reply, parties.Context), Refused.With(SecurityFailure.ReplyNotBound));
        var added = Wire.Change(reply, message => message.Header.Add(new XElement(Wire.Wsa + "RelatesTo", "urn:uuid:1")));
        Assert.That(() => pending.VerifyReply(added, parties.Context), Refused.With(SecurityFailure.SignedPartMissing));
    }

    [Test]
    public void VerifyReply_UnprotectedFault_IsRefusedAndClaimed()
    {
        var parties = Presets.Parties("MutualCertificateDuplex");
        var (_, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        var fault = TestParties.Envelope("<s:Fault><faultcode>s:Server</faultcode><faultstring>made up</faultstring></s:Fault>");
        var refusal = Assert.Throws<WsSecurityException>(() => pending.VerifyReply(fault, parties.Context))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Failure, Is.EqualTo(SecurityFailure.UnsecuredReply));
            Assert.That(refusal.ClaimedFault, Is.EqualTo(new SoapFault("Server", null, "made up")));
        }
    }

    [Test]
    public void VerifyReply_UnprotectedFaultTolerated_AcceptsFaultsAlone()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex with { Tolerances = new Tolerances { UnsecuredFault = true } });
        var (_, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        var fault = TestParties.Envelope("<s:Fault><faultcode>s:Server</faultcode><faultstring>made up</faultstring></s:Fault>");
        Assert.That(pending.VerifyReply(fault, parties.Context).Evidence.Signatures, Is.Empty);
        Assert.That(() => pending.VerifyReply(TestParties.Envelope("<sum/>"), parties.Context), Refused.With(SecurityFailure.UnsecuredReply));
    }

    [Test]
    public void VerifyReply_AfterTheExchange_Throws()
    {
        var parties = Presets.Parties("CertificateSignature");
        var (_, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        pending.Dispose();
        Assert.That(() => pending.VerifyReply(Encoding.UTF8.GetBytes("<x/>"), parties.Context), Throws.InstanceOf<ObjectDisposedException>());
    }
}
