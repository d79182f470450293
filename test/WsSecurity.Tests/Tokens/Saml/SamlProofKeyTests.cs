using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Tokens.Saml;

/// <summary>
/// Subjects who prove themselves by a secret that the issuer encrypted for the service, as WCF's and CXF's issuers do: it endorses, or it is the key of the messages.
/// </summary>
public sealed class SamlProofKeyTests
{
    private static readonly XNamespace Wsc = "http://schemas.xmlsoap.org/ws/2005/02/sc";
    private static readonly SecurityPolicy Issued = SecurityPolicy.IssuedToken;
    private static readonly SecurityPolicy OverTransport = SamlTesting.With(SecurityPolicy.IssuedTokenOverTransport, SupportingTokenKind.Endorsing);
    private static readonly SecurityPolicy ForCertificate = SamlTesting.With(SecurityPolicy.IssuedTokenForCertificate, SupportingTokenKind.Endorsing);

    private static IEnumerable<TestCaseData> Policies()
    {
        foreach (var version in Enum.GetValues<SamlVersion>())
        {
            yield return Case("endorsing over transport", OverTransport);
            yield return Case("signed endorsing over transport", SamlTesting.With(OverTransport, SupportingTokenKind.SignedEndorsing));
            yield return Case("endorsing, strict", ForCertificate with { SecurityHeaderLayout = SecurityHeaderLayout.Strict });
            yield return Case("key of the messages, strict", Issued with { SecurityHeaderLayout = SecurityHeaderLayout.Strict });
            yield return Case("key of the messages, signed", SamlTesting.With(Issued, SupportingTokenKind.Signed));
            yield return Case("key of the messages, token protected", Issued with { ProtectTokens = true });
            yield return Case("key of the messages, signature alone", Issued with { ProtectionLevel = ProtectionLevel.Sign });
            yield return Case("key of the messages, confirmed", Issued with { RequireSignatureConfirmation = true });
            foreach (var order in Enum.GetValues<MessageProtectionOrder>())
            {
                foreach (var derives in new[] { true, false })
                {
                    yield return Case($"key of the messages, {order}, {(derives ? "derived" : "itself")}", Issued with { MessageProtectionOrder = order, RequireDerivedKeys = derives });
                    yield return Case($"endorsing, {order}, {(derives ? "derived" : "itself")}", ForCertificate with { MessageProtectionOrder = order, RequireDerivedKeys = derives });
                    yield return Case($"signed endorsing, {order}, {(derives ? "derived" : "itself")}", SamlTesting.With(ForCertificate, SupportingTokenKind.SignedEndorsing) with { MessageProtectionOrder = order, RequireDerivedKeys = derives });
                }
            }

            TestCaseData Case(string name, SecurityPolicy policy) => new TestCaseData(policy, version).SetArgDisplayNames(name, version.ToString());
        }
    }

