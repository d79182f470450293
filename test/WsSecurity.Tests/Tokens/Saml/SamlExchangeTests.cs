using System.Security.Claims;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Tokens.Saml;

/// <summary>Our client to our service with assertions of our issuer, in every binding and with every confirmation that it admits.</summary>
public sealed class SamlExchangeTests
{
    private static readonly SecurityPolicy Duplex = SecurityPolicy.MutualCertificateDuplex;
    private static readonly SecurityPolicy Symmetric = SecurityPolicy.IssuedTokenForCertificate;
    private static readonly SecurityPolicy Transport = SecurityPolicy.IssuedTokenOverTransport;

    private static IEnumerable<TestCaseData> Exchanges()
    {
        const SamlConfirmationMethod bearer = SamlConfirmationMethod.Bearer;
        const SamlConfirmationMethod holder = SamlConfirmationMethod.HolderOfKey;
        const SamlConfirmationMethod vouched = SamlConfirmationMethod.SenderVouches;

        yield return Case("over transport", Transport, bearer);
        yield return Case("over transport, plain", SamlTesting.With(Transport, SupportingTokenKind.Supporting), bearer);
        yield return Case("over transport, endorsing", SamlTesting.With(Transport, SupportingTokenKind.Endorsing), holder);
        yield return Case("over transport, signed endorsing", SamlTesting.With(Transport, SupportingTokenKind.SignedEndorsing), holder);
        foreach (var order in Enum.GetValues<MessageProtectionOrder>())
        {
            var symmetric = Symmetric with { MessageProtectionOrder = order };
            var duplex = Duplex with { MessageProtectionOrder = order };
            yield return Case($"symmetric, {order}", symmetric, bearer);
            yield return Case($"symmetric underived, {order}", symmetric with { RequireDerivedKeys = false }, bearer);
            yield return Case($"symmetric endorsing, {order}", SamlTesting.With(symmetric, SupportingTokenKind.Endorsing), holder);
            yield return Case($"symmetric signed endorsing, {order}", SamlTesting.With(symmetric, SupportingTokenKind.SignedEndorsing), holder);
            yield return Case($"symmetric vouched by the endorser, {order}", SamlTesting.With(SecurityPolicy.MutualCertificate with { MessageProtectionOrder = order }, SupportingTokenKind.Signed), vouched);
            yield return Case($"asymmetric encrypted, {order}", SamlTesting.With(duplex, SupportingTokenKind.SignedEncrypted), bearer);
            yield return Case($"asymmetric signed, {order}", SamlTesting.With(duplex, SupportingTokenKind.Signed), holder);
            yield return Case($"asymmetric plain, {order}", SamlTesting.With(duplex, SupportingTokenKind.Supporting), holder);
            yield return Case($"asymmetric endorsing, {order}", SamlTesting.With(duplex, SupportingTokenKind.Endorsing), holder);
            yield return Case($"asymmetric vouched, {order}", SamlTesting.With(duplex, SupportingTokenKind.Signed), vouched);
            yield return Case($"subject signs, {order}", duplex with { InitiatorToken = SecurityTokenType.Saml }, holder);
            yield return Case($"subject signs, token too, {order}", duplex with { InitiatorToken = SecurityTokenType.Saml, ProtectTokens = true }, holder);
        }

        yield return Case("signature alone, encrypted assertion", SamlTesting.With(SecurityPolicy.CertificateSignature, SupportingTokenKind.SignedEncrypted), bearer);
        yield return Case("strict", SamlTesting.With(Symmetric, SupportingTokenKind.SignedEndorsing) with { SecurityHeaderLayout = SecurityHeaderLayout.Strict }, holder);
        yield return Case("strict, subject signs", Duplex with { InitiatorToken = SecurityTokenType.Saml, SecurityHeaderLayout = SecurityHeaderLayout.Strict }, holder);

        static TestCaseData Case(string name, SecurityPolicy policy, SamlConfirmationMethod method) => new TestCaseData(policy, method).SetArgDisplayNames(name, method.ToString());
    }

