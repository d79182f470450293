using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Exchanges;

namespace WsSecurity.Tests.Attacks;

/// <summary>A reply that confirms nothing, or something else, or more (SOAP Message Security 1.1.1, section 8.5).</summary>
public sealed class SignatureConfirmationTests
{
    private static readonly string[] Names = ["MutualCertificateDuplex", "MutualCertificate", "MutualCertificateUnderived", "AnonymousForCertificate", "CertificateSignature"];

    [TestCaseSource(nameof(Names))]
    public void VerifyReply_Confirmed_Accepts(string preset) => Assert.That(() => Exchange(preset, null), Throws.Nothing);

    [TestCaseSource(nameof(Names))]
    public void VerifyReply_ServiceThatDoesNotConfirm_Refuses(string preset)
    {
        var parties = Parties(preset);
        parties.ServicePolicy = parties.ServicePolicy with { RequireSignatureConfirmation = false };
        Assert.That(() => Exchange(parties, null), Refused.With(SecurityFailure.SignatureConfirmationMismatch));
    }

    [TestCase("CertificateSignature", SecurityFailure.UnresolvedReference)]
    [TestCase("MutualCertificateUnderived", SecurityFailure.UnresolvedReference)]
    public void VerifyReply_ConfirmationTakenAway_Refuses(string preset, SecurityFailure failure) =>
        Assert.That(() => Exchange(preset, message => message.Find(Wire.Wsse11 + "SignatureConfirmation").Remove()), Refused.With(failure));

    [TestCase("CertificateSignature")]
    [TestCase("MutualCertificateUnderived")]
    public void VerifyReply_ConfirmationAltered_Refuses(string preset)
    {
        Assert.That(() => Exchange(preset, message => message.Find(Wire.Wsse11 + "SignatureConfirmation").SetAttributeValue("Value", "AAAA")), Refused.With(SecurityFailure.DigestMismatch));
        Assert.That(() => Exchange(preset, message => message.Find(Wire.Wsse11 + "SignatureConfirmation").SetAttributeValue("Value", null)), Refused.With(SecurityFailure.DigestMismatch));
        Assert.That(() => Exchange(preset, message => message.Find(Wire.Wsse11 + "SignatureConfirmation").SetAttributeValue("Value", "?")), Throws.InstanceOf<WsSecurityException>());
    }

    [TestCase("CertificateSignature")]
    [TestCase("MutualCertificateUnderived")]
    public void VerifyReply_ConfirmationTwiceOrMoreOfThem_Refuses(string preset)
    {
        Assert.That(() => Exchange(preset, message => message.Security.Add(new XElement(message.Find(Wire.Wsse11 + "SignatureConfirmation")).WithoutId())), Refused.With(SecurityFailure.SignedElementNotInPlace));
        Assert.That(() => Exchange(preset, message => message.Security.Add(new XElement(Wire.Wsse11 + "SignatureConfirmation", new XAttribute("Value", "AAAA")))), Refused.With(SecurityFailure.SignedElementNotInPlace));
    }

    [TestCase("AAAA")]
    [TestCase(null)]
    public void VerifyReply_ServiceConfirmsSomethingElseAsWell_Refuses(string? value)
    {
        // Signed by the service itself, so that the confirmation is all that is wrong.
        var parties = Parties("CertificateSignature");
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        var confirmed = Wire.Of(wire).Signature.Element(Wire.Ds + "SignatureValue")!.Value;
        string Confirmation(string id, string? of) => $"<c:SignatureConfirmation xmlns:c=\"{Wire.Wsse11.NamespaceName}\" xmlns:u=\"{Wire.Wsu.NamespaceName}\" u:Id=\"{id}\"{(of is null ? "" : $" Value=\"{of}\"")}/>";
        var right = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Service) + Confirmation("c1", confirmed));
        Assert.That(() => pending.VerifyReply(Forgery.Sign(right, TestKeys.Service, ["time", "body", "c1"]), parties.Context), Throws.Nothing);
        var more = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Service) + Confirmation("c1", confirmed) + Confirmation("c2", value));
        Assert.That(() => pending.VerifyReply(Forgery.Sign(more, TestKeys.Service, ["time", "body", "c1", "c2"]), parties.Context), Refused.With(SecurityFailure.SignatureConfirmationMismatch));
        var other = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Service) + Confirmation("c1", value));
        Assert.That(() => pending.VerifyReply(Forgery.Sign(other, TestKeys.Service, ["time", "body", "c1"]), parties.Context), Refused.With(SecurityFailure.SignatureConfirmationMismatch));
    }

    private static TestParties Parties(string preset) =>
        Presets.Parties(Presets.ByName[preset] with { RequireSignatureConfirmation = true, MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt });

    private static void Exchange(string preset, Action<Wire>? change) => Exchange(Parties(preset), change);

    private static void Exchange(TestParties parties, Action<Wire>? change)
    {
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum/>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        pending.VerifyReply(change is null ? reply : Wire.Change(reply, change), parties.Context);
    }
}
