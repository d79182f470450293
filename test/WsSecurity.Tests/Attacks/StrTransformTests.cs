using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Exchanges;

namespace WsSecurity.Tests.Attacks;

/// <summary>STR-Transforms (SOAP Message Security 1.1.1, section 8.3) that are to cover something else than the token that signs.</summary>
public sealed class StrTransformTests
{
    private const string StrTransform = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform";

    [TestCase(KeyReference.Thumbprint)]
    [TestCase(KeyReference.IssuerSerial)]
    [TestCase(KeyReference.SubjectKeyIdentifier)]
    public void VerifyRequest_NamedTokenProtected_Accepts(KeyReference form)
    {
        var parties = Parties(form);
        var wire = parties.Protect();
        Assert.That(Encoding.UTF8.GetString(wire), Does.Contain(StrTransform));
        Assert.That(() => parties.Verify(wire), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_NamedTokenExchanged_Refuses()
    {
        // Another certificate of the same CA for the same key: only the transform's digest tells one from the other.
        using var key = TestKeys.Client.GetRSAPrivateKey()!;
        using var caKey = TestKeys.Ca.GetRSAPrivateKey()!;
        var request = new CertificateRequest("CN=twin,O=WsSecurity", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var generator = X509SignatureGenerator.CreateForRSA(caKey, RSASignaturePadding.Pkcs1);
        using var twin = request.Create(TestKeys.Ca.SubjectName, generator, TestKeys.Now.AddYears(-1), TestKeys.Now.AddYears(1), [1, 2, 3]);
        var parties = Parties(KeyReference.Thumbprint);
        parties.ServiceCredentials = parties.ServiceCredentials with { PeerCertificates = [TestKeys.Public(TestKeys.Client), twin] };
        var changed = Wire.Change(parties.Protect(), message =>
            message.Signature.Descendants(Wire.Wsse + "KeyIdentifier").Single().Value = Convert.ToBase64String(SHA1.HashData(twin.RawData)));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.DigestMismatch));
    }

    [Test]
    public void VerifyRequest_TransformOverAnotherReferenceToTheSameToken_ProtectsIt()
    {
        // .NET Framework names a token that does not travel in a reference of its own in the header. What is digested is the certificate, whoever names it.
        var parties = Parties(KeyReference.Thumbprint);
        var changed = Wire.Change(parties.Protect(), message =>
        {
            var own = message.Signature.Descendants(Wire.Wsse + "SecurityTokenReference").Single();
            message.Security.AddFirst(new XElement(own));
            own.WithoutId();
        });
        Assert.That(() => parties.Verify(changed).Dispose(), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_TransformOverSomethingElse_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(), message =>
        {
            var transform = message.Find(Wire.Ds + "Transform");
            transform.SetAttributeValue("Algorithm", StrTransform);
            transform.ReplaceNodes(new XElement(
                Wire.Wsse + "TransformationParameters",
                new XElement(Wire.Ds + "CanonicalizationMethod", new XAttribute("Algorithm", "http://www.w3.org/2001/10/xml-exc-c14n#"))));
        });

        // SignedInfo was changed too, which is what is found first.
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.SignatureInvalid));
    }

    [Test]
    public void VerifyRequest_TransformWithoutParameters_Refuses()
    {
        var parties = Parties(KeyReference.Thumbprint);
        var changed = Wire.Change(parties.Protect(), message => message.Signature.Descendants(Wire.Wsse + "TransformationParameters").Single().Remove());
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.InvalidSignatureStructure));
    }

    [Test]
    public void VerifyRequest_TwoTransforms_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(), message => message.Find(Wire.Ds + "Transforms").Add(new XElement(message.Find(Wire.Ds + "Transform"))));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.TransformNotAllowed));
    }

    [TestCase("http://www.w3.org/TR/1999/REC-xpath-19991116")]
    [TestCase("http://www.w3.org/2002/06/xmldsig-filter2")]
    [TestCase("http://www.w3.org/TR/1999/REC-xslt-19991116")]
    [TestCase("http://www.w3.org/2000/09/xmldsig#base64")]
    [TestCase("http://www.w3.org/2000/09/xmldsig#enveloped-signature")]
    [TestCase("http://www.w3.org/2002/07/decrypt#XML")]
    [TestCase("")]
    public void VerifyRequest_OtherTransform_Refuses(string algorithm)
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(), message => message.Find(Wire.Ds + "Transform").SetAttributeValue("Algorithm", algorithm));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.TransformNotAllowed));
    }

    private static TestParties Parties(KeyReference form) => Presets.Parties(SecurityPolicy.CertificateSignature with { KeyReference = form, ProtectTokens = true });
}