    [TestCaseSource(nameof(Exchanges))]
    public void Exchange_WithAssertion_NamesTheSubjectAndIsAnswered(SecurityPolicy policy, SamlConfirmationMethod method)
    {
        var parties = SamlTesting.Parties(policy, SamlTesting.Issue(SamlTesting.Of(method)), mayVouch: method == SamlConfirmationMethod.SenderVouches);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var token = request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Name, Is.EqualTo("alice"));
            Assert.That(token.ConfirmationMethod, Is.EqualTo(method));
            Assert.That(token.TrustDomain, Is.EqualTo("issuers"));
            Assert.That(request.Message.Principal.FindAll(ClaimTypes.Role).Select(claim => claim.Value), Is.EqualTo(["clerk", "reader"]));
            Assert.That(request.Message.Principal.HasClaim("urn:limit", "<100> & less"), Is.True);
        }

        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">3</sum>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        Assert.That(() => pending.VerifyReply(reply, parties.Context), Throws.Nothing);
    }

    [Test]
    public void Evidence_WhereTheSubjectSigns_HasNoOtherToken()
    {
        var parties = SamlTesting.Parties(
            Duplex with { InitiatorToken = SecurityTokenType.Saml }, SamlTesting.Issue(SamlTesting.HolderOfKey with { SubjectCertificate = TestKeys.Public(TestKeys.Stranger) }));
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = TestKeys.Stranger };
        using var request = parties.Verify(parties.Protect());
        var token = request.Message.Evidence.Tokens.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token, Is.InstanceOf<SamlVerifiedToken>());
            Assert.That(request.Message.Evidence.Signatures[0].Token, Is.SameAs(token));
        }
    }

    [Test]
    public void Exchange_OptionalAssertionIsMissing_Accepts()
    {
        var policy = Duplex with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Saml, Optional = true }] };
        var parties = SamlTesting.Parties(policy, SamlTesting.Issue(SamlTesting.HolderOfKey));
        parties.ClientCredentials = parties.ClientCredentials with { SamlAssertion = null };
        using var request = parties.Verify(parties.Protect());
        Assert.That(request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>(), Is.Empty);
    }

    [Test]
    public void Protect_BearerInClear_FailsWithBearerTokenNotProtected()
    {
        var parties = SamlTesting.Parties(SamlTesting.With(Duplex, SupportingTokenKind.Signed), SamlTesting.Issue(SamlTesting.Bearer));
        Assert.That(() => parties.Protect(), Refused.With(SecurityFailure.BearerTokenNotProtected));
    }

    [Test]
    public void Initiator_WithoutAssertion_IsRefused()
    {
        var parties = TestParties.Of(Symmetric);
        Assert.That(() => parties.Initiator, Throws.ArgumentException.With.Message.Contains("SamlAssertion"));
    }

    [Test]
    public void Recipient_WithoutIssuers_IsRefused()
    {
        var parties = TestParties.Of(Symmetric);
        Assert.That(() => parties.Recipient, Throws.ArgumentException.With.Message.Contains("SamlIssuers"));
    }

    [Test]
    public void Recipient_PolicyThatCannotBe_IsRefused()
    {
        SecurityPolicy[] policies =
        [
            Symmetric with { InitiatorToken = SecurityTokenType.Saml },
            Duplex with { InitiatorToken = SecurityTokenType.Username },
            Duplex with
            {
                InitiatorToken = SecurityTokenType.Saml,
                SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Saml, Optional = true }],
            },
            SamlTesting.With(Duplex, SupportingTokenKind.SignedEncrypted) with { InitiatorToken = SecurityTokenType.Saml, MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign },
            SamlTesting.With(Transport, SupportingTokenKind.Endorsing) with { IncludeTimestamp = false },
            Duplex with
            {
                SupportingTokens =
                [
                    new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Saml },
                    new SupportingToken { Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.Saml },
                ],
            },
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (var policy in policies)
            {
                var parties = SamlTesting.Parties(policy, SamlTesting.Issue(SamlTesting.HolderOfKey));
                Assert.That(() => parties.Recipient, Throws.ArgumentException);
            }
        }
    }
}
