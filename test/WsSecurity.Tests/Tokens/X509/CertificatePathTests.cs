using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tests.Exchanges;

namespace WsSecurity.Tests.Tokens.X509;

/// <summary>BinarySecurityTokens that hold several certificates, and tokens inside of the reference to them.</summary>
public sealed class CertificatePathTests
{
    private const string Profile = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0";
    private const string PkiPath = Profile + "#X509PKIPathv1";
    private const string Pkcs7 = Profile + "#PKCS7";

    private static X509Certificate2 Intermediate { get; } = CreateIntermediate();
    private static X509Certificate2 Leaf { get; } = TestKeys.Issue("CN=leaf,O=WsSecurity", Intermediate, notAfter: TestKeys.Now.AddYears(1));

    private static IEnumerable<TestCaseData> Broken()
    {
        foreach (var type in new[] { PkiPath, Pkcs7 })
        {
            yield return new TestCaseData(type, Array.Empty<byte>()).SetArgDisplayNames(type, "nothing");
            yield return new TestCaseData(type, new byte[] { 0x30, 0x00 }).SetArgDisplayNames(type, "empty");
            yield return new TestCaseData(type, new byte[] { 0x30, 0x02, 0x05, 0x00 }).SetArgDisplayNames(type, "null inside");
            yield return new TestCaseData(type, Leaf.RawData).SetArgDisplayNames(type, "a certificate itself");
            yield return new TestCaseData(type, "<a/>"u8.ToArray()).SetArgDisplayNames(type, "text");
            yield return new TestCaseData(type, (byte[])[.. Path(Leaf), 0]).SetArgDisplayNames(type, "trailing octet");
        }

        yield return new TestCaseData(Pkcs7, Bag()).SetArgDisplayNames(Pkcs7, "no certificates");
        yield return new TestCaseData(Pkcs7, Bag(TestKeys.Client, Leaf)).SetArgDisplayNames(Pkcs7, "two subjects");
        yield return new TestCaseData(Pkcs7, Signed()).SetArgDisplayNames(Pkcs7, "signed content");
    }

    [OneTimeTearDown]
    public void DisposeCertificates()
    {
        Intermediate.Dispose();
        Leaf.Dispose();
    }

    [Test]
    public void Verify_PkiPathWithIntermediate_TrustsTheLastOfIt() =>
        Assert.That(Verify(PkiPath, Path(Intermediate, Leaf)), Is.EqualTo(Leaf.Subject));

    [Test]
    public void Verify_PkiPathOfOne_IsThatCertificate() =>
        Assert.That(Verify(PkiPath, Path(TestKeys.Client), TestKeys.Client), Is.EqualTo(TestKeys.Client.Subject));

