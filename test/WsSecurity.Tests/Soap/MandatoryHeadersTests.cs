using NUnit.Framework;

namespace WsSecurity.Tests.Soap;

public sealed class MandatoryHeadersTests
{
    private const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Soap12 = "http://www.w3.org/2003/05/soap-envelope";

    private static readonly QualifiedName Known = new("urn:x", "known");

    [TestCase("<x:known xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/>", Soap11, TestName = "understood")]
    [TestCase("<x:other xmlns:x=\"urn:x\"/>", Soap11, TestName = "not mandatory")]
    [TestCase("<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"0\"/>", Soap11, TestName = "mustUnderstand 0")]
    [TestCase("<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"false\"/>", Soap12, TestName = "mustUnderstand false")]
    [TestCase("<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"1\" s:actor=\"urn:another\"/>", Soap11, TestName = "for another actor")]
    [TestCase("<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"true\" s:role=\"http://www.w3.org/2003/05/soap-envelope/role/none\"/>", Soap12, TestName = "for nobody")]
    public void VerifyRequest_NothingMandatoryIsUnknown_Accepts(string header, string soap) =>
        Assert.That(() => Verify(header, soap), Throws.Nothing);

    [TestCase("<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/>", Soap11, TestName = "unknown name")]
    [TestCase("<y:known xmlns:y=\"urn:y\" s:mustUnderstand=\"1\"/>", Soap11, TestName = "unknown namespace")]
    [TestCase("<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"true\"/>", Soap12, TestName = "mustUnderstand true")]
    [TestCase("<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"1\" s:actor=\"http://schemas.xmlsoap.org/soap/actor/next\"/>", Soap11, TestName = "for the next node")]
    [TestCase("<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"1\" s:role=\"http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver\"/>", Soap12, TestName = "for the ultimate receiver")]
    public void VerifyRequest_MandatoryHeaderIsUnknown_FailsWithHeaderNotUnderstood(string header, string soap) =>
        Assert.That(() => Verify(header, soap), Refused.With(SecurityFailure.HeaderNotUnderstood));

    [Test]
    public void VerifyRequest_ApplicationLooksItself_Accepts()
    {
        var parties = TestParties.Of(SecurityPolicy.CertificateSignature);
        Assert.That(() => parties.Verify(parties.Protect(headers: "<x:other xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/>")), Throws.Nothing);
    }

    private static void Verify(string header, string soap)
    {
        var parties = TestParties.Of(SecurityPolicy.CertificateSignature);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, header, soap));
        pending.Dispose();
        parties.Context = new MessageContext { UnderstoodHeaders = [Known] };
        parties.Verify(wire).Dispose();
    }
}
