using NUnit.Framework;
using WsSecurity.Tests.Tokens.Custom;

namespace WsSecurity.Tests.Tokens.Saml;

/// <summary>What a policy demands of an issued token: who gives it, whose key it has, and what it says.</summary>
public sealed class IssuedTokenTests
{
    private static readonly SamlAssertionDescription ByProofKey = SamlTesting.Bearer with
    {
        ConfirmationMethod = SamlConfirmationMethod.HolderOfKey,
        ProofKeyRecipient = TestKeys.Public(TestKeys.Service),
    };

    [Test]
    public async Task Exchange_ByTheKeyOfAnAssertionThatAProviderGives_IsAnsweredAndTellsTheProviderWhatIsDemanded()
    {
        var issued = new IssuedTokenParameters { KeyType = IssuedTokenKeyType.SymmetricKey, IssuerAddress = "https://sts.example/", AdditionalRequestParameters = ["<a/>"] };
        var parties = SamlTesting.Parties(With(SecurityPolicy.IssuedToken, SupportingTokenKind.Supporting, issued), SamlTesting.Issue(ByProofKey));
        SupportingToken? asked = null;
        var provider = new JwtTesting.Provider((token, _) =>
        {
            asked = token;
            return ValueTask.FromResult<SecurityTokenCredential?>(SamlTesting.Issue(ByProofKey));
        });
        parties.ClientCredentials = parties.ClientCredentials with { SamlAssertion = null, TokenProvider = provider, Certificate = null };
        parties.Context = new MessageContext { Tokens = await parties.Initiator.AcquireTokensAsync(null) };

        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Attacks.Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">3</sum>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));

        Assert.That(() => pending.VerifyReply(reply, parties.Context), Throws.Nothing);
        Assert.That(asked?.IssuedTokenParameters, Is.EqualTo(issued));
    }

    [Test]
    public void Protect_ProviderThatGivesNoProofKey_WritesNothing()
    {
        var parties = SamlTesting.Parties(SecurityPolicy.IssuedToken, SamlTesting.Issue(ByProofKey));
        parties.ClientCredentials = parties.ClientCredentials with
        {
            SamlAssertion = null,
            TokenProvider = new JwtTesting.Provider((_, _) => ValueTask.FromResult<SecurityTokenCredential?>(SamlTesting.Issue(SamlTesting.HolderOfKey))),
        };
        parties.Context = new MessageContext { Tokens = parties.Initiator.AcquireTokensAsync(null).AsTask().GetAwaiter().GetResult() };
        Assert.That(() => parties.Protect(), Throws.InvalidOperationException.With.Message.Contains("ProofKey"));
    }

    [TestCase(IssuedTokenKeyType.SymmetricKey)]
    [TestCase(IssuedTokenKeyType.PublicKey)]
    public void Verify_KeyOfTheDemandedType_IsAccepted(IssuedTokenKeyType type)
    {
        using var request = Deliver(Endorsing(new IssuedTokenParameters { KeyType = type, KeySize = 256 }), type);
        Assert.That(request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>().Single().ConfirmationMethod, Is.EqualTo(SamlConfirmationMethod.HolderOfKey));
    }