    [TestCaseSource(nameof(Policies))]
    public void Exchange_ByProofKey_NamesTheSubjectAndIsAnswered(SecurityPolicy policy, SamlVersion version)
    {
        var parties = Parties(policy, Describe(version));
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var token = request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Name, Is.EqualTo("alice"));
            Assert.That(token.ConfirmationMethod, Is.EqualTo(SamlConfirmationMethod.HolderOfKey));
            Assert.That(request.Message.Evidence.Signatures.Any(signature => signature.Token == token), Is.True);
        }

        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">3</sum>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        Assert.That(() => pending.VerifyReply(reply, parties.Context), Throws.Nothing);
    }

    [TestCase(SamlVersion.Saml20)]
    [TestCase(SamlVersion.Saml11)]
    public void Exchange_ByProofKeyOfAnEncryptedAssertion_NamesTheSubject(SamlVersion version)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var policy in new[] { OverTransport, ForCertificate, Issued })
            {
                var parties = Parties(policy, Describe(version) with { EncryptionCertificate = TestKeys.Public(TestKeys.Service) });
                using var request = parties.Verify(parties.Protect());
                Assert.That(request.Message.Evidence.Tokens.Single().Name, Is.EqualTo("alice"));
            }
        }
    }

    // As WCF writes it: the assertion, then a key derived for each use, each naming the assertion by its Id.
    [Test]
    public void Protect_ByIssuedToken_HasNoOtherKey()
    {
        var parties = Parties(Issued, Describe(SamlVersion.Saml11));
        var wire = Wire.Of(parties.Protect());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(wire.Security.Elements(Wire.Xenc + "EncryptedKey"), Is.Empty);
            Assert.That(wire.Security.Elements(Wsc + "DerivedKeyToken").Count(), Is.EqualTo(2));
            Assert.That(
                wire.Security.Elements(Wsc + "DerivedKeyToken").Select(token => (string?)token.Descendants(Wire.Wsse + "KeyIdentifier").Single().Attribute("ValueType")),
                Is.All.EqualTo("http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID"));
            Assert.That(wire.Security.Elements().Select(element => element.Name.LocalName).Take(3), Is.EqualTo(["Timestamp", "Assertion", "DerivedKeyToken"]));
        }
    }

    [Test]
    public void Verify_AnotherSecret_Refuses()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var policy in new[] { OverTransport, ForCertificate, Issued })
            {
                var parties = Parties(policy, Describe(SamlVersion.Saml20));
                parties.ClientCredentials = parties.ClientCredentials with { SamlAssertion = parties.ClientCredentials.SamlAssertion!.WithProofKey(new byte[32]) };
                Assert.That(() => parties.Verify(parties.Protect()), Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).AnyOf(SecurityFailure.SignatureInvalid, SecurityFailure.DecryptionFailed));
            }
        }
    }

    [Test]
    public void Verify_ProofKeyForAnotherService_Refuses()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var policy in new[] { OverTransport, ForCertificate, Issued })
            {
                var parties = Parties(policy, Describe(SamlVersion.Saml20) with { ProofKeyRecipient = TestKeys.Public(TestKeys.Stranger) });
                Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.DecryptionKeyUnavailable));
            }
        }
    }

    // Anybody can encrypt a key for the service; only the issuer's says who shares it.
    [Test]
    public void Verify_UnsignedAssertionWithAProofKey_FailsWithAssertionNotSigned()
    {
        var parties = Parties(OverTransport, Describe(SamlVersion.Saml20));
        Assert.That(
            () => parties.Verify(Wire.Change(parties.Protect(), wire => SamlTesting.Assertion(wire).Element(Wire.Ds + "Signature")!.Remove())),
            Refused.With(SecurityFailure.AssertionNotSigned));
    }

    [Test]
    public void Verify_EndorsementStripped_FailsWithSubjectConfirmationFailed()
    {
        var parties = Parties(OverTransport, Describe(SamlVersion.Saml20));
        Assert.That(
            () => parties.Verify(Wire.Change(parties.Protect(), wire => wire.Security.Element(Wire.Ds + "Signature")!.Remove())),
            Refused.With(SecurityFailure.SubjectConfirmationFailed));
    }

    // The key of the messages is that of the assertion, not one that anybody can encrypt for the service.
    [Test]
    public void Verify_EncryptedKeyWhereTheIssuedTokenMustProtect_FailsWithSignatureMissing()
    {
        var parties = Parties(SamlTesting.With(SecurityPolicy.IssuedTokenForCertificate, SupportingTokenKind.Signed), Describe(SamlVersion.Saml20));
        parties.ServicePolicy = SamlTesting.With(Issued, SupportingTokenKind.Signed);
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.SignatureMissing));
    }

    [Test]
    public void Verify_IssuedTokenWhereAnEncryptedKeyMustProtect_FailsWithSignatureMissing()
    {
        var parties = Parties(SamlTesting.With(Issued, SupportingTokenKind.Signed), Describe(SamlVersion.Saml20));
        parties.ServicePolicy = SamlTesting.With(SecurityPolicy.IssuedTokenForCertificate, SupportingTokenKind.Signed);
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.SignatureMissing));
    }

    [Test]
    public void Verify_UnderivedWhereKeysMustBeDerived_FailsWithKeyNotDerived()
    {
        var parties = Parties(Issued with { RequireDerivedKeys = false }, Describe(SamlVersion.Saml20));
        parties.ServicePolicy = Issued;
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.KeyNotDerived));
    }

    [Test]
    public void Initiator_WithoutProofKey_IsRefused()
    {
        var parties = SamlTesting.Parties(Issued, SamlTesting.Issue(SamlTesting.HolderOfKey));
        Assert.That(() => parties.Initiator, Throws.ArgumentException.With.Message.Contains("ProofKey"));
    }

    [Test]
    public void Initiator_WithProofKeyWhereACertificateSigns_IsRefused()
    {
        var parties = Parties(SecurityPolicy.CertificateSignature with { InitiatorToken = SecurityTokenType.Saml }, Describe(SamlVersion.Saml20));
        Assert.That(() => parties.Initiator, Throws.ArgumentException.With.Message.Contains("ProofKey"));
    }

    [TestCase(SupportingTokenKind.Endorsing)]
    [TestCase(SupportingTokenKind.SignedEncrypted)]
    public void Recipient_IssuedTokenThatDoesMore_IsRefused(SupportingTokenKind kind)
    {
        var parties = Parties(SamlTesting.With(Issued, kind), Describe(SamlVersion.Saml20));
        Assert.That(() => parties.Recipient, Throws.ArgumentException);
    }

    [Test]
    public void Protect_SignedAssertionThatItsIssuerEncrypted_Throws()
    {
        var parties = Parties(SecurityPolicy.IssuedTokenForCertificate, Describe(SamlVersion.Saml20) with { EncryptionCertificate = TestKeys.Public(TestKeys.Service) });
        Assert.That(() => parties.Protect(), Throws.InvalidOperationException);
    }

    [Test]
    public void ToString_OfCredential_HidesTheProofKey()
    {
        var assertion = SamlTesting.Issue(Describe(SamlVersion.Saml20));
        Assert.That(assertion.ToString(), Does.Not.Contain(Convert.ToBase64String(assertion.ProofKey.Span)).And.Not.Contain(Convert.ToHexString(assertion.ProofKey.Span)));
    }

    private static SamlAssertionDescription Describe(SamlVersion version) => SamlTesting.Bearer with
    {
        Version = version,
        ConfirmationMethod = SamlConfirmationMethod.HolderOfKey,
        ProofKeyRecipient = TestKeys.Public(TestKeys.Service),
        Claims = [],
    };

    // Only the service has a certificate.
    private static TestParties Parties(SecurityPolicy policy, SamlAssertionDescription description)
    {
        var parties = SamlTesting.Parties(policy, SamlTesting.Issue(description));
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = null };
        return parties;
    }
}
