using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace WsSecurity.Tests.Vectors;

/// <summary>
/// Messages with SAML assertions, derived from WSS4J's keys (shared/vectors/saml-derived, expected.tsv); each accepted one verifies with xmlsec1, too.
/// </summary>
[VectorFixture]
public sealed class SamlMessageTests
{
    private const string RoleClaim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/role";

    private static readonly SecurityPolicy OverTransport = SecurityPolicy.IssuedTokenOverTransport;

    private static readonly SecurityPolicy BySubject = SecurityPolicy.CertificateSignature with { InitiatorToken = SecurityTokenType.Saml };

    private static readonly SecurityPolicy ByVoucher = SecurityPolicy.CertificateSignature with
    {
        SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Saml }],
    };

    private static readonly object[] Accepted =
    [
        new object[] { "saml2-bearer-valid", OverTransport, SamlConfirmationMethod.Bearer },
        new object[] { "saml2-hok-valid", BySubject, SamlConfirmationMethod.HolderOfKey },
        new object[] { "saml2-sv-valid", ByVoucher, SamlConfirmationMethod.SenderVouches },
        new object[] { "saml11-bearer-valid", OverTransport, SamlConfirmationMethod.Bearer },
        new object[] { "saml11-hok-valid", BySubject, SamlConfirmationMethod.HolderOfKey },
        new object[] { "saml2-onetimeuse", OverTransport, SamlConfirmationMethod.Bearer },
    ];

    [TestCaseSource(nameof(Accepted))]
    public void Verify_RightAssertion_NamesSubjectAndRole(string name, SecurityPolicy policy, SamlConfirmationMethod method)
    {
        using var request = Recipient(policy).VerifyRequest(Read(name), Tls);
        var token = request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Name, Is.EqualTo("alice"));
            Assert.That(token.ConfirmationMethod, Is.EqualTo(method));
            Assert.That(token.Issuer, Is.EqualTo("http://sts.example/issuer"));
            Assert.That(token.TrustDomain, Is.EqualTo(method == SamlConfirmationMethod.SenderVouches ? "gateways" : "issuers"));
            Assert.That(request.Message.Principal.HasClaim(RoleClaim, "clerk"), Is.True);
        }
    }

    [TestCase("neg-saml2-expired", SecurityFailure.AssertionExpired)]
    [TestCase("neg-saml2-not-yet-valid", SecurityFailure.AssertionNotYetValid)]
    [TestCase("neg-saml2-wrong-audience", SecurityFailure.AudienceMismatch)]
    [TestCase("neg-saml2-unsigned-bearer", SecurityFailure.AssertionNotSigned)]
    [TestCase("neg-saml2-untrusted-issuer-key", SecurityFailure.IssuerNotTrusted)]
    [TestCase("neg-saml2-tampered-role", SecurityFailure.DigestMismatch)]
    [TestCase("neg-saml2-signature-stripped", SecurityFailure.AssertionNotSigned)]
    [TestCase("neg-saml2-hok-no-proof", SecurityFailure.SubjectConfirmationFailed)]
    [TestCase("xsw-saml2-same-id-duplicate", SecurityFailure.DuplicateId)]
    [TestCase("xsw-saml2-original-in-evil-signature-object", SecurityFailure.InvalidSignatureStructure)]
    public void Verify_WrongAssertion_FailsByItsName(string name, SecurityFailure failure) =>
        Assert.That(() => Recipient(OverTransport).VerifyRequest(Read(name), Tls), Refused.With(failure));

    [Test]
    public void Verify_OneTimeUseTwice_FailsWithMessageReplayed()
    {
        var recipient = Recipient(OverTransport);
        recipient.VerifyRequest(Read("saml2-onetimeuse"), Tls).Dispose();
        Assert.That(() => recipient.VerifyRequest(Read("saml2-onetimeuse"), Tls), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void Verify_VoucherWhoMayNotVouch_FailsWithSubjectConfirmationFailed() =>
        Assert.That(() => Recipient(ByVoucher, mayVouch: false).VerifyRequest(Read("saml2-sv-valid"), Tls), Refused.With(SecurityFailure.SubjectConfirmationFailed));

    [Test]
    public void Verify_SubjectSignsWhereACertificateMust_FailsWithSignatureMissing() =>
        Assert.That(() => Recipient(ByVoucher).VerifyRequest(Read("saml2-hok-valid"), Tls), Refused.With(SecurityFailure.SignatureMissing));

    [Test]
    public void Verify_AssertionOfNoPolicy_FailsWithUnsupportedSecurityToken() =>
        Assert.That(
            () => Recipient(SecurityPolicy.CertificateSignature).VerifyRequest(Read("saml2-sv-valid"), Tls),
            Refused.With(SecurityFailure.UnsupportedSecurityToken));

    [Test]
    public void Verify_BearerWithoutTls_FailsWithBearerTokenNotProtected() =>
        Assert.That(
            () => Recipient(OverTransport with { AllowInsecureTransport = true }).VerifyRequest(Read("saml2-bearer-valid"), MessageContext.Empty),
            Refused.With(SecurityFailure.BearerTokenNotProtected));

    private static readonly MessageContext Tls = new() { IsTransportProtected = true };

    private static byte[] Read(string name) => File.ReadAllBytes(SharedVectors.Require($"saml-derived/{name}.xml"));

    private static Recipient Recipient(SecurityPolicy policy, bool mayVouch = true)
    {
        var issuer = X509Certificate2.CreateFromPem(File.ReadAllText(SharedVectors.Require("wss4j/keys/stax-issuer.samlissuer.cert.pem")));
        var ca = X509Certificate2.CreateFromPem(File.ReadAllText(SharedVectors.Require("wss4j/keys/wss40.wss40ca.cert.pem")));
        var credentials = new SecurityCredentials
        {
            Certificate = TestKeys.Service,
            Audiences = ["https://service.example/"],
            TrustDomains =
            [
                new TrustDomain { Name = "gateways", Anchors = [ca], MayVouch = mayVouch },
                new TrustDomain { Name = "issuers", SamlIssuers = [new SamlIssuer("http://sts.example/issuer", issuer)] },
            ],
        };
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 0, 35, 0, TimeSpan.Zero));
        return new Recipient(policy, credentials, new SecurityServices { TimeProvider = time });
    }
}
