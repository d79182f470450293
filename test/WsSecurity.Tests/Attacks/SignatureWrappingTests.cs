using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Exchanges;

namespace WsSecurity.Tests.Attacks;

/// <summary>
/// XML signature wrapping (McIntosh and Austel, "XML Signature Element Wrapping Attacks and Countermeasures", 2005; Somorovsky et al.,
/// 2012): what was signed is moved to where it still verifies and nobody reads it, and something else takes its place.
/// </summary>
public sealed class SignatureWrappingTests
{
    private static readonly XNamespace Calc = "urn:calc";

    private static IEnumerable<TestCaseData> InEveryOrder => Presets.InEveryOrder();

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_BodyMovedIntoAHeader_Refuses(string preset, MessageProtectionOrder order)
    {
        Try(preset, order, null, wire => wire.Header.Add(new XElement("Wrapper", Replace(wire))));
        Try(preset, order, null, wire => wire.Header.AddFirst(new XElement("Wrapper", Replace(wire))));
    }

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_BodyMovedIntoTheSecurityHeader_Refuses(string preset, MessageProtectionOrder order) =>
        Try(preset, order, SecurityFailure.UnexpectedSecurityElement, wire => wire.Security.AddFirst(Replace(wire)));

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_BodyMovedBesideTheBody_Refuses(string preset, MessageProtectionOrder order)
    {
        Try(preset, order, SecurityFailure.InvalidEnvelope, wire => wire.Envelope.Add(Replace(wire)));
        Try(preset, order, SecurityFailure.InvalidEnvelope, wire =>
        {
            var original = Replace(wire);
            wire.Body.AddBeforeSelf(original);
        });
        Try(preset, order, SecurityFailure.InvalidEnvelope, wire => wire.Envelope.AddFirst(Replace(wire)));
    }

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_BodyMovedIntoAnotherBody_Refuses(string preset, MessageProtectionOrder order) =>
        Try(preset, order, null, wire =>
        {
            var original = Replace(wire);
            wire.Body.Add(original);
        });

