using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using NUnit.Framework;
using WsSecurity.Exchanges;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Tokens.Saml;

/// <summary>What is read from an assertion before anybody asks whether it is true.</summary>
public sealed class SamlAssertionReaderTests
{
    private const string Subject11 =
        "<Subject><NameIdentifier>alice</NameIdentifier><SubjectConfirmation><ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:bearer</ConfirmationMethod></SubjectConfirmation></Subject>";

    [Test]
    public void Read_Saml11_GivesIssuerSubjectConditionsAndJoinedAttributeNames()
    {
        var assertion = Read11(
            "<Conditions NotBefore=\"2026-01-01T00:00:00Z\" NotOnOrAfter=\"2027-01-01T00:00:00Z\"><AudienceRestrictionCondition><Audience>urn:a</Audience></AudienceRestrictionCondition><DoNotCacheCondition/></Conditions>"
            + $"<AuthenticationStatement AuthenticationMethod=\"urn:password\" AuthenticationInstant=\"2026-01-01T00:00:00Z\">{Subject11}</AuthenticationStatement>"
            + $"<AttributeStatement>{Subject11}<Attribute AttributeNamespace=\"urn:ns/\" AttributeName=\"role\"><AttributeValue>clerk</AttributeValue></Attribute></AttributeStatement>");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(assertion.Id, Is.EqualTo("_1"));
            Assert.That(assertion.Issuer, Is.EqualTo("urn:issuer"));
            Assert.That(assertion.Subject!.Value, Is.EqualTo("alice"));
            Assert.That(assertion.Conditions.IsOneTime, Is.True);
            Assert.That(assertion.Conditions.NotOnOrAfter, Is.EqualTo(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
            Assert.That(assertion.Conditions.Audiences.Single(), Is.EqualTo(["urn:a"]));
            Assert.That(assertion.Confirmations.Single().Method, Is.EqualTo(SamlConfirmationMethod.Bearer));
            Assert.That(assertion.Attributes.Single().Name, Is.EqualTo("urn:ns/role"));
            Assert.That(assertion.Seal, Is.Null);
        }
    }

    [Test]
    public void Read_Saml11StatementsAboutTwoSubjects_FailsWithInvalidSecurityToken() =>
        Assert.That(
            () => Read11($"<AuthenticationStatement AuthenticationMethod=\"urn:password\" AuthenticationInstant=\"2026-01-01T00:00:00Z\">{Subject11}</AuthenticationStatement><AttributeStatement>{Subject11.Replace("alice", "bob", StringComparison.Ordinal)}</AttributeStatement>"),
            Refused.With(SecurityFailure.InvalidSecurityToken));

    [TestCase("", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<AuthenticationStatement/>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<AuthenticationStatement><Subject/></AuthenticationStatement>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<AuthorizationDecisionStatement/>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<Conditions><Condition/></Conditions>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<Conditions NotBefore=\"today\"/>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<Conditions><AudienceRestrictionCondition/></Conditions>", SecurityFailure.InvalidSecurityToken)]
    public void Read_BrokenSaml11_Refuses(string content, SecurityFailure failure) => Assert.That(() => Read11(content), Refused.With(failure));

    [Test]
    public void Read_UnknownConfirmation_ConfirmsNothing() =>
        Assert.That(Read20("<SubjectConfirmation Method=\"urn:other\"/>").Confirmations.Single().Method, Is.Null);

    [Test]
    public void Read_RsaKeyValue_IsTheSubjectsKey()
    {
        using var rsa = TestKeys.Client.GetRSAPublicKey()!;
        var parameters = rsa.ExportParameters(false);
        var key = HolderOfKey(
            $"<d:KeyValue><d:RSAKeyValue><d:Modulus>{Convert.ToBase64String(parameters.Modulus!)}</d:Modulus><d:Exponent>{Convert.ToBase64String(parameters.Exponent!)}</d:Exponent></d:RSAKeyValue></d:KeyValue>").SubjectKey as SamlPublicKey;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(key!.Certificate, Is.Null);
            Assert.That(key.IsKeyOf(new CertificateEntry(TestKeys.Client)), Is.True);
            Assert.That(key.IsKeyOf(new CertificateEntry(TestKeys.Service)), Is.False);
        }
    }

