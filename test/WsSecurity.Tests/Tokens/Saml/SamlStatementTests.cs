using System.Net;
using System.Security.Claims;
using NUnit.Framework;

namespace WsSecurity.Tests.Tokens.Saml;

/// <summary>What an assertion says of its subject, and when that holds.</summary>
public sealed class SamlStatementTests
{
    private const string BearerConfirmation = "<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/>";
    private const string Email = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    private const string ClaimProperties = "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/";

    [Test]
    public void Identity_OfName_HasItsFormatAndQualifiers()
    {
        using var request = Verify(SamlTesting.Written(
            BearerConfirmation,
            name: $"<NameID Format=\"{Email}\" NameQualifier=\"urn:a\" SPNameQualifier=\"urn:b\" SPProvidedID=\"c\">alice@example.com</NameID>"));
        var token = (SamlVerifiedToken)request.Message.Evidence.Tokens.Single();
        var claim = token.Identity.FindFirst(ClaimTypes.NameIdentifier)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Name, Is.EqualTo("alice@example.com"));
            Assert.That(token.NameFormat, Is.EqualTo(Email));
            Assert.That(token.Identity.Name, Is.EqualTo("alice@example.com"));
            Assert.That(claim.Properties[ClaimProperties + "format"], Is.EqualTo(Email));
            Assert.That(claim.Properties[ClaimProperties + "namequalifier"], Is.EqualTo("urn:a"));
            Assert.That(claim.Properties[ClaimProperties + "spnamequalifier"], Is.EqualTo("urn:b"));
            Assert.That(claim.Properties[ClaimProperties + "spprovidedid"], Is.EqualTo("c"));
            Assert.That(claim.Issuer, Is.EqualTo("issuers"));
            Assert.That(claim.OriginalIssuer, Is.EqualTo(SamlTesting.Issuer));
        }
    }

    // .NET's issuers name the subject in an attribute alone.
    [TestCase("", null)]
    [TestCase("<NameID>_opaque</NameID>", "_opaque")]
    public void Identity_OfNameInAnAttribute_HasThatName(string nameId, string? identifier)
    {
        using var request = Verify(SamlTesting.Written(
            BearerConfirmation, name: nameId, statements: $"<AttributeStatement><Attribute Name=\"{ClaimTypes.Name}\"><AttributeValue>Alice</AttributeValue></Attribute></AttributeStatement>"));
        var token = request.Message.Evidence.Tokens.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Name, Is.EqualTo(identifier ?? "Alice"));
            Assert.That(token.Identity.Name, Is.EqualTo("Alice"));
            Assert.That(token.Identity.FindFirst(ClaimTypes.NameIdentifier)?.Value, Is.EqualTo(identifier));
        }
    }

    [TestCase(SamlVersion.Saml20)]
    [TestCase(SamlVersion.Saml11)]
    public void Identity_OfAuthentication_SaysHowAndWhen(SamlVersion version)
    {
        var assertion = SamlTesting.Issue(SamlTesting.Bearer with
        {
            Version = version,
            SubjectFormat = Email,
            AuthenticationMethod = "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
            AuthenticationInstant = TestKeys.Now.AddMinutes(-3),
            Claims = [new Claim(ClaimTypes.Role, "clerk")],
        });
        using var request = Verify(assertion);
        var token = (SamlVerifiedToken)request.Message.Evidence.Tokens.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.NameFormat, Is.EqualTo(Email));
            Assert.That(token.Identity.FindFirst(ClaimTypes.AuthenticationMethod)!.Value, Is.EqualTo("urn:oasis:names:tc:SAML:2.0:ac:classes:X509"));
            Assert.That(token.Identity.FindFirst(ClaimTypes.AuthenticationInstant)!.Value, Is.EqualTo("2026-06-01T11:57:00.000Z"));
            Assert.That(token.Identity.HasClaim(ClaimTypes.Role, "clerk"), Is.True);
        }
    }

    [TestCase("AuthnInstant=\"2026-06-01T12:05:00Z\"", null)]
    [TestCase("AuthnInstant=\"2026-06-01T12:05:01Z\"", SecurityFailure.AssertionNotYetValid)]
    [TestCase("AuthnInstant=\"2026-06-01T11:00:00Z\" SessionNotOnOrAfter=\"2026-06-01T11:55:01Z\"", null)]
    [TestCase("AuthnInstant=\"2026-06-01T11:00:00Z\" SessionNotOnOrAfter=\"2026-06-01T11:55:00Z\"", SecurityFailure.AssertionExpired)]
    [TestCase("", SecurityFailure.InvalidSecurityToken)]
    public void Verify_SessionOfTheSubject_IsAskedFor(string times, SecurityFailure? failure) => Expect(
        failure, SamlTesting.Written(BearerConfirmation, statements: $"<AuthnStatement {times}><SubjectLocality Address=\"::1\"/><AuthnContext/></AuthnStatement>"));

    [TestCase("<OneTimeUse/>", null)]
    [TestCase("<ProxyRestriction Count=\"0\"/>", null)]
    [TestCase("<AudienceRestriction><Audience>urn:service</Audience><Audience>urn:other</Audience></AudienceRestriction>", null)]
    [TestCase("<AudienceRestriction><Audience>urn:other</Audience></AudienceRestriction>", SecurityFailure.AudienceMismatch)]
    [TestCase("<AudienceRestriction><Audience>URN:service</Audience></AudienceRestriction>", SecurityFailure.AudienceMismatch)]
    [TestCase("<AudienceRestriction/>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<x:Other xmlns:x=\"urn:x\"/>", SecurityFailure.UnsupportedSecurityToken)]
    public void Verify_Conditions_AreAllKept(string conditions, SecurityFailure? failure) => Expect(failure, SamlTesting.Written(BearerConfirmation, conditions));

    [Test]
    public void Verify_ConditionsTwice_FailsWithInvalidSecurityToken() =>
        Expect(SecurityFailure.InvalidSecurityToken, SamlTesting.Written(BearerConfirmation, statements: "<Conditions NotOnOrAfter=\"2099-01-01T00:00:00Z\"/>"));

    [Test]
    public void Verify_Advice_IsIgnored() =>
        Expect(null, SamlTesting.Written(BearerConfirmation, statements: "<Advice><x:Anything xmlns:x=\"urn:x\"/></Advice>"));

    [Test]
    public void Verify_SubjectWithNothing_FailsWithInvalidSecurityToken() => Expect(SecurityFailure.InvalidSecurityToken, SamlTesting.Written("", name: ""));

    [Test]
    public void Verify_OneTimeUseWithoutEnd_FailsWithInvalidSecurityToken() =>
        Expect(SecurityFailure.InvalidSecurityToken, SamlTesting.Written(BearerConfirmation, "<OneTimeUse/>").Replace(" NotOnOrAfter=\"2026-06-01T13:00:00Z\"", "", StringComparison.Ordinal));

    // A service sends no SAML requests, so that nothing could be an answer to one.
    [TestCase("InResponseTo=\"_request\"", null, SecurityFailure.SubjectConfirmationFailed)]
    [TestCase("Address=\"192.0.2.1\"", null, SecurityFailure.SubjectConfirmationFailed)]
    [TestCase("Address=\"192.0.2.1\"", "192.0.2.2", SecurityFailure.SubjectConfirmationFailed)]
    [TestCase("Address=\"192.0.2.1\"", "192.0.2.1", null)]
    [TestCase("Address=\"2001:db8::1\"", "2001:db8:0:0:0:0:0:1", null)]
    [TestCase("Address=\"client.example\"", "192.0.2.1", SecurityFailure.SubjectConfirmationFailed)]
    public void Verify_ConfirmationBoundToRequestOrAddress_HoldsOnlyThere(string limits, string? remote, SecurityFailure? failure) => Expect(
        failure,
        SamlTesting.Written($"<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><SubjectConfirmationData {limits}/></SubjectConfirmation>"),
        remote is null ? null : IPAddress.Parse(remote));

    private static void Expect(SecurityFailure? failure, string assertion, IPAddress? remote = null) =>
        Assert.That(() => Verify(assertion, remote).Dispose(), failure is { } expected ? Refused.With(expected) : Throws.Nothing);

    private static VerifiedRequest Verify(string assertion, IPAddress? remote = null) => Verify(SamlTesting.Sign(assertion), remote);

    private static VerifiedRequest Verify(SamlAssertionCredential assertion, IPAddress? remote = null)
    {
        var parties = SamlTesting.Parties(SecurityPolicy.IssuedTokenOverTransport, assertion);
        parties.Context = parties.Context with { RemoteAddress = remote };
        return parties.Verify(parties.Protect());
    }
}
