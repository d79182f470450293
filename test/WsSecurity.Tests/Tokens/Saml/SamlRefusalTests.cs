using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Tokens.Saml;

/// <summary>Assertions that are wrong, changed, moved, or in the wrong hands.</summary>
public sealed class SamlRefusalTests
{
    private static readonly SecurityPolicy Transport = SecurityPolicy.IssuedTokenOverTransport;
    private static readonly SecurityPolicy Endorsing = SamlTesting.With(Transport, SupportingTokenKind.Endorsing);
    private static readonly SecurityPolicy BySubject = SecurityPolicy.MutualCertificateDuplex with { InitiatorToken = SecurityTokenType.Saml };

    private static readonly object[] Changes =
    [
        Change("subject", SecurityFailure.DigestMismatch, assertion => assertion.Descendants(SamlTesting.Saml2 + "NameID").Single().Value = "bob"),
        Change("role", SecurityFailure.DigestMismatch, assertion => assertion.Descendants(SamlTesting.Saml2 + "AttributeValue").First().Value = "admin"),
        Change("lifetime", SecurityFailure.DigestMismatch, assertion => assertion.Element(SamlTesting.Saml2 + "Conditions")!.SetAttributeValue("NotOnOrAfter", "2099-01-01T00:00:00Z")),
        Change("issuer", SecurityFailure.IssuerNotTrusted, assertion => assertion.Element(SamlTesting.Saml2 + "Issuer")!.Value = "urn:other"),
        Change("signature stripped", SecurityFailure.AssertionNotSigned, assertion => assertion.Element(Wire.Ds + "Signature")!.Remove()),
        Change("signature value", SecurityFailure.SignatureInvalid, assertion => assertion.Descendants(Wire.Ds + "SignatureValue").Single().Value = Convert.ToBase64String(new byte[256])),
        Change("second signature", SecurityFailure.InvalidSignatureStructure, assertion => assertion.Add(new XElement(assertion.Element(Wire.Ds + "Signature")!))),
        Change("object in signature", SecurityFailure.InvalidSignatureStructure, assertion => assertion.Element(Wire.Ds + "Signature")!.Add(new XElement(Wire.Ds + "Object"))),
        Change("transform left out", SecurityFailure.TransformNotAllowed, assertion => assertion.Descendants(Wire.Ds + "Transform").First().Remove()),
        Change("another transform", SecurityFailure.TransformNotAllowed, assertion => assertion.Descendants(Wire.Ds + "Transform").Last().SetAttributeValue("Algorithm", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")),
        Change("unknown condition", SecurityFailure.UnsupportedSecurityToken, assertion => assertion.Element(SamlTesting.Saml2 + "Conditions")!.Add(new XElement(SamlTesting.Saml2 + "Condition"))),
        Change("unknown statement", SecurityFailure.UnsupportedSecurityToken, assertion => assertion.Add(new XElement(SamlTesting.Saml2 + "AuthzDecisionStatement"))),
        Change("version", SecurityFailure.InvalidSecurityToken, assertion => assertion.SetAttributeValue("Version", "3.0")),
        Change("no issuer", SecurityFailure.InvalidSecurityToken, assertion => assertion.Element(SamlTesting.Saml2 + "Issuer")!.Remove()),
        Change("no subject", SecurityFailure.InvalidSecurityToken, assertion => assertion.Element(SamlTesting.Saml2 + "Subject")!.Remove()),
        Change("time without zone", SecurityFailure.InvalidSecurityToken, assertion => assertion.Element(SamlTesting.Saml2 + "Conditions")!.SetAttributeValue("NotBefore", "2026-01-01T00:00:00")),
    ];

    [TestCaseSource(nameof(Changes))]
    public void Verify_ChangedAssertion_Refuses(string name, SecurityFailure failure, Action<XElement> change) =>
        Assert.That(() => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer), wire => change(SamlTesting.Assertion(wire))), Refused.With(failure));

    [Test]
    public void Verify_CommentInSubject_ReadsWhatWasSigned()
    {
        var parties = SamlTesting.Parties(Transport, SamlTesting.Issue(SamlTesting.Bearer with { Subject = "alice.evil" }));
        var wire = Wire.Change(parties.Protect(), message => message.Find(SamlTesting.Saml2 + "NameID").ReplaceNodes(new XText("alice"), new XComment("x"), new XText(".evil")));
        using var request = parties.Verify(wire);
        Assert.That(request.Message.Evidence.Tokens.Single().Name, Is.EqualTo("alice.evil"));
    }