    [Test]
    public void Verify_Pkcs7InAnyOrder_TrustsTheOneThatIssuedNone()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Verify(Pkcs7, Bag(Intermediate, Leaf)), Is.EqualTo(Leaf.Subject));
            Assert.That(Verify(Pkcs7, Bag(Leaf, Intermediate, TestKeys.Ca)), Is.EqualTo(Leaf.Subject));
        }
    }

    [Test]
    public void Verify_LeafWithoutItsIntermediate_FailsWithCertificateNotTrusted() =>
        Assert.That(() => Verify(PkiPath, Path(Leaf)), Refused.With(SecurityFailure.CertificateNotTrusted));

    [Test]
    public void Verify_PkiPathInReverse_FailsWithSignatureInvalid() =>
        Assert.That(() => Verify(PkiPath, Path(Leaf, Intermediate)), Refused.With(SecurityFailure.SignatureInvalid));

    [Test]
    public void Verify_PathWithAnAnchorOfItsOwn_IsNotTrustedForIt() =>
        Assert.That(() => Verify(PkiPath, Path(TestKeys.OtherCa, TestKeys.Stranger), TestKeys.Stranger), Refused.With(SecurityFailure.CertificateNotTrusted));

    [Test]
    public void Verify_MoreCertificatesThanPermitted_FailsWithTooManySecurityElements()
    {
        var limits = new ProcessingLimits { MaxTokens = 2 };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Verify(PkiPath, Path(TestKeys.Ca, Intermediate, Leaf), limits: limits), Refused.With(SecurityFailure.TooManySecurityElements));
            Assert.That(() => Verify(Pkcs7, Bag(TestKeys.Ca, Intermediate, Leaf), limits: limits), Refused.With(SecurityFailure.TooManySecurityElements));
        }
    }

    [TestCaseSource(nameof(Broken))]
    public void Verify_NoPathAtAll_FailsWithInvalidSecurityToken(string type, byte[] octets) =>
        Assert.That(() => Verify(type, octets), Refused.With(SecurityFailure.InvalidSecurityToken));

    [Test]
    public void Verify_EmbeddedToken_IsRead() =>
        Assert.That(Verify(TestParties.Of(SecurityPolicy.CertificateSignature), Embed), Is.EqualTo(TestKeys.Client.Subject));

    [Test]
    public void Verify_TwoEmbeddedTokens_FailsWithInvalidSecurityToken() =>
        Assert.That(
            () => Verify(TestParties.Of(SecurityPolicy.CertificateSignature), wire =>
            {
                Embed(wire);
                var embedded = wire.Find(Wire.Wsse + "Embedded");
                embedded.Add(new XElement(embedded.Elements().Single()).WithoutId());
            }),
            Refused.With(SecurityFailure.InvalidSecurityToken));

    [Test]
    public void Verify_EmbeddedOfAnotherKind_FailsWithUnsupportedSecurityToken() =>
        Assert.That(
            () => Verify(TestParties.Of(SecurityPolicy.CertificateSignature), wire =>
            {
                Embed(wire);
                wire.Find(Wire.Wsse + "Embedded").ReplaceNodes(new XElement(Wire.Wsse + "UsernameToken"));
            }),
            Refused.With(SecurityFailure.UnsupportedSecurityToken));

    [Test]
    public void Verify_EmbeddedStranger_FailsWithCertificateNotTrusted()
    {
        var parties = TestParties.Of(SecurityPolicy.CertificateSignature);
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = TestKeys.Stranger };
        Assert.That(() => Verify(parties, Embed), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    private static void Embed(Wire wire)
    {
        var token = wire.Find(Wire.Wsse + "BinarySecurityToken");
        token.Remove();
        wire.Find(Wire.Wsse + "SecurityTokenReference").ReplaceNodes(new XElement(Wire.Wsse + "Embedded", token));
    }

    private static string Verify(string type, byte[] octets, X509Certificate2? signer = null, ProcessingLimits? limits = null)
    {
        var policy = SecurityPolicy.CertificateSignature;
        var parties = TestParties.Of(policy, policy with { Limits = limits ?? ProcessingLimits.Default });
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = signer ?? Leaf };
        return Verify(parties, wire =>
        {
            var token = wire.Find(Wire.Wsse + "BinarySecurityToken");
            token.SetAttributeValue("ValueType", type);
            token.Value = Convert.ToBase64String(octets);
        });
    }

    private static string Verify(TestParties parties, Action<Wire> change)
    {
        using var request = parties.Verify(Wire.Change(parties.Protect(), change));
        return request.Message.Evidence.Tokens.Single().Name;
    }

    private static byte[] Path(params X509Certificate2[] certificates)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var certificate in certificates)
            {
                writer.WriteEncodedValue(certificate.RawData);
            }
        }

        return writer.Encode();
    }

    // As RFC 5652, section 5.1 has it: no digests, no content, no signers.
    private static byte[] Bag(params X509Certificate2[] certificates)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.7.2");
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                writer.PushSetOf().Dispose();
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.2.840.113549.1.7.1");
                }

                using (writer.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    foreach (var certificate in certificates)
                    {
                        writer.WriteEncodedValue(certificate.RawData);
                    }
                }

                writer.PushSetOf().Dispose();
            }
        }

        return writer.Encode();
    }

    private static byte[] Signed()
    {
        var cms = new SignedCms(new ContentInfo("content"u8.ToArray()));
        cms.ComputeSignature(new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, TestKeys.Client) { IncludeOption = X509IncludeOption.EndCertOnly });
        return cms.Encode();
    }

    private static X509Certificate2 CreateIntermediate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Intermediate CA,O=WsSecurity", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var issuerKey = TestKeys.Ca.GetRSAPrivateKey()!;
        using var certificate = request.Create(
            TestKeys.Ca.SubjectName,
            X509SignatureGenerator.CreateForRSA(issuerKey, RSASignaturePadding.Pkcs1),
            TestKeys.Now.AddYears(-1),
            TestKeys.Now.AddYears(5),
            RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