    [TestCase("Object", SecurityFailure.InvalidSignatureStructure)]
    [TestCase("KeyInfo", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("SignedInfo", SecurityFailure.InvalidSignatureStructure)]
    public void VerifyRequest_BodyMovedIntoTheSignature_Refuses(string place, SecurityFailure failure) =>
        Try("CertificateSignature", default, failure, wire =>
        {
            var original = Replace(wire);
            if (place == "Object")
            {
                wire.Signature.Add(new XElement(Wire.Ds + "Object", original));
            }
            else
            {
                wire.Find(Wire.Ds + place).Add(original);
            }
        });

    [Test]
    public void VerifyRequest_BodyWrapped_SaysThatItIsNotInPlace() =>
        Try("CertificateSignature", default, SecurityFailure.SignedElementNotInPlace, wire => wire.Header.Add(new XElement("Wrapper", Replace(wire))));

    [TestCase("Action")]
    [TestCase("To")]
    [TestCase("MessageID")]
    [TestCase("ReplyTo")]
    public void VerifyRequest_OptionalSignedHeaderMovedAway_Refuses(string name)
    {
        // Without it the carrier's SOAPAction, the caller's own address or nothing at all would stand in for what the client signed.
        foreach (var preset in Presets.OfMessages)
        {
            foreach (var order in Enum.GetValues<MessageProtectionOrder>())
            {
                Try(preset, order, SecurityFailure.SignedElementNotInPlace, wire => wire.Header.Add(new XElement("Wrapper", Take(wire.Find(Wire.Wsa + name)))), proven: true);
                Try(preset, order, SecurityFailure.SignedElementNotInPlace, wire =>
                {
                    var other = new XElement(Wire.Wsse + "Security", new XAttribute(wire.Soap + "actor", "urn:other"));
                    wire.Header.Add(other);
                    other.Add(Take(wire.Find(Wire.Wsa + name)));
                });
            }
        }
    }

    [TestCase("Reference", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd")]
    [TestCase("DataReference", "http://www.w3.org/2001/04/xmlenc#")]
    [TestCase("DigestMethod", "http://www.w3.org/2000/09/xmldsig#")]
    [TestCase("EncryptionMethod", "http://www.w3.org/2001/04/xmlenc#")]
    public void VerifyRequest_OptionalSignedHeaderMovedInsideTheSecurityHeader_Refuses(string name, string uri)
    {
        // Into an element that is read for its attributes alone.
        foreach (var order in Enum.GetValues<MessageProtectionOrder>())
        {
            Try("MutualCertificateDuplex", order, null, wire =>
            {
                var place = wire.Security.Descendants((XNamespace)uri + name).Last();
                place.Add(Take(wire.Find(Wire.Wsa + "To")));
            });
        }
    }

    [Test]
    public void VerifyRequest_SignedHeaderMovedAwayAndReplaced_Refuses() =>
        Try("CertificateSignature", default, SecurityFailure.SignedElementNotInPlace, wire =>
        {
            wire.Header.Add(new XElement("Wrapper", Take(wire.Find(Wire.Wsa + "To"))));
            wire.Header.Add(new XElement(Wire.Wsa + "To", "http://attacker.example/"));
        });

    [Test]
    public void VerifyRequest_SecondAddressingHeader_Refuses() =>
        Try("CertificateSignature", default, SecurityFailure.InvalidEnvelope, wire => wire.Header.AddFirst(new XElement(Wire.Wsa + "Action", "urn:calc/delete")));

    [Test]
    public void VerifyRequest_SecondAddressingHeaderThatNobodyReads_Refuses() =>
        Try("CertificateSignature", default, SecurityFailure.SignedPartMissing, wire => wire.Header.AddFirst(new XElement(Wire.Wsa + "FaultTo", "http://attacker.example/")));

    [Test]
    public void VerifyRequest_TimestampMovedAway_Refuses()
    {
        Try("CertificateSignature", default, SecurityFailure.TimestampMissing, wire => wire.Header.Add(new XElement("Wrapper", Take(wire.Find(Wire.Wsu + "Timestamp")))));
        Try("CertificateSignature", default, SecurityFailure.SignedElementNotInPlace, wire =>
        {
            var timestamp = wire.Find(Wire.Wsu + "Timestamp");
            var fresh = new XElement(timestamp).WithoutId();
            timestamp.ReplaceWith(fresh);
            wire.Header.Add(new XElement("Wrapper", timestamp));
        });
    }

    [Test]
    public void VerifyRequest_SignedHeaderMovedIntoACiphertext_Refuses()
    {
        // What stands in an EncryptedData vanishes when that is decrypted.
        var parties = Presets.Parties("AnonymousUnderived", MessageProtectionOrder.SignBeforeEncrypt);
        byte[] secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        var to = "<a:To xmlns:u=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\" u:Id=\"to\">http://service.example/</a:To>";
        var data = Forgery.EncryptedData(secret, "<x/>", "vanishing", contentOnly: false).Replace("</xenc:CipherData>", "</xenc:CipherData>" + to, StringComparison.Ordinal);
        var key = Forgery.EncryptedKey(secret, TestKeys.Service);
        var envelope = Forgery.Envelope(
            Forgery.Timestamp(TestKeys.Now) + key.Xml + Forgery.Marker + Forgery.ReferenceList("vanishing", "data"),
            headers: $"<Wrapper>{data}</Wrapper>",
            bodyElement: "<s:Body xmlns:u=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\" u:Id=\"body\"/>");
        envelope = envelope.Replace("u:Id=\"body\"/>", "u:Id=\"body\">" + Forgery.EncryptedData(secret, TestParties.Body11) + "</s:Body>", StringComparison.Ordinal);
        Assert.That(() => parties.Verify(Forgery.Sign(envelope, secret, ["time", "body", "to"])), Throws.InstanceOf<WsSecurityException>());
    }

    private static XElement Replace(Wire wire)
    {
        var original = wire.Body;
        var evil = new XElement(original.Name, new XElement(Calc + "add", new XElement(Calc + "a", 1000000)));
        original.ReplaceWith(evil);
        return original;
    }

    private static XElement Take(XElement element)
    {
        var copy = new XElement(element);
        element.Remove();
        return copy;
    }

    private static void Try(string preset, MessageProtectionOrder order, SecurityFailure? failure, Action<Wire> change, bool proven = false)
    {
        var parties = Presets.Parties(preset, order);
        var wire = parties.Protect(headers: Presets.Headers);
        var refusal = Assert.Throws<WsSecurityException>(() => parties.Verify(Wire.Change(wire, change)), $"{preset}, {order}")!;
        if (failure is { } expected)
        {
            Assert.That(refusal.Failure, Is.EqualTo(expected), $"{preset}, {order}: {refusal.Message}");
        }
        else
        {
            Assert.That(refusal.Failure, Is.Not.EqualTo(SecurityFailure.MalformedXml), refusal.Message);
        }

        Assert.That(!proven || refusal.FaultCode == SecurityFaultCode.FailedCheck);
    }
}