    [TestCase(IssuedTokenKeyType.SymmetricKey, IssuedTokenKeyType.PublicKey, null)]
    [TestCase(IssuedTokenKeyType.PublicKey, IssuedTokenKeyType.SymmetricKey, null)]
    [TestCase(IssuedTokenKeyType.SymmetricKey, IssuedTokenKeyType.SymmetricKey, 512)]
    [TestCase(IssuedTokenKeyType.PublicKey, IssuedTokenKeyType.PublicKey, 8192)]
    public void Verify_KeyOfAnotherTypeOrTooShort_IsRefused(IssuedTokenKeyType demanded, IssuedTokenKeyType sent, int? bits) =>
        Assert.That(
            () => Deliver(Endorsing(new IssuedTokenParameters { KeyType = demanded, KeySize = bits }), sent),
            Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.SubjectConfirmationFailed));

    [Test]
    public void Verify_BearerWhereAKeyIsDemanded_IsRefused() =>
        Assert.That(
            () => Deliver(With(SecurityPolicy.IssuedTokenOverTransport, SupportingTokenKind.Endorsing, new IssuedTokenParameters { KeyType = IssuedTokenKeyType.PublicKey }), IssuedTokenKeyType.Bearer),
            Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.SubjectConfirmationFailed));

    [Test]
    public void Verify_OptionalClaimThatIsMissing_IsAccepted() =>
        Assert.That(
            () => Deliver(
                Endorsing(new IssuedTokenParameters { ClaimTypeRequirements = [new ClaimTypeRequirement("urn:limit"), new ClaimTypeRequirement("urn:missing", Optional: true)] }), IssuedTokenKeyType.PublicKey).Dispose(),
            Throws.Nothing);

    [Test]
    public void Protect_AssertionOfAnotherVersionOrKey_WritesNothing()
    {
        var version = SamlTesting.Parties(Version(SamlVersion.Saml11), SamlTesting.Issue(SamlTesting.Bearer));
        Assert.That(() => version.Protect(), Throws.InvalidOperationException.With.Message.Contains("Saml11"));

        var key = SamlTesting.Parties(Endorsing(new IssuedTokenParameters { KeyType = IssuedTokenKeyType.SymmetricKey }), SamlTesting.Issue(SamlTesting.HolderOfKey));
        Assert.That(() => key.Protect(), Throws.InvalidOperationException.With.Message.Contains("ProofKey"));
    }

    private static IEnumerable<TestCaseData> Contradictions()
    {
        yield return Case(new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username, SamlVersion = SamlVersion.Saml20 }, "SamlVersion");
        yield return Case(new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username, IssuedTokenParameters = new IssuedTokenParameters() }, "IssuedTokenParameters");
        yield return Case(Token(SupportingTokenKind.Endorsing, new IssuedTokenParameters { KeyType = IssuedTokenKeyType.Bearer }), "no key to endorse with");
        yield return Case(Token(SupportingTokenKind.Signed, new IssuedTokenParameters { KeyType = IssuedTokenKeyType.PublicKey }), "a kind that endorses");
        yield return Case(Token(SupportingTokenKind.Signed, new IssuedTokenParameters { KeySize = 128 }), "KeySize");
        yield return Case(Token(SupportingTokenKind.Signed, new IssuedTokenParameters { ClaimTypeRequirements = [new ClaimTypeRequirement(string.Empty)] }), "claim");
        yield return Case(Token(SupportingTokenKind.Signed, new IssuedTokenParameters { IssuerDetails = ["<a/>"] }), "IssuerAddress");
        yield return Case(new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Custom, Name = "Jwt", IssuedTokenParameters = new IssuedTokenParameters { IssuerName = "urn:a" } }, "handler knows");

        static TestCaseData Case(SupportingToken token, string reason) => new TestCaseData(token, reason).SetArgDisplayNames(reason);
    }

    [TestCaseSource(nameof(Contradictions))]
    public void Role_PolicyThatContradictsItself_IsRefused(SupportingToken token, string reason) =>
        Assert.That(
            () => _ = TestParties.Of(SecurityPolicy.AnonymousOverTransport with { SupportingTokens = [token] }).Recipient,
            Throws.ArgumentException.With.Message.Contains(reason));

    private static SupportingToken Token(SupportingTokenKind kind, IssuedTokenParameters issued) => new() { Kind = kind, Type = SecurityTokenType.Saml, IssuedTokenParameters = issued };

    private static SecurityPolicy With(SecurityPolicy policy, SupportingTokenKind kind, IssuedTokenParameters issued) => policy with { SupportingTokens = [Token(kind, issued)] };

    private static SecurityPolicy Endorsing(IssuedTokenParameters issued) => With(SecurityPolicy.IssuedTokenOverTransport, SupportingTokenKind.Endorsing, issued);

    private static SecurityPolicy Version(SamlVersion version) =>
        SecurityPolicy.IssuedTokenOverTransport with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Saml, SamlVersion = version }] };

    // A client that leaves the demands out, and sends what it has.
    private static VerifiedRequest Deliver(SecurityPolicy policy, IssuedTokenKeyType sent)
    {
        var parties = SamlTesting.Parties(policy, SamlTesting.Issue(sent switch
        {
            IssuedTokenKeyType.SymmetricKey => ByProofKey,
            IssuedTokenKeyType.PublicKey => SamlTesting.HolderOfKey,
            _ => SamlTesting.Bearer,
        }));
        parties.ClientPolicy = With(SecurityPolicy.IssuedTokenOverTransport, sent == IssuedTokenKeyType.Bearer ? SupportingTokenKind.Signed : SupportingTokenKind.Endorsing, new IssuedTokenParameters());
        return parties.Verify(parties.Protect());
    }
}
