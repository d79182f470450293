using NUnit.Framework;
using static WsSecurity.Tests.Policy.WsSecurityPolicy.PolicyXml;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>Supporting tokens of every kind, SAML and issued tokens (WS-SecurityPolicy 1.3, sections 5.4.2, 5.4.8 and 8), read and written.</summary>
internal sealed class SupportingTokenAssertionTests
{
    private const string Parts = "<sp:SignedParts><sp:Body/></sp:SignedParts><sp:EncryptedParts><sp:Body/></sp:EncryptedParts><sp:Wss11><wsp:Policy/></sp:Wss11>";
    private const string Trust = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
    private const string Saml20 = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0";
    private const string Identity = "http://schemas.xmlsoap.org/ws/2005/05/identity";

    private static IEnumerable<SupportingTokenKind> Kinds => Enum.GetValues<SupportingTokenKind>();

    [Test]
    public void FromWsdl_TokensOfEveryKind_KeepTheirKind([ValueSource(nameof(Kinds))] SupportingTokenKind kind, [Values] bool isOptional)
    {
        var optional = isOptional ? " wsp:Optional='true'" : string.Empty;
        var name = kind == SupportingTokenKind.Supporting ? "SupportingTokens" : $"{kind}SupportingTokens";
        var policy = Import(
            Symmetric() + Parts + $"<sp:{name}{optional}><wsp:Policy>{X509("AlwaysToRecipient")}</wsp:Policy></sp:{name}><sp:{name}{optional}><wsp:Policy>{Saml("<sp:WssSamlV20Token11/>")}</wsp:Policy></sp:{name}>");
        var tokens = WsSecurity.Policy.SecurityBinding.For(policy).Tokens;
        Assert.That(tokens.Select(token => (token.Type, token.Kind, token.Optional)), Is.EqualTo(new[] { (SecurityTokenType.X509, kind, isOptional), (SecurityTokenType.Saml, kind, isOptional) }));
        Assert.That(Import(policy.ToWsPolicy()), Is.EqualTo(policy));
    }

