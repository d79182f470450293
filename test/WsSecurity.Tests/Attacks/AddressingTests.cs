using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>A message for another endpoint, and SOAPAction spoofing: the carrier names one operation, the signed envelope another.</summary>
public sealed class AddressingTests
{
    [TestCase("http://service.example/calc", null)]
    [TestCase("http://service.example:80/calc", null)]
    [TestCase("https://service.example/calc", SecurityFailure.DestinationMismatch)]
    [TestCase("http://service.example:8080/calc", SecurityFailure.DestinationMismatch)]
    [TestCase("http://service.example/other", SecurityFailure.DestinationMismatch)]
    [TestCase("http://service.example/calc?x=1", SecurityFailure.DestinationMismatch)]
    [TestCase("http://other.example/calc", SecurityFailure.DestinationMismatch)]
    public void VerifyRequest_SignedToAndEndpoint_MustAgree(string endpoint, SecurityFailure? failure)
    {
        foreach (var preset in Presets.OfMessages)
        {
            var parties = Presets.Parties(preset);
            var wire = parties.Protect(headers: Presets.Headers);
            parties.Context = new MessageContext { EndpointAddress = new Uri(endpoint) };
            Assert.That(() => parties.Verify(wire), failure is { } expected ? Refused.With(expected) : Throws.Nothing, preset);
        }
    }

    [Test]
    public void VerifyRequest_ToThatIsNoAddress_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        foreach (var to in new[] { "calc", "", "http://www.w3.org/2005/08/addressing/anonymous" })
        {
            var wire = parties.Protect(headers: $"<a:To>{to}</a:To>");
            parties.Context = new MessageContext { EndpointAddress = new Uri("http://service.example/calc") };
            Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.DestinationMismatch), to);
        }
    }

    [TestCase("mailto:orders@service.example", null)]
    [TestCase("mailto:Orders@SERVICE.example", null)]
    [TestCase("mailto:invoices@service.example", SecurityFailure.DestinationMismatch)]
    [TestCase("mailto:orders@other.example", SecurityFailure.DestinationMismatch)]
    [TestCase("http://service.example", SecurityFailure.DestinationMismatch)]
    public void VerifyRequest_ToAMailbox_IsForThatMailboxAlone(string endpoint, SecurityFailure? failure)
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect(headers: "<a:To>mailto:orders@service.example</a:To>");
        parties.Context = new MessageContext { EndpointAddress = new Uri(endpoint) };
        Assert.That(() => parties.Verify(wire), failure is { } expected ? Refused.With(expected) : Throws.Nothing);
    }

    [TestCase("urn:calc/add", null)]
    [TestCase("\"urn:calc/add\"", null)]
    [TestCase("", null)]
    [TestCase("\"\"", null)]
    [TestCase(null, null)]
    [TestCase("urn:calc/delete", SecurityFailure.ActionMismatch)]
    [TestCase("\"urn:calc/ADD\"", SecurityFailure.ActionMismatch)]
    public void VerifyRequest_ActionOfTheCarrier_MustAgree(string? action, SecurityFailure? failure)
    {
        foreach (var preset in Presets.All)
        {
            var parties = Presets.Parties(preset);
            var wire = parties.Protect(headers: Presets.Headers);
            parties.Context = parties.Context with { Action = action };
            Assert.That(() => parties.Verify(wire), failure is { } expected ? Refused.With(expected) : Throws.Nothing, preset);
        }
    }

    [Test]
    public void VerifyRequest_AddressingOfTheOtherVersion_IsRequiredToBeSignedToo()
    {
        XNamespace older = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(headers: Presets.Headers), message => message.Header.Add(new XElement(older + "Action", "urn:calc/delete")));
        Assert.That(() => parties.Verify(changed), Throws.InstanceOf<WsSecurityException>());
        var replyTo = Wire.Change(parties.Protect(headers: Presets.Headers), message => message.Header.Add(new XElement(older + "FaultTo", "http://attacker.example/")));
        Assert.That(() => parties.Verify(replyTo), Refused.With(SecurityFailure.SignedPartMissing));
    }
}