    [Test]
    public void Verify_ForgedAssertionAroundTheOriginal_Refuses()
    {
        using (Assert.EnterMultipleScope())
        {
            // The original and its signature inside of a forged one, at each place where something could stand.
            foreach (var place in new[] { "Advice", "Subject", "Conditions", "AttributeStatement" })
            {
                Assert.That(
                    () => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer), wire =>
                    {
                        var original = SamlTesting.Assertion(wire);
                        var forged = Forge(original, "_forged");
                        original.ReplaceWith(forged);
                        var parent = forged.Element(SamlTesting.Saml2 + place);
                        if (parent is null)
                        {
                            forged.Add(parent = new XElement(SamlTesting.Saml2 + place));
                        }

                        parent.Add(original);
                        forged.Elements(SamlTesting.Saml2 + "Issuer").Single().AddAfterSelf(new XElement(original.Element(Wire.Ds + "Signature")!));
                    }),
                    Throws.InstanceOf<WsSecurityException>(),
                    place);
            }
        }
    }

    [Test]
    public void Verify_ForgedAssertionBesideTheOriginal_Refuses()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer), wire => Beside(wire, "_forged", keepsSignature: false)), Refused.With(SecurityFailure.InvalidSecurityToken));
            Assert.That(() => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer), wire => Beside(wire, "_forged", keepsSignature: true)), Refused.With(SecurityFailure.InvalidSignatureStructure));
            Assert.That(() => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer), wire => Beside(wire, null, keepsSignature: true)), Refused.With(SecurityFailure.DuplicateId));
        }
    }

    [Test]
    public void Verify_OriginalInAnotherHeader_FailsWithDuplicateId() =>
        Assert.That(
            () => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer), wire =>
            {
                var original = SamlTesting.Assertion(wire);
                wire.Header.Add(new XElement("Wrapper", new XElement(original)));
                original.Descendants(SamlTesting.Saml2 + "NameID").Single().Value = "bob";
            }),
            Refused.With(SecurityFailure.DuplicateId));

    [Test]
    public void Verify_TwoAssertions_FailsWithInvalidSecurityToken()
    {
        var second = XElement.Parse(System.Text.Encoding.UTF8.GetString(SamlTesting.Issue(SamlTesting.Bearer with { Subject = "bob" }).ToArray()));
        Assert.That(() => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer), wire => SamlTesting.Assertion(wire).AddAfterSelf(second)), Refused.With(SecurityFailure.InvalidSecurityToken));
    }

    [Test]
    public void Verify_AssertionStripped_FailsWithSecurityTokenMissing() =>
        Assert.That(() => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer), wire => SamlTesting.Assertion(wire).Remove()), Refused.With(SecurityFailure.SecurityTokenMissing));

    [Test]
    public void Verify_BearerForNobody_FailsWithAudienceMismatch()
    {
        var parties = SamlTesting.Parties(Transport, SamlTesting.Issue(SamlTesting.Bearer));
        parties.ServiceCredentials = parties.ServiceCredentials with { Audiences = [] };
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.AudienceMismatch));
    }

    [Test]
    public void Verify_IssuerOfAnAnchor_IsNoIssuer()
    {
        // The service trusts the CA as an anchor, and its certificates as signers.
        var certificate = TestKeys.Issue("CN=issuer,O=WsSecurity", TestKeys.Ca);
        Assert.That(() => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer, certificate: certificate)), Refused.With(SecurityFailure.IssuerNotTrusted));
    }

    [Test]
    public void Verify_IssuerUnderAnothersName_FailsWithIssuerNotTrusted() =>
        Assert.That(() => Verify(Transport, SamlTesting.Issue(SamlTesting.Bearer, issuer: "urn:other")), Refused.With(SecurityFailure.IssuerNotTrusted));

    [Test]
    public void Verify_ExpiredIssuer_FailsWithCertificateExpired()
    {
        var parties = SamlTesting.Parties(Transport, SamlTesting.Issue(SamlTesting.Bearer, certificate: TestKeys.Expired));
        parties.ServiceCredentials = parties.ServiceCredentials with
        {
            TrustDomains = [new TrustDomain { Name = "issuers", SamlIssuers = [new SamlIssuer(SamlTesting.Issuer, TestKeys.Public(TestKeys.Expired))] }],
        };
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.CertificateExpired));
    }

    [Test]
    public void Verify_TwoIssuersOfOneName_EachSeenUnderItsDomain()
    {
        X509Certificate2[] certificates = [SamlTesting.IssuerCertificate, TestKeys.Stranger];
        var domains = certificates.Select((certificate, i) => new TrustDomain { Name = $"domain {i}", SamlIssuers = [new SamlIssuer(SamlTesting.Issuer, TestKeys.Public(certificate))] }).ToList();
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < certificates.Length; i++)
            {
                var parties = SamlTesting.Parties(Transport, SamlTesting.Issue(SamlTesting.Bearer, certificate: certificates[i]));
                parties.ServiceCredentials = parties.ServiceCredentials with { TrustDomains = domains };
                using var request = parties.Verify(parties.Protect());
                Assert.That(request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>().Single().TrustDomain, Is.EqualTo($"domain {i}"));
            }
        }
    }

    // Whoever stole the assertion has another key.
    [Test]
    public void Verify_HolderOfAnotherKey_Refuses()
    {
        var stolen = SamlTesting.Issue(SamlTesting.HolderOfKey with { SubjectCertificate = TestKeys.Public(TestKeys.EcClient) });
        using (Assert.EnterMultipleScope())
        {
            // Named by the assertion, the signature does not fit; named by its own certificate, it is not the subject's.
            Assert.That(() => Verify(BySubject, stolen), Refused.With(SecurityFailure.SignatureAlgorithmNotAllowed));
            Assert.That(() => Verify(SamlTesting.With(SecurityPolicy.MutualCertificateDuplex, SupportingTokenKind.Signed), stolen), Refused.With(SecurityFailure.SubjectConfirmationFailed));
        }
    }

    [Test]
    public void Verify_EndorsementStripped_FailsWithSubjectConfirmationFailed() =>
        Assert.That(() => Verify(Endorsing, SamlTesting.Issue(SamlTesting.HolderOfKey), wire => wire.Security.Element(Wire.Ds + "Signature")!.Remove()), Refused.With(SecurityFailure.SubjectConfirmationFailed));

    [Test]
    public void Verify_BearerWhereTheSubjectMustEndorse_Refuses() =>
        Assert.That(() => Verify(Endorsing, SamlTesting.Issue(SamlTesting.Bearer)), Refused.With(SecurityFailure.UnsupportedSecurityToken));

    [Test]
    public void Verify_VouchedWhereTheSubjectMustEndorse_Refuses() =>
        Assert.That(
            () => Verify(SamlTesting.With(Transport, SupportingTokenKind.Endorsing), SamlTesting.Issue(SamlTesting.SenderVouches), wire => wire.Security.Element(Wire.Ds + "Signature")!.Remove()),
            Refused.With(SecurityFailure.SubjectConfirmationFailed));

    [Test]
    public void Verify_VouchedByNobodyWhoMay_FailsWithSubjectConfirmationFailed() =>
        Assert.That(
            () => Verify(SamlTesting.With(SecurityPolicy.MutualCertificateDuplex, SupportingTokenKind.Signed), SamlTesting.Issue(SamlTesting.SenderVouches)),
            Refused.With(SecurityFailure.SubjectConfirmationFailed));

    [Test]
    public void Verify_VouchedOverTransportWithoutASigner_FailsWithSubjectConfirmationFailed() =>
        Assert.That(() => Verify(Transport, SamlTesting.Issue(SamlTesting.SenderVouches), mayVouch: true), Refused.With(SecurityFailure.SubjectConfirmationFailed));

    [Test]
    public void Verify_VouchedAssertionOutsideOfTheSignature_FailsWithSignedPartMissing()
    {
        var policy = SamlTesting.With(SecurityPolicy.CertificateSignature, SupportingTokenKind.Supporting);
        Assert.That(
            () => Verify(policy, SamlTesting.Issue(SamlTesting.SenderVouches), wire => SamlTesting.Assertion(wire).Element(Wire.Ds + "Signature")!.Remove(), mayVouch: true),
            Refused.With(SecurityFailure.SignedPartMissing));
    }

    [Test]
    public void Verify_PlainAssertionWhereItMustBeSigned_FailsWithSignedPartMissing()
    {
        var policy = SecurityPolicy.CertificateSignature;
        var parties = SamlTesting.Parties(SamlTesting.With(policy, SupportingTokenKind.Supporting), SamlTesting.Issue(SamlTesting.HolderOfKey));
        parties.ServicePolicy = SamlTesting.With(policy, SupportingTokenKind.Signed);
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.SignedPartMissing));
    }

    [Test]
    public void Verify_PlainAssertionWhereItMustBeEncrypted_FailsWithEncryptedPartMissing()
    {
        var parties = SamlTesting.Parties(SamlTesting.With(SecurityPolicy.IssuedTokenForCertificate, SupportingTokenKind.Signed), SamlTesting.Issue(SamlTesting.HolderOfKey));
        parties.ServicePolicy = SecurityPolicy.IssuedTokenForCertificate;
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.EncryptedPartMissing));
    }

    [Test]
    public void Verify_OneTimeUseInAnotherMessage_FailsWithMessageReplayed()
    {
        var policy = Transport with { DetectReplays = false };
        var parties = SamlTesting.Parties(policy, SamlTesting.Issue(SamlTesting.Bearer with { OneTimeUse = true }));
        parties.Verify(parties.Protect()).Dispose();
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void Verify_BearerInAnotherMessage_Accepts()
    {
        var parties = SamlTesting.Parties(Transport, SamlTesting.Issue(SamlTesting.Bearer));
        parties.Verify(parties.Protect()).Dispose();
        Assert.That(() => parties.Verify(parties.Protect()).Dispose(), Throws.Nothing);
    }

    [Test]
    public void VerifyReply_WithAnAssertion_FailsWithUnsupportedSecurityToken()
    {
        var parties = SamlTesting.Parties(Transport, SamlTesting.Issue(SamlTesting.Bearer));
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        using var request = parties.Verify(wire);
        var reply = Wire.Change(parties.ProtectReply(request, TestParties.Envelope("<sum/>")), message => message.Security.Add(SamlTesting.Assertion(Wire.Of(wire))));
        Assert.That(() => pending.VerifyReply(reply, parties.Context), Refused.With(SecurityFailure.UnsupportedSecurityToken));
    }

    [TestCase("", null)]
    [TestCase("NotOnOrAfter=\"2026-06-01T12:00:01Z\" NotBefore=\"2026-06-01T12:00:00Z\"", null)]
    [TestCase("Recipient=\"urn:service\"", null)]
    [TestCase("NotOnOrAfter=\"2026-06-01T11:55:00Z\"", SecurityFailure.SubjectConfirmationFailed)]
    [TestCase("NotBefore=\"2026-06-01T12:05:01Z\"", SecurityFailure.SubjectConfirmationFailed)]
    [TestCase("Recipient=\"urn:other\"", SecurityFailure.SubjectConfirmationFailed)]
    public void Verify_LimitsOfTheConfirmation_AreKept(string limits, SecurityFailure? failure) =>
        Assert.That(
            () => Verify(Transport, SamlTesting.Sign(SamlTesting.Written($"<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><SubjectConfirmationData {limits}/></SubjectConfirmation>"))),
            failure is { } expected ? Refused.With(expected) : Throws.Nothing);

    // The signature is by the subject's key, for which the confirmation is over; possession does not stand in.
    [Test]
    public void Verify_BearerBesideAnExpiredKey_FailsWithSubjectConfirmationFailed()
    {
        var key = $"<d:KeyInfo xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"><d:X509Data><d:X509Certificate>{Convert.ToBase64String(TestKeys.Client.RawData)}</d:X509Certificate></d:X509Data></d:KeyInfo>";
        var assertion = SamlTesting.Sign(SamlTesting.Written(
            "<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/><SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:holder-of-key\">"
            + $"<SubjectConfirmationData NotOnOrAfter=\"2026-06-01T11:00:00Z\">{key}</SubjectConfirmationData></SubjectConfirmation>"));
        Assert.That(() => Verify(SamlTesting.With(BySubject, SupportingTokenKind.SignedEncrypted), assertion), Refused.With(SecurityFailure.SubjectConfirmationFailed));
    }

    private static object[] Change(string name, SecurityFailure failure, Action<XElement> change) => [name, failure, change];

    private static void Verify(SecurityPolicy policy, SamlAssertionCredential assertion, Action<Wire>? change = null, bool mayVouch = false)
    {
        var parties = SamlTesting.Parties(policy, assertion, mayVouch);
        var wire = parties.Protect();
        parties.Verify(change is null ? wire : Wire.Change(wire, change)).Dispose();
    }

    private static XElement Forge(XElement original, string? id)
    {
        var forged = new XElement(original);
        forged.Element(Wire.Ds + "Signature")!.Remove();
        forged.Descendants(SamlTesting.Saml2 + "NameID").Single().Value = "bob";
        if (id is not null)
        {
            forged.SetAttributeValue("ID", id);
        }

        return forged;
    }

    private static void Beside(Wire wire, string? id, bool keepsSignature)
    {
        var original = SamlTesting.Assertion(wire);
        var forged = Forge(original, id);
        if (keepsSignature)
        {
            forged.Elements().First().AddAfterSelf(new XElement(original.Element(Wire.Ds + "Signature")!));
        }

        original.AddBeforeSelf(forged);
    }
}
