using System.Buffers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Tokens.Custom;

/// <summary>Tokens of one's own: a JSON Web Token as BinarySecurityToken, and an XML element whose secret endorses.</summary>
public sealed class CustomTokenTests
{
    private static readonly MessageContext OverTransport = new() { IsTransportProtected = true };

    private static IEnumerable<TestCaseData> Cases =>
        from policy in new[] { SecurityPolicy.MutualCertificateDuplex, SecurityPolicy.AnonymousForCertificate }
        from kind in Enum.GetValues<SupportingTokenKind>()
        from order in Enum.GetValues<MessageProtectionOrder>()
        where Endorses(kind) || kind.ToString().Contains("Encrypted", StringComparison.Ordinal)
        select new TestCaseData(policy.AuthenticationMode, kind, order);

    [TestCaseSource(nameof(Cases))]
    public async Task VerifyRequest_JwtOfEachKind_IsTheCaller(AuthenticationMode mode, SupportingTokenKind kind, MessageProtectionOrder order)
    {
        foreach (var protects in new[] { false, true })
        {
            var parties = Parties(Policy(mode, kind) with { MessageProtectionOrder = order, ProtectTokens = protects }, JwtTesting.Issue(Endorses(kind)), Endorses(kind));
            using var request = parties.Verify(await ProtectAsync(parties));
            var token = request.Message.Evidence.Tokens.OfType<CustomVerifiedToken>().Single();
            Assert.That((token.Type, token.Name, token.Issuer), Is.EqualTo(("Jwt", "alice", JwtTesting.Issuer)));
            Assert.That(request.Message.Principal.IsInRole("clerk") || token.Identity.HasClaim("role", "clerk"), Is.True);
            Assert.That(token.Identity.FindFirst(ClaimTypes.Name)!.Issuer, Is.EqualTo(JwtTesting.Issuer));
            Assert.That(request.Message.Evidence.Signatures.Count(signature => signature.Token is CustomVerifiedToken), Is.EqualTo(Endorses(kind) ? 1 : 0));
        }
    }

    private static IEnumerable<TestCaseData> Refusals =>
    [
        Case("expired", JwtTesting.Issue(age: TimeSpan.FromHours(2)), SecurityFailure.TokenExpired),
        Case("not yet valid", JwtTesting.Issue(age: TimeSpan.FromHours(-1)), SecurityFailure.TokenNotYetValid),
        Case("other audience", JwtTesting.Issue(audience: "https://other.example"), SecurityFailure.AudienceMismatch),
        Case("other issuer", JwtTesting.Issue(issuer: "https://other.example"), SecurityFailure.IssuerNotTrusted),
        Case("key of somebody else", JwtTesting.Issue(key: JwtTesting.SubjectKey), SecurityFailure.SignatureInvalid),
        Case("tampered", Tamper(JwtTesting.Issue()), SecurityFailure.SignatureInvalid),
        Case("no JWT", "nonsense", SecurityFailure.InvalidSecurityToken),
    ];