    [TestCase("", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<d:KeyName>alice</d:KeyName>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<d:KeyValue/>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<d:KeyValue><d:RSAKeyValue/></d:KeyValue>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<d:KeyValue><d:RSAKeyValue><d:Modulus>AA==</d:Modulus><d:Exponent>AQAB</d:Exponent></d:RSAKeyValue></d:KeyValue>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<d:X509Data><d:X509Certificate>AAAA</d:X509Certificate></d:X509Data>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<d:X509Data><d:X509SubjectName>CN=client</d:X509SubjectName></d:X509Data>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<d:KeyName>a</d:KeyName><d:KeyName>b</d:KeyName>", SecurityFailure.InvalidSecurityToken)]
    public void Read_OtherSubjectKeys_Refuses(string key, SecurityFailure failure) => Assert.That(() => HolderOfKey(key), Refused.With(failure));

    [Test]
    public void Read_TooManyConfirmations_FailsWithInvalidSecurityToken() =>
        Assert.That(() => Read20(string.Concat(Enumerable.Repeat("<SubjectConfirmation Method=\"urn:other\"/>", 9))), Refused.With(SecurityFailure.InvalidSecurityToken));

    [TestCase("<a/>")]
    [TestCase("no document")]
    [TestCase("<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>")]
    public void Parse_NoAssertion_Throws(string document) =>
        Assert.That(() => SamlAssertionCredential.Parse(Encoding.UTF8.GetBytes(document)), Throws.ArgumentException);

    [Test]
    public void Issue_DescriptionThatContradictsItself_Throws()
    {
        SamlAssertionDescription[] descriptions =
        [
            SamlTesting.Bearer with { Audiences = [] },
            SamlTesting.Bearer with { Subject = " " },
            SamlTesting.Bearer with { Lifetime = TimeSpan.Zero },
            SamlTesting.Bearer with { SubjectCertificate = TestKeys.Public(TestKeys.Client) },
            SamlTesting.HolderOfKey with { SubjectCertificate = null },
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (var description in descriptions)
            {
                Assert.That(() => SamlTesting.Issue(description), Throws.ArgumentException);
            }

            Assert.That(() => SamlTesting.Issue(SamlTesting.Bearer, certificate: TestKeys.Public(TestKeys.Client)), Throws.ArgumentException);
        }
    }

    [Test]
    public void Credential_AsText_HidesTheAssertion()
    {
        var assertion = SamlTesting.Issue(SamlTesting.Bearer);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(assertion.ToString(), Does.Contain(assertion.Id).And.Not.Contain("alice"));
            Assert.That(assertion.IsBearer, Is.True);
            Assert.That(assertion.NotOnOrAfter, Is.EqualTo(TestKeys.Now.AddHours(1)));
        }
    }

    [Test]
    public void Issue_ForTheSignedXmlOfThePlatform_HasASignatureThatFits()
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        using (var reader = XmlReader.Create(new MemoryStream(SamlTesting.Issue(SamlTesting.HolderOfKey).ToArray())))
        {
            document.Load(reader);
        }

        var signed = new SignedXml(document);
        signed.LoadXml((System.Xml.XmlElement)document.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)[0]!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(signed.CheckSignature(SamlTesting.IssuerCertificate, verifySignatureOnly: true), Is.True);
            document.GetElementsByTagName("NameID", "urn:oasis:names:tc:SAML:2.0:assertion")[0]!.InnerText = "bob";
            Assert.That(signed.CheckSignature(SamlTesting.IssuerCertificate, verifySignatureOnly: true), Is.False);
        }
    }

    [Test]
    public void Issue_ByAnEcdsaKey_IsAccepted()
    {
        var assertion = SamlTesting.Issue(SamlTesting.Bearer with { Subject = "<alice> & \"co\"" }, certificate: TestKeys.EcClient);
        var parties = SamlTesting.Parties(SecurityPolicy.IssuedTokenOverTransport, assertion);
        parties.ServiceCredentials = parties.ServiceCredentials with
        {
            TrustDomains = [new TrustDomain { Name = "issuers", SamlIssuers = [new SamlIssuer(SamlTesting.Issuer, TestKeys.Public(TestKeys.EcClient))] }],
        };
        using var request = parties.Verify(parties.Protect());
        Assert.That(request.Message.Evidence.Tokens.Single().Name, Is.EqualTo("<alice> & \"co\""));
    }

    private static SamlAssertion HolderOfKey(string key) => Read20(
        $"<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:holder-of-key\"><SubjectConfirmationData><d:KeyInfo xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\">{key}</d:KeyInfo></SubjectConfirmationData></SubjectConfirmation>");

    private static SamlAssertion Read20(string confirmations) => Read(
        $"<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" Version=\"2.0\" ID=\"_1\"><Issuer>urn:issuer</Issuer><Subject><NameID>alice</NameID>{confirmations}</Subject></Assertion>");

    private static SamlAssertion Read11(string content) => Read(
        $"<Assertion xmlns=\"urn:oasis:names:tc:SAML:1.0:assertion\" MajorVersion=\"1\" MinorVersion=\"1\" AssertionID=\"_1\" Issuer=\"urn:issuer\">{content}</Assertion>");

    private static SamlAssertion Read(string xml)
    {
        using var index = XmlIndex.Scan(Encoding.UTF8.GetBytes(xml), ProcessingLimits.Default);
        var cache = new CertificateCache();
        return SamlAssertionReader.Read(index.Root, der => cache.Read(der)).Build(new TrackedElement(index.Root), seal: null);
    }
}
