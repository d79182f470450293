using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using WsSecurity.Policy;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Tests.Tokens.Saml;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>Two parties with whatever credentials a policy needs, found out from the policy alone; no Kerberos, and no custom tokens.</summary>
internal static class GenericParties
{
    private static readonly X509Certificate2[] Supporters = [TestKeys.Supporter, TestKeys.SignOnly, TestKeys.Client];

    /// <summary>Parties of whom the client may have a policy that says less.</summary>
    public static TestParties Of(SecurityPolicy policy, SecurityPolicy? clientPolicy = null)
    {
        // What every party says for itself: whether replays are found, and what binds a reply.
        var parties = TestParties.Of(Local(clientPolicy ?? policy), Local(policy));
        var binding = SecurityBinding.For(policy);
        parties.Context = new MessageContext { IsTransportProtected = binding.Kind == BindingKind.Transport || binding.Tokens.Any(NeedsTls) };
        parties.ClientCredentials = parties.ClientCredentials with
        {
            SupportingCertificates = Certificates(binding, SecurityBinding.For(clientPolicy ?? policy)),
            SamlAssertion = binding.Tokens.FirstOrDefault(token => token.Type == SecurityTokenType.Saml) is { } assertion ? Issue(policy, binding, assertion) : null,
        };
        parties.ServiceCredentials = SamlTesting.Trusting(parties.ServiceCredentials, mayVouch: true) with
        {
            PeerCertificates = [.. Supporters.Select(TestKeys.Public)],
            UsernameTokenValidator = new Validator(),
        };
        return parties;
    }

    /// <summary>An envelope that has what the policy demands to be there.</summary>
    public static byte[] Envelope(SecurityPolicy policy, bool isReply, string action)
    {
        var named = new[] { policy.RequiredParts, policy.SignedParts }.SelectMany(parts => parts?.Find(isReply, action)?.Headers ?? []).Where(name => name.Name is not null || !name.Namespace.Contains("addressing", StringComparison.Ordinal)).Distinct();
        var known = isReply
            ? $"<a:Action>{action}Response</a:Action><a:RelatesTo>urn:uuid:1</a:RelatesTo>"
            : $"<a:Action>{action}</a:Action><a:MessageID>urn:uuid:1</a:MessageID><a:To>http://service.example/calc</a:To>";
        var headers = known + string.Concat(named.Where(name => !known.Contains($":{name.Name}>", StringComparison.Ordinal)).Select(name => $"<{name.Name ?? "Any"} xmlns=\"{name.Namespace}\"/>"));
        return TestParties.Envelope(isReply ? "<sum xmlns=\"urn:calc\">6</sum>" : TestParties.Body11, headers);
    }

    private static SecurityPolicy Local(SecurityPolicy policy) => policy with
    {
        DetectReplays = policy.IncludeTimestamp,
        Tolerances = policy.Tolerances with { UnboundReply = true },
    };

    // The same for the same token, though another one be missing.
    private static List<X509Certificate2> Certificates(SecurityBinding whole, SecurityBinding own)
    {
        var certificates = whole.Tokens.Where(token => token.Type == SecurityTokenType.X509).Select((token, i) => (Token: token, Certificate: Supporters[i % Supporters.Length])).ToList();
        return [.. own.Tokens.Where(token => token.Type == SecurityTokenType.X509).Select(token =>
        {
            var found = certificates.FindIndex(entry => entry.Token == token);
            var certificate = found < 0 ? certificates[0] : certificates[found];
            certificates.Remove(certificate);
            return certificate.Certificate;
        })];
    }

    private static SamlAssertionCredential Issue(SecurityPolicy policy, SecurityBinding binding, SupportingToken token)
    {
        var description = SamlTesting.Bearer with
        {
            Version = token.SamlVersion ?? SamlVersion.Saml20,
            Claims = [.. token.IssuedTokenParameters?.ClaimTypeRequirements.Select(claim => new Claim(claim.Type, "value")) ?? []],
        };
        var issuer = new SamlAssertionIssuer(token.IssuedTokenParameters?.IssuerName ?? SamlTesting.Issuer, SamlTesting.IssuerCertificate, policy.DefaultAlgorithmSuite, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestKeys.Now));
        return issuer.Issue(KeyTypeOf(binding, token) switch
        {
            IssuedTokenKeyType.SymmetricKey => description with { ConfirmationMethod = SamlConfirmationMethod.HolderOfKey, ProofKeyRecipient = TestKeys.Public(TestKeys.Service) },
            IssuedTokenKeyType.PublicKey => description with { ConfirmationMethod = SamlConfirmationMethod.HolderOfKey, SubjectCertificate = TestKeys.Public(TestKeys.Client) },
            _ => description,
        });
    }

    private static IssuedTokenKeyType KeyTypeOf(SecurityBinding binding, SupportingToken token) => token.IssuedTokenParameters?.KeyType
        ?? (binding.SharesSubjectKey ? IssuedTokenKeyType.SymmetricKey
            : binding.SubjectSigns || token.Kind.Endorses() ? IssuedTokenKeyType.PublicKey
            : IssuedTokenKeyType.Bearer);

    // The policy encrypts neither the password nor the assertion; the import says so.
    private static bool NeedsTls(SupportingToken token) => !token.Kind.IsEncrypted()
        && (token is { Type: SecurityTokenType.Username, PasswordType: PasswordType.Text } || token is { Type: SecurityTokenType.Saml, Kind: SupportingTokenKind.Supporting or SupportingTokenKind.Signed });

    /// <summary>Knows alice, also where the policy asks for no password.</summary>
    private sealed class Validator : IUsernameTokenKeySource
    {
        private readonly TestParties.Validator _wonderland = new();

        public ValueTask<byte[]?> DeriveKeyAsync(UsernameTokenCredential token, CancellationToken cancellationToken) => _wonderland.DeriveKeyAsync(token, cancellationToken);

        public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<Claim>?>(token.UserName == "alice" && (token.PasswordType == PasswordType.None || token.Matches("wonderland")) ? [] : null);
    }
}