    [TestCaseSource(nameof(Refusals))]
    public async Task VerifyRequest_JwtThatIsNotRight_IsRefusedByName(string jwt, SecurityFailure failure)
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.SignedEncrypted), jwt);
        var wire = await ProtectAsync(parties);
        Assert.That(() => parties.Verify(wire), Refused.With(failure));
    }

    [Test]
    public async Task VerifyRequest_JwtStripped_FailsWithSecurityTokenMissing()
    {
        var parties = Parties(Policy(AuthenticationMode.UserNameOverTransport, SupportingTokenKind.Signed), JwtTesting.Issue());
        var wire = Wire.Change(await ProtectAsync(parties), message => message.Find(Wire.Wsse + "BinarySecurityToken").Remove());
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.SecurityTokenMissing));
    }

    [Test]
    public async Task VerifyRequest_JwtForOneUseTwice_FailsWithMessageReplayed()
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.SignedEncrypted), JwtTesting.Issue(id: "once"));
        parties.Verify(await ProtectAsync(parties)).Dispose();
        var second = await ProtectAsync(parties);
        Assert.That(() => parties.Verify(second), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void ProtectRequest_BearerInClear_FailsWithBearerTokenNotProtected()
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.Signed), JwtTesting.Issue());
        Assert.That(() => ProtectAsync(parties), Refused.With(SecurityFailure.BearerTokenNotProtected));
    }

    [Test]
    public async Task VerifyRequest_BearerInClear_FailsWithBearerTokenNotProtected()
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.Signed), JwtTesting.Issue());
        parties.Context = OverTransport;
        var wire = await ProtectAsync(parties);
        parties.Context = MessageContext.Empty;
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.BearerTokenNotProtected));
    }

    [Test]
    public async Task VerifyRequest_TokenWithoutAHandler_FailsWithUnsupportedSecurityToken()
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.SignedEncrypted), JwtTesting.Issue());
        parties.ServicePolicy = SecurityPolicy.AnonymousForCertificate;
        var wire = await ProtectAsync(parties);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.UnsupportedSecurityToken));
    }

    [Test]
    public async Task VerifyRequest_EndorsedByAnotherKeyThanTheTokens_FailsWithSignatureInvalid()
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.Endorsing), JwtTesting.Issue(withKey: true));
        parties.ClientCredentials = parties.ClientCredentials with
        {
            TokenProvider = new JwtTesting.Provider((_, _) => ValueTask.FromResult<SecurityTokenCredential?>(JwtTesting.Credential(JwtTesting.Issue(withKey: true), withKey: true, key: JwtTesting.IssuerKey))),
        };
        var wire = await ProtectAsync(parties);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.SignatureInvalid));
    }

    [Test]
    public async Task VerifyRequest_EndorsementMissing_FailsWithSignatureMissing()
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.EndorsingEncrypted), JwtTesting.Issue(withKey: true), withKey: true);
        parties.ClientPolicy = Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.Encrypted);
        var wire = await ProtectAsync(parties);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.SignatureMissing));
    }

    [Test]
    public async Task VerifyRequest_SignatureByATokenWithoutAKey_FailsWithUnsupportedSecurityToken()
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.Endorsing), JwtTesting.Issue(), withKey: true);
        var wire = await ProtectAsync(parties);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.UnsupportedSecurityToken));
    }

    [Test]
    public async Task VerifyRequest_HandlerThatFails_FailsWithValidatorFailed()
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.SignedEncrypted), JwtTesting.Issue());
        parties.ServiceCredentials = parties.ServiceCredentials with { CustomTokenHandlers = [new TicketHandler { Name = "Jwt", Format = CustomTokenFormat.Binary(JwtHandler.ValueType), Fails = true }] };
        var wire = await ProtectAsync(parties);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.ValidatorFailed));
    }

    [TestCase(SupportingTokenKind.SignedEncrypted)]
    [TestCase(SupportingTokenKind.Endorsing)]
    [TestCase(SupportingTokenKind.SignedEndorsingEncrypted)]
    public async Task VerifyRequest_ElementWithASecret_IsTheCaller(SupportingTokenKind kind)
    {
        var policy = SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [new SupportingToken { Kind = kind, Type = SecurityTokenType.Custom, Name = "Ticket" }] };
        var parties = TestParties.Of(policy);
        var ticket = new XElement(TicketHandler.Ns + "Ticket", new XAttribute(XNamespace.Xmlns + "wsu", Wire.Wsu), new XAttribute(Wire.Wsu + "Id", "T-1"), "alice");
        parties.ClientCredentials = parties.ClientCredentials with
        {
            TokenProvider = new JwtTesting.Provider((_, _) => ValueTask.FromResult<SecurityTokenCredential?>(CustomTokenCredential.Element(
                Encoding.UTF8.GetBytes(ticket.ToString(SaveOptions.DisableFormatting)), key: CustomTokenKey.OfSecret(TicketHandler.Secret)))),
        };
        parties.ServiceCredentials = parties.ServiceCredentials with { CustomTokenHandlers = [new TicketHandler()] };
        using var request = parties.Verify(await ProtectAsync(parties));
        Assert.That(request.Message.Evidence.Tokens.OfType<CustomVerifiedToken>().Single().Name, Is.EqualTo("alice"));
    }

    [Test]
    public void Roles_WithoutProviderOrHandler_Throw()
    {
        var parties = TestParties.Of(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.SignedEncrypted));
        Assert.That(() => parties.Initiator, Throws.ArgumentException.With.Message.Contains("TokenProvider"));
        Assert.That(() => parties.Recipient, Throws.ArgumentException.With.Message.Contains("CustomTokenHandlers"));
    }

    [Test]
    public void ProtectRequest_TokensNotAcquired_Throws()
    {
        var parties = Parties(Policy(AuthenticationMode.AnonymousForCertificate, SupportingTokenKind.SignedEncrypted), JwtTesting.Issue());
        Assert.That(() => parties.Protect(), Throws.InvalidOperationException.With.Message.Contains("ProtectRequestAsync"));
    }

    private static TestCaseData Case(string name, string jwt, SecurityFailure failure) => new TestCaseData(jwt, failure).SetArgDisplayNames(name);

    private static string Tamper(string jwt)
    {
        var parts = jwt.Split('.');
        var payload = Encoding.UTF8.GetString(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(parts[1])).Replace("alice", "mallory", StringComparison.Ordinal);
        return $"{parts[0]}.{Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(payload)}.{parts[2]}";
    }

    private static bool Endorses(SupportingTokenKind kind) => kind.ToString().Contains("Endorsing", StringComparison.Ordinal);

    private static SecurityPolicy Policy(AuthenticationMode mode, SupportingTokenKind kind) => new()
    {
        AuthenticationMode = mode,
        SupportingTokens =
        [
            new SupportingToken { Kind = kind, Type = SecurityTokenType.Custom, Name = "Jwt" },
            .. mode == AuthenticationMode.UserNameOverTransport ? [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username, Optional = true }] : Array.Empty<SupportingToken>(),
        ],
    };

    private static TestParties Parties(SecurityPolicy policy, string jwt, bool withKey = false)
    {
        var parties = TestParties.Of(policy);
        parties.Context = new MessageContext { IsTransportProtected = policy.AuthenticationMode == AuthenticationMode.UserNameOverTransport };
        parties.ClientCredentials = parties.ClientCredentials with
        {
            TokenProvider = new JwtTesting.Provider((_, _) => ValueTask.FromResult<SecurityTokenCredential?>(JwtTesting.Credential(jwt, withKey))),
        };
        parties.ServiceCredentials = parties.ServiceCredentials with { CustomTokenHandlers = [JwtTesting.Handler] };
        return parties;
    }

    private static async Task<byte[]> ProtectAsync(TestParties parties)
    {
        var output = new ArrayBufferWriter<byte>();
        using var pending = await parties.Initiator.ProtectRequestAsync(TestParties.Envelope(TestParties.Body11, Presets.Headers), parties.Context, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>An element that holds a name; who knows the secret may use it.</summary>
    private sealed class TicketHandler : ICustomTokenHandler
    {
        public static readonly XNamespace Ns = "urn:tickets";

        public static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

        public string Name { get; init; } = "Ticket";

        public CustomTokenFormat Format { get; init; } = CustomTokenFormat.Element(Ns.NamespaceName, "Ticket");

        public bool Fails { get; init; }

        public CustomTokenKey? ReadKey(CustomToken token) => CustomTokenKey.OfSecret(Secret);

        public ValueTask<CustomTokenIdentity> ValidateAsync(CustomToken token, CancellationToken cancellationToken) => Fails
            ? throw new HttpRequestException("no answer")
            : ValueTask.FromResult(new CustomTokenIdentity { Name = XElement.Parse(Encoding.UTF8.GetString(token.Octets.Span)).Value });
    }
}