    [TestCase("<sp:WssSamlV11Token10/>", SamlVersion.Saml11)]
    [TestCase("<sp:WssSamlV11Token11/><sp:RequireKeyIdentifierReference/>", SamlVersion.Saml11)]
    [TestCase("<sp:WssSamlV20Token11/>", SamlVersion.Saml20)]
    [TestCase("", null)]
    public void FromWsdl_SamlToken_DemandsItsVersion(string nested, SamlVersion? version) =>
        Assert.That(Import(Transport() + Supporting("SignedSupportingTokens", Saml(nested))), Is.EqualTo(SecurityPolicy.IssuedTokenOverTransport with
        {
            MessageSecurityVersion = MessageSecurityVersion.Wss10,
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256,
            SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Saml, SamlVersion = version }],
        }));

    [Test]
    public void FromWsdl_IssuedToken_KeepsWhatItsIssuerIsAsked()
    {
        var token = Issued(
            $"<t:TokenType>{Saml20}</t:TokenType><t:KeyType>{Trust}/PublicKey</t:KeyType><t:KeySize>2048</t:KeySize>"
            + $"<t:Claims Dialect='{Identity}'><i:ClaimType xmlns:i='{Identity}' Uri='urn:role'/><i:ClaimType xmlns:i='{Identity}' Uri='urn:age' Optional='true'/></t:Claims><x:Scope xmlns:x='urn:x'><x:In>all</x:In></x:Scope>",
            "<sp:Issuer><a:Address xmlns:a='http://www.w3.org/2005/08/addressing'>https://sts.example/</a:Address><x:Identity xmlns:x='urn:x'/></sp:Issuer><sp:IssuerName>urn:issuer</sp:IssuerName>");
        var policy = Import(Transport() + Supporting("EndorsingSupportingTokens", token));
        Assert.That(policy.AuthenticationMode, Is.EqualTo(AuthenticationMode.IssuedTokenOverTransport));
        Assert.That(policy.SupportingTokens, Is.EqualTo(new[]
        {
            new SupportingToken
            {
                Kind = SupportingTokenKind.Endorsing,
                Type = SecurityTokenType.Saml,
                SamlVersion = SamlVersion.Saml20,
                IssuedTokenParameters = new IssuedTokenParameters
                {
                    KeyType = IssuedTokenKeyType.PublicKey,
                    KeySize = 2048,
                    ClaimTypeRequirements = [new ClaimTypeRequirement("urn:role"), new ClaimTypeRequirement("urn:age", Optional: true)],
                    IssuerAddress = "https://sts.example/",
                    IssuerDetails = ["<x:Identity xmlns:x=\"urn:x\" />"],
                    IssuerName = "urn:issuer",
                    AdditionalRequestParameters = ["<x:Scope xmlns:x=\"urn:x\"><x:In>all</x:In></x:Scope>"],
                },
            },
        }));
        Assert.That(Import(policy.ToWsPolicy()), Is.EqualTo(policy));
    }

    [Test]
    public void FromWsdl_IssuedTokenThatProtects_IsIssuedToken()
    {
        var policy = Import(Symmetric().Replace(X509("Never"), Issued($"<t:KeyType>{Trust}/SymmetricKey</t:KeyType>", nested: "<sp:RequireDerivedKeys/>"), StringComparison.Ordinal) + Parts);
        Assert.That(policy.AuthenticationMode, Is.EqualTo(AuthenticationMode.IssuedToken));
        Assert.That(policy.SupportingTokens.Single().IssuedTokenParameters?.KeyType, Is.EqualTo(IssuedTokenKeyType.SymmetricKey));
        Assert.That(Import(policy.ToWsPolicy()), Is.EqualTo(policy));
    }

    [Test]
    public void FromWsdl_AssertionThatSignsRequests_IsTheInitiatorToken()
    {
        var policy = Import(Asymmetric().Replace(X509("AlwaysToRecipient"), Saml("<sp:WssSamlV20Token11/>"), StringComparison.Ordinal) + Parts);
        Assert.That((policy.AuthenticationMode, policy.InitiatorToken), Is.EqualTo((AuthenticationMode.MutualCertificateDuplex, SecurityTokenType.Saml)));
        Assert.That(Import(policy.ToWsPolicy()), Is.EqualTo(policy));
    }

    [Test]
    public void FromWsdl_IssuedTokenOfTheTransport_IsReadAsCxfDoes()
    {
        var import = Read(Wrap(Transport(token: $"<sp:TransportToken><wsp:Policy>{Issued($"<t:KeyType>{Trust}/PublicKey</t:KeyType>")}</wsp:Policy></sp:TransportToken>")));
        Assert.That(import.Policy?.SupportingTokens, Has.Exactly(1).Matches<SupportingToken>(token => token is { Type: SecurityTokenType.Saml, Kind: SupportingTokenKind.Endorsing }));
        Assert.That(import.Explanation, Has.Some.Contains("as Apache CXF does").And.Some.Contains("The issued token endorses"));
    }

    [Test]
    public void FromWsdl_IssuedTokenOfAnotherType_IsACustomOneOfThatName()
    {
        var policy = Import(Symmetric() + Parts + Supporting("SignedEncryptedSupportingTokens", Issued("<t:TokenType>urn:ietf:params:oauth:token-type:jwt</t:TokenType>")));
        Assert.That(policy.SupportingTokens.Single() is { Type: SecurityTokenType.Custom, Name: "urn:ietf:params:oauth:token-type:jwt" }, Is.True);
        Assert.That(Import(policy.ToWsPolicy()), Is.EqualTo(policy));
    }

    [Test]
    public void FromWsdl_EndorsingCertificateThatDerivesKeys_SaysThatNothingIsDerived() =>
        Assert.That(Read(Wrap(Transport() + Endorsing(nested: "<sp:RequireDerivedKeys/>"))).Explanation, Has.Some.Contains("from which nothing is derived"));

    [Test]
    public void FromWsdl_EndorsingCertificateThatTravelsOtherwise_HasItsOwnWords()
    {
        var policy = Import(Asymmetric() + Endorsing("Never", "<sp:RequireThumbprintReference/>") + Parts);
        Assert.That(policy.SupportingTokens.Single() is { InclusionMode: SecurityTokenInclusionMode.Never, KeyReference: KeyReference.Thumbprint }, Is.True);
        Assert.That((policy.InclusionMode, policy.KeyReference), Is.EqualTo((SecurityTokenInclusionMode.Default, KeyReference.Default)));
        Assert.That(Import(policy.ToWsPolicy()), Is.EqualTo(policy));
    }

    [Test]
    public void FromWsdl_TokensOfOneOperation_AreItsOwnAndAreWrittenThere()
    {
        var policy = FromWsdl(Supporting("SignedSupportingTokens", Saml("<sp:WssSamlV20Token11/>")), string.Empty);
        Assert.That(policy.SupportingTokens.Single() is { Type: SecurityTokenType.Saml, Actions: ["urn:first"] }, Is.True);
        Assert.That(() => policy.ToWsPolicy(), Throws.InstanceOf<NotSupportedException>());

        var written = policy.ToMessageWsPolicy(isReply: false, "urn:first").ToString();
        Assert.That(written, Does.Contain("SamlToken"));
        Assert.That(policy.ToMessageWsPolicy(isReply: false, "urn:second").ToString() + policy.ToMessageWsPolicy(isReply: true, "urn:first") + policy.ToEndpointWsPolicy(), Does.Not.Contain("SamlToken"));
    }

    [Test]
    public void FromWsdl_TokensOfRepliesAlone_AreRefused() =>
        Assert.That(() => FromWsdl(string.Empty, Supporting("SignedSupportingTokens", Saml(string.Empty))), Throws.InstanceOf<PolicyImportException>().With.Message.Contains("only requests carry tokens"));

    [TestCase("<sp:IssuedToken><wsp:Policy/></sp:IssuedToken>", "has no sp:RequestSecurityTokenTemplate")]
    [TestCase("<sp:IssuedToken><sp:RequestSecurityTokenTemplate/><wsp:Policy><sp:RequireExternalReference/></wsp:Policy></sp:IssuedToken>", "sp:IssuedToken/sp:RequireExternalReference")]
    [TestCase("<sp:IssuedToken><sp:Issuer/><sp:RequestSecurityTokenTemplate/><wsp:Policy/></sp:IssuedToken>", "has no address")]
    [TestCase("<sp:IssuedToken><sp:Other/><sp:RequestSecurityTokenTemplate/><wsp:Policy/></sp:IssuedToken>", "sp:IssuedToken/sp:Other")]
    [TestCase("<sp:IssuedToken><sp:RequestSecurityTokenTemplate TrustVersion='urn:trust'/><wsp:Policy/></sp:IssuedToken>", "WS-Trust that is not known")]
    [TestCase("<sp:IssuedToken sp:IncludeToken='" + Sp12 + "/IncludeToken/Never'><sp:RequestSecurityTokenTemplate/><wsp:Policy/></sp:IssuedToken>", "an assertion travels with requests")]
    [TestCase("<sp:SamlToken><wsp:Policy><sp:WssSamlV11Token10/><sp:WssSamlV20Token11/></wsp:Policy></sp:SamlToken>", "sp:SamlToken/sp:WssSamlV20Token11")]
    [TestCase("<sp:SamlToken><wsp:Policy><sp:RequireImpliedDerivedKeys/></wsp:Policy></sp:SamlToken>", "sp:SamlToken/sp:RequireImpliedDerivedKeys")]
    [TestCase("<sp:SamlToken><sp:IssuerName>urn:a</sp:IssuerName></sp:SamlToken>", "has sp:IssuerName")]
    [TestCase("<sp:X509Token sp:IncludeToken='" + Sp12 + "/IncludeToken/Never'><wsp:Policy/></sp:X509Token>", "travels with requests")]
    [TestCase("<sp:X509Token><wsp:Policy><sp:RequireThumbprintReference/></wsp:Policy></sp:X509Token>", "must be named by Thumbprint")]
    public void ReadAll_TokenThatIsNotSupported_IsRefused(string token, string reason) =>
        Assert.That(Read(Wrap(Symmetric() + Parts + Supporting("SignedSupportingTokens", token))).Refusal?.Unsupported, Has.Some.Contains(reason));

    [TestCase("<t:TokenType>http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512/sct</t:TokenType>", "ws-secureconversation/200512/sct', which is not supported")]
    [TestCase("<t:KeyType>urn:other</t:KeyType>", "'urn:other' is not supported")]
    [TestCase("<t:KeySize>many</t:KeySize>", "no number of bits")]
    [TestCase("<t:Claims Dialect='urn:other'/>", "of the dialect 'urn:other'")]
    [TestCase("<t:Claims><x:ClaimType xmlns:x='urn:x'/></t:Claims>", "Claims/{urn:x}ClaimType")]
    public void ReadAll_TemplateThatCannotBeHonoured_IsRefused(string template, string reason) =>
        Assert.That(Read(Wrap(Symmetric() + Parts + Supporting("SignedEncryptedSupportingTokens", Issued(template)))).Refusal?.Unsupported, Has.Some.Contains(reason));

    [Test]
    public void ReadAll_ProofKeyThatDerivesWhereTheMessageDoesNot_IsRefused() =>
        Assert.That(
            Read(Wrap(Symmetric() + Parts + Supporting("EndorsingSupportingTokens", Issued($"<t:KeyType>{Trust}/SymmetricKey</t:KeyType>", nested: "<sp:RequireDerivedKeys/>")))).Refusal?.Unsupported,
            Has.Some.Contains("stands at one of the two alone"));

    [TestCase("PublicKey of the assertion; KeyType SymmetricKey", true)]
    [TestCase("SymmetricKey of the assertion; KeyType Bearer", false)]
    public void ReadAll_KeyTypeThatDoesNotProtect_IsRefused(string reason, bool isAsymmetric)
    {
        var policy = isAsymmetric
            ? Asymmetric().Replace(X509("AlwaysToRecipient"), Issued($"<t:KeyType>{Trust}/SymmetricKey</t:KeyType>"), StringComparison.Ordinal)
            : Symmetric().Replace(X509("Never"), Issued($"<t:KeyType>{Trust}/Bearer</t:KeyType>"), StringComparison.Ordinal);
        Assert.That(Read(Wrap(policy + Parts)).Refusal?.Unsupported, Has.Some.Contains(reason));
    }

    private static string Saml(string nested) => $"<sp:SamlToken><wsp:Policy>{nested}</wsp:Policy></sp:SamlToken>";

    private static string Issued(string template, string parameters = "", string nested = "<sp:RequireInternalReference/>") =>
        $"<sp:IssuedToken>{parameters}<sp:RequestSecurityTokenTemplate xmlns:t='{Trust}'>{template}</sp:RequestSecurityTokenTemplate><wsp:Policy>{nested}</wsp:Policy></sp:IssuedToken>";

    private static string Supporting(string name, string token) => $"<sp:{name}><wsp:Policy>{token}</wsp:Policy></sp:{name}>";

    private static SecurityPolicy FromWsdl(string ofRequest, string ofReply)
    {
        using var reader = new StringReader($"""
            <w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:svc" targetNamespace="urn:svc">
              <w:binding name="B" type="t:Type">{Wrap(Transport() + "<sp:Wss11><wsp:Policy/></sp:Wss11>")}
                <w:operation name="First"><s:operation soapAction="urn:first"/><w:input>{Wrap(ofRequest)}</w:input><w:output>{Wrap(ofReply)}</w:output></w:operation>
                <w:operation name="Second"><s:operation soapAction="urn:second"/><w:input/><w:output/></w:operation>
              </w:binding>
            </w:definitions>
            """);
        return SecurityPolicy.FromWsdl(reader, "B");
    }
}
