using System.Buffers;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Soap;

/// <summary>The faults of SOAP Message Security 1.1.1, section 12, in both versions of SOAP.</summary>
public sealed class SoapFaultTests
{
    private static readonly XNamespace Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Soap12 = "http://www.w3.org/2003/05/soap-envelope";
    private static readonly XNamespace Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static readonly XNamespace Wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    private static readonly Dictionary<SecurityFaultCode, (SecurityFailure Failure, XNamespace Namespace)> Codes = new()
    {
        [SecurityFaultCode.FailedCheck] = (SecurityFailure.DigestMismatch, Wsse),
        [SecurityFaultCode.InvalidSecurity] = (SecurityFailure.SecurityHeaderMissing, Wsse),
        [SecurityFaultCode.InvalidSecurityToken] = (SecurityFailure.CertificateExpired, Wsse),
        [SecurityFaultCode.FailedAuthentication] = (SecurityFailure.AuthenticationFailed, Wsse),
        [SecurityFaultCode.SecurityTokenUnavailable] = (SecurityFailure.SecurityTokenUnavailable, Wsse),
        [SecurityFaultCode.UnsupportedSecurityToken] = (SecurityFailure.UnsupportedSecurityToken, Wsse),
        [SecurityFaultCode.UnsupportedAlgorithm] = (SecurityFailure.DigestAlgorithmNotAllowed, Wsse),
        [SecurityFaultCode.MessageExpired] = (SecurityFailure.MessageExpired, Wsu),
    };

    private static IEnumerable<SecurityFaultCode> All => Enum.GetValues<SecurityFaultCode>();

    [TestCaseSource(nameof(All))]
    public void WriteFault_Soap11_IsTheStandardCode(SecurityFaultCode code)
    {
        var fault = Write(code, SoapVersion.Soap11).Element(Soap11 + "Body")!.Element(Soap11 + "Fault")!;
        var element = fault.Element("faultcode")!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Resolve(element), Is.EqualTo(NameOf(code, Soap11)));
            Assert.That(fault.Element("faultstring")!.Value, Is.Not.Empty);
            Assert.That(fault.Elements().Select(child => child.Name.LocalName), Is.EqualTo(new[] { "faultcode", "faultstring" }));
        }
    }

    [TestCaseSource(nameof(All))]
    public void WriteFault_Soap12_IsTheStandardSubcodeOfTheSender(SecurityFaultCode code)
    {
        var fault = Write(code, SoapVersion.Soap12).Element(Soap12 + "Body")!.Element(Soap12 + "Fault")!;
        var value = fault.Element(Soap12 + "Code")!.Element(Soap12 + "Value")!;
        var subcode = fault.Element(Soap12 + "Code")!.Element(Soap12 + "Subcode")?.Element(Soap12 + "Value");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Resolve(value), Is.EqualTo(code == SecurityFaultCode.MustUnderstand ? Soap12 + "MustUnderstand" : Soap12 + "Sender"));
            Assert.That(subcode is null ? null : Resolve(subcode), Is.EqualTo(code == SecurityFaultCode.MustUnderstand ? null : NameOf(code, Soap12)));
            Assert.That(fault.Element(Soap12 + "Reason")!.Element(Soap12 + "Text")!.Attribute(XNamespace.Xml + "lang")!.Value, Is.EqualTo("en"));
            Assert.That(fault.Elements().Select(child => child.Name.LocalName), Is.EqualTo(new[] { "Code", "Reason" }));
        }
    }

    [TestCase(SecurityFailure.DecryptionFailed)]
    [TestCase(SecurityFailure.DecryptionKeyUnavailable)]
    [TestCase(SecurityFailure.InvalidEncryptionStructure)]
    [TestCase(SecurityFailure.SignatureInvalid)]
    [TestCase(SecurityFailure.DigestMismatch)]
    [TestCase(SecurityFailure.SignedPartMissing)]
    [TestCase(SecurityFailure.SignedElementNotInPlace)]
    [TestCase(SecurityFailure.EncryptedPartMissing)]
    [TestCase(SecurityFailure.SignatureNotEncrypted)]
    [TestCase(SecurityFailure.MessageReplayed)]
    [TestCase(SecurityFailure.ReplayCacheUnavailable)]
    [TestCase(SecurityFailure.DuplicateId)]
    public void FaultCode_OfWhateverKeysDecide_IsFailedCheck(SecurityFailure failure) =>
        Assert.That(new WsSecurityException(failure, "x").FaultCode, Is.EqualTo(SecurityFaultCode.FailedCheck));

    private static XElement Write(SecurityFaultCode code, SoapVersion version)
    {
        var failure = code == SecurityFaultCode.MustUnderstand ? SecurityFailure.HeaderNotUnderstood : Codes[code].Failure;
        var output = new ArrayBufferWriter<byte>();
        Recipient.WriteFault(new WsSecurityException(failure, "a secret reason"), version, output);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.That(text, Does.Not.Contain("secret"));
        return XDocument.Parse(text).Root!;
    }

    private static XName NameOf(SecurityFaultCode code, XNamespace soap) => (code == SecurityFaultCode.MustUnderstand ? soap : Codes[code].Namespace) + code.ToString();

    private static XName Resolve(XElement element)
    {
        var parts = element.Value.Split(':');
        return element.GetNamespaceOfPrefix(parts[0])! + parts[1];
    }
}
