using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Time.Testing;
using WsSecurity.Signatures;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tokens.Saml;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Tokens.Saml;

/// <summary>An issuer of assertions for alice, a client that carries one, and a service that trusts the issuer.</summary>
internal static class SamlTesting
{
    public const string Issuer = "urn:issuer";
    public const string Audience = "urn:service";

    public static readonly XNamespace Saml2 = "urn:oasis:names:tc:SAML:2.0:assertion";

    public static readonly SamlAssertionDescription Bearer = new()
    {
        Subject = "alice",
        Audiences = [Audience],
        Claims = [new Claim(ClaimTypes.Role, "clerk"), new Claim(ClaimTypes.Role, "reader"), new Claim("urn:limit", "<100> & less")],
    };

    public static readonly SamlAssertionDescription SenderVouches = Bearer with { ConfirmationMethod = SamlConfirmationMethod.SenderVouches };

    /// <summary>By a CA that the service does not know: an issuer is trusted for its own certificate.</summary>
    public static X509Certificate2 IssuerCertificate { get; } = TestKeys.Issue("CN=issuer,O=WsSecurity", TestKeys.OtherCa);

    public static SamlAssertionDescription HolderOfKey { get; } = Bearer with
    {
        ConfirmationMethod = SamlConfirmationMethod.HolderOfKey,
        SubjectCertificate = TestKeys.Public(TestKeys.Client),
    };

    public static SamlAssertionDescription Of(SamlConfirmationMethod method) => method switch
    {
        SamlConfirmationMethod.Bearer => Bearer,
        SamlConfirmationMethod.HolderOfKey => HolderOfKey,
        _ => SenderVouches,
    };

    public static SamlAssertionCredential Issue(SamlAssertionDescription description, TimeSpan age = default, X509Certificate2? certificate = null, string issuer = Issuer) =>
        new SamlAssertionIssuer(issuer, certificate ?? IssuerCertificate, timeProvider: new FakeTimeProvider(TestKeys.Now - age)).Issue(description);

    public static SecurityPolicy With(SecurityPolicy policy, SupportingTokenKind kind) => policy with
    {
        SupportingTokens = [new SupportingToken { Kind = kind, Type = SecurityTokenType.Saml }],
    };

    public static SecurityCredentials Trusting(SecurityCredentials service, bool mayVouch = false) => service with
    {
        Audiences = [Audience],
        TrustDomains =
        [
            service.TrustDomains[0] with { MayVouch = mayVouch },
            new TrustDomain { Name = "issuers", SamlIssuers = [new SamlIssuer(Issuer, TestKeys.Public(IssuerCertificate))] },
        ],
    };

    public static TestParties Parties(SecurityPolicy policy, SamlAssertionCredential assertion, bool mayVouch = false)
    {
        var parties = Presets.Parties(policy);
        parties.ClientCredentials = parties.ClientCredentials with { SamlAssertion = assertion };
        parties.ServiceCredentials = Trusting(parties.ServiceCredentials, mayVouch);
        return parties;
    }

    /// <summary>Signs an assertion that the issuer's API would not write.</summary>
    public static SamlAssertionCredential Sign(string assertion)
    {
        var suite = AlgorithmSuite.Basic256GCMSha256;
        var key = Forgery.KeyOf(IssuerCertificate);
        using var index = XmlIndex.Scan(Encoding.UTF8.GetBytes(assertion), ProcessingLimits.Default);
        var octets = CanonicalOctets.Of(index.Root, CanonicalizationMethod.Exclusive, PrefixList.Empty);
        var reference = new OutgoingReference(SamlAssertionReader.IdOf(index.Root)!, PrefixList.Empty, suite.Digest.Hash(octets.Span), IsEnveloped: true);
        var (signature, _) = SignatureWriter.Write("SIG-test", suite.SignatureFor(key), key, suite.Digest, [reference], writer => writer.Text("none"));
        return SamlAssertionCredential.Parse(Encoding.UTF8.GetBytes(assertion.Insert(assertion.LastIndexOf("</", StringComparison.Ordinal), Encoding.UTF8.GetString(signature))));
    }

    /// <summary>A SAML 2.0 assertion about alice that is not signed yet.</summary>
    public static string Written(string confirmations, string conditions = "", string statements = "", string name = "<NameID>alice</NameID>") =>
        "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_1\" IssueInstant=\"2026-06-01T12:00:00Z\" Version=\"2.0\"><Issuer>urn:issuer</Issuer>"
        + $"<Subject>{name}{confirmations}</Subject><Conditions NotOnOrAfter=\"2026-06-01T13:00:00Z\"><AudienceRestriction><Audience>urn:service</Audience></AudienceRestriction>{conditions}</Conditions>{statements}</Assertion>";

    /// <summary>A holder-of-key confirmation by what stands in its KeyInfo.</summary>
    public static string ByKey(string key) =>
        "<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:holder-of-key\"><SubjectConfirmationData>"
        + $"<d:KeyInfo xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\">{key}</d:KeyInfo></SubjectConfirmationData></SubjectConfirmation>";

    public static XElement Assertion(Wire wire) => wire.Find(Saml2 + "Assertion");
}
