using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>Two elements under one Id: the verifier resolves one, the application reads the other.</summary>
public sealed class DuplicateIdTests
{
    private static readonly XName[] Kinds =
    [
        Wire.Wsu + "Id", "Id", "ID", "id", "AssertionID", XNamespace.Xml + "id",
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from preset in Presets.OfMessages
        from kind in Kinds
        select new TestCaseData(preset, kind);

    [TestCaseSource(nameof(Cases))]
    public void VerifyRequest_IdOfASignedPartOnASecondElement_Refuses(string preset, XName kind)
    {
        var parties = Presets.Parties(preset, MessageProtectionOrder.SignBeforeEncrypt);
        var wire = parties.Protect(headers: Presets.Headers);
        foreach (var first in new[] { true, false })
        {
            var changed = Wire.Change(wire, message =>
            {
                var second = new XElement("second", new XAttribute(kind, Wire.Id(message.Body)));
                if (first)
                {
                    message.Header.AddFirst(second);
                }
                else
                {
                    message.Header.Add(second);
                }
            });
            Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.DuplicateId));
        }
    }

    [TestCase("EncryptedData")]
    [TestCase("EncryptedKey")]
    [TestCase("BinarySecurityToken")]
    public void VerifyRequest_IdOfWhatIsReferredToOnASecondElement_Refuses(string name)
    {
        var parties = Presets.Parties("MutualCertificateDuplex", MessageProtectionOrder.SignBeforeEncrypt);
        var changed = Wire.Change(parties.Protect(), message =>
        {
            var original = message.Envelope.Descendants().First(element => element.Name.LocalName == name);
            if (name == "EncryptedKey")
            {
                // Nobody refers to it in this mode, so that its Id may stand twice.
                message.Find(Wire.Ds + "Reference").SetAttributeValue("URI", "#" + Wire.Id(original));
            }

            message.Header.Add(new XElement("second", new XAttribute("Id", Wire.Id(original))));
        });
        Assert.That(() => parties.Verify(changed), name == "EncryptedKey" ? Throws.InstanceOf<WsSecurityException>() : Refused.With(SecurityFailure.DuplicateId));
    }

    [Test]
    public void VerifyRequest_IdsOfThePayloadTwice_Accepts()
    {
        var parties = Presets.Parties("CertificateSignature");
        using var request = parties.Verify(parties.Protect("<x xmlns=\"urn:x\"><y Id=\"payload\"/><y Id=\"payload\"/></x>"));
        Assert.That(request.Message.Evidence.Signatures, Has.Count.EqualTo(1));
    }

    [Test]
    public void VerifyRequest_PlaintextWithTheIdOfASignedPart_Refuses()
    {
        // The second element appears when the Body is decrypted, before the signature is verified.
        var parties = Presets.Parties("AnonymousUnderived", MessageProtectionOrder.SignBeforeEncrypt);
        byte[] secret = [.. Enumerable.Repeat((byte)7, 32)];
        var key = Forgery.EncryptedKey(secret, TestKeys.Service, references: ["data"]);
        var plain = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + key.Xml, "<x Id=\"time\"/>");
        var signed = System.Text.Encoding.UTF8.GetString(Forgery.Sign(plain.Replace("<x Id=\"time\"/>", "<x Id=\"tima\"/>", StringComparison.Ordinal), secret, ["time", "body"]));
        var encrypted = signed.Replace("<x Id=\"tima\"/>", Forgery.EncryptedData(secret, "<x Id=\"time\"/>"), StringComparison.Ordinal);
        Assert.That(() => parties.Verify(System.Text.Encoding.UTF8.GetBytes(encrypted)), Refused.With(SecurityFailure.DuplicateId));
    }
}
