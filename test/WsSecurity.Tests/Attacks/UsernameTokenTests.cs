using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Exchanges;

namespace WsSecurity.Tests.Attacks;

/// <summary>A UsernameToken that is taken away, exchanged, sent in clear, or doubled.</summary>
public sealed class UsernameTokenTests
{
    [Test]
    public void VerifyRequest_TokenTakenAway_Refuses()
    {
        var parties = Presets.Parties("UserNameOverTransport");
        var changed = Wire.Change(parties.Protect(), message => message.Find(Wire.Wsse + "UsernameToken").Remove());
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.SecurityTokenMissing));
    }

    [TestCase("UserNameForCertificate")]
    [TestCase("UserNameUnderived")]
    public void VerifyRequest_AnonymousMessageForAUserMode_Refuses(string preset)
    {
        var anonymous = Presets.Parties(preset == "UserNameUnderived" ? "AnonymousUnderived" : "AnonymousForCertificate").Protect();
        Assert.That(() => Presets.Parties(preset).Verify(anonymous), Refused.With(SecurityFailure.SecurityTokenMissing));
    }

    [Test]
    public void VerifyRequest_TokenThatThePolicyDoesNotHave_Refuses()
    {
        var withUser = Presets.Parties("UserNameUnderived").Protect();
        Assert.That(() => Presets.Parties("AnonymousUnderived").Verify(withUser), Refused.With(SecurityFailure.UnexpectedSecurityElement));
    }

    [Test]
    public void VerifyRequest_SecondToken_Refuses()
    {
        var parties = Presets.Parties("UserNameOverTransport");
        var changed = Wire.Change(parties.Protect(), message => message.Security.Add(new XElement(message.Find(Wire.Wsse + "UsernameToken")).WithoutId()));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.InvalidUsernameToken));
    }

    [Test]
    public void VerifyRequest_SignedTokenInClear_RefusesWhereItMustBeEncrypted()
    {
        var signed = Policy(SupportingTokenKind.Signed, PasswordType.Digest);
        var encrypted = Policy(SupportingTokenKind.SignedEncrypted, PasswordType.Digest);
        Assert.That(() => Presets.Parties(encrypted).Verify(Presets.Parties(signed).Protect()), Refused.With(SecurityFailure.EncryptedPartMissing));
        Assert.That(() => Presets.Parties(signed).Verify(Presets.Parties(encrypted).Protect()), Throws.Nothing);
    }

    [Test]
    public void ProtectRequest_PasswordInClear_RefusesToWrite()
    {
        foreach (var kind in new[] { SupportingTokenKind.Supporting, SupportingTokenKind.Signed })
        {
            Assert.That(() => Presets.Parties(Policy(kind, PasswordType.Text)).Protect(), Refused.With(SecurityFailure.PasswordNotProtected));
        }

        var insecure = TestParties.Of(SecurityPolicy.UserNameOverTransport with { AllowInsecureTransport = true });
        Assert.That(() => insecure.Protect(), Refused.With(SecurityFailure.PasswordNotProtected));
    }

    [Test]
    public void VerifyRequest_PasswordInClear_Refuses()
    {
        var policy = Policy(SupportingTokenKind.Signed, PasswordType.Text);
        var parties = Presets.Parties(policy);
        parties.Context = new MessageContext { IsTransportProtected = true };
        var wire = parties.Protect();
        parties.Context = MessageContext.Empty;
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.PasswordNotProtected));
    }

    [Test]
    public void VerifyRequest_UnsignedTokenOfSomebodyElse_Refuses()
    {
        var parties = Presets.Parties(Policy(SupportingTokenKind.Signed, PasswordType.Digest));
        var victim = Wire.Of(parties.Protect()).Find(Wire.Wsse + "UsernameToken");
        var changed = Wire.Change(Presets.Parties(Policy(SupportingTokenKind.Signed, PasswordType.Digest)).Protect("<evil/>"), message =>
            message.Find(Wire.Wsse + "UsernameToken").ReplaceWith(new XElement(victim).WithoutId()));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.UnresolvedReference));
    }

    [TestCase("alice", "wonderland", true)]
    [TestCase("alice", "Wonderland", false)]
    [TestCase("alice", "", false)]
    [TestCase("Alice", "wonderland", false)]
    [TestCase("bob", "wonderland", false)]
    public void VerifyRequest_UserAndPassword_AreTheValidatorsToDecide(string user, string password, bool accepted)
    {
        foreach (var preset in new[] { "UserNameForCertificate", "UserNameUnderived", "UserNameOverTransport" })
        {
            foreach (var type in new[] { PasswordType.Text, PasswordType.Digest })
            {
                var kind = preset == "UserNameOverTransport" ? SupportingTokenKind.Signed : SupportingTokenKind.SignedEncrypted;
                var parties = Presets.Parties(Presets.ByName[preset] with { SupportingTokens = [new SupportingToken { Kind = kind, Type = SecurityTokenType.Username, PasswordType = type }] });
                parties.ClientCredentials = parties.ClientCredentials with { UserName = user, Password = password };
                Assert.That(() => parties.Verify(parties.Protect()), accepted ? Throws.Nothing : Refused.With(SecurityFailure.AuthenticationFailed), $"{preset}, {type}");
            }
        }
    }

    [Test]
    public void VerifyRequest_UnknownUserAndWrongPassword_GetOneAnswerAtTheCommonDeadline()
    {
        var answers = new List<string>();
        foreach (var (user, password) in new[] { ("nobody", "wonderland"), ("alice", "wrong") })
        {
            var parties = Presets.Parties("UserNameOverTransport");
            parties.ClientCredentials = parties.ClientCredentials with { UserName = user, Password = password };
            var wire = parties.Protect();
            var recipient = parties.Recipient;
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            var refusal = Assert.Throws<WsSecurityException>(() => recipient.VerifyRequest(wire, parties.Context))!;
            Assert.That(System.Diagnostics.Stopwatch.GetElapsedTime(started), Is.GreaterThan(TimeSpan.FromMilliseconds(40)));
            var fault = new System.Buffers.ArrayBufferWriter<byte>();
            Recipient.WriteFault(refusal, SoapVersion.Soap11, fault);
            answers.Add(Encoding.UTF8.GetString(fault.WrittenSpan));
        }

        Assert.That(answers[0], Is.EqualTo(answers[1]).And.Contain("FailedAuthentication"));
    }

    [TestCase(PasswordType.Text)]
    [TestCase(PasswordType.Digest)]
    public void VerifyRequest_OneNonceOfTwoUsers_IsNoReplay(PasswordType type)
    {
        var policy = SecurityPolicy.UserNameOverTransport with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username, PasswordType = type }] };
        var parties = Presets.Parties(policy);
        parties.ServiceCredentials = parties.ServiceCredentials with { UsernameTokenValidator = new TwoUsers() };
        foreach (var (user, password) in new[] { ("alice", "wonderland"), ("bob", "builder") })
        {
            var wire = Encoding.UTF8.GetBytes(Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Token(user, password, type)));
            Assert.That(() => parties.Verify(wire), Throws.Nothing);
            Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageReplayed), "The second time.");
        }
    }

    private static string Token(string user, string password, PasswordType type)
    {
        const string Created = "2026-06-01T12:00:00Z";
        byte[] nonce = [1, 2, 3, 4, 5, 6, 7, 8];
        var presented = type == PasswordType.Text ? password : Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData([.. nonce, .. Encoding.UTF8.GetBytes(Created + password)]));
        return $"<w:UsernameToken xmlns:w=\"{Wire.Wsse.NamespaceName}\" xmlns:u=\"{Wire.Wsu.NamespaceName}\"><w:Username>{user}</w:Username>"
            + $"<w:Password Type=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#Password{type}\">{presented}</w:Password>"
            + $"<w:Nonce>{Convert.ToBase64String(nonce)}</w:Nonce><u:Created>{Created}</u:Created></w:UsernameToken>";
    }

    private sealed class TwoUsers : IUsernameTokenValidator
    {
        public ValueTask<IReadOnlyList<System.Security.Claims.Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<System.Security.Claims.Claim>?>(token.Matches(token.UserName == "alice" ? "wonderland" : "builder") ? [] : null);
    }

    [Test]
    public void VerifyRequest_OptionalTokenMissing_AcceptsWithoutAUser()
    {
        var policy = SecurityPolicy.AnonymousForCertificate with
        {
            SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Username, Optional = true }],
        };
        var parties = Presets.Parties(policy);
        parties.ClientCredentials = parties.ClientCredentials with { UserName = null };
        using var request = parties.Verify(parties.Protect());
        Assert.That(request.Message.Principal.Identity!.IsAuthenticated, Is.False);
    }

    [TestCase("<w:Username>a</w:Username><w:Username>b</w:Username>", SecurityFailure.InvalidUsernameToken)]
    [TestCase("<w:Username> </w:Username>", SecurityFailure.InvalidUsernameToken)]
    [TestCase("<w:Username>a<x/></w:Username>", SecurityFailure.InvalidUsernameToken)]
    [TestCase("<w:Username>alice</w:Username>", SecurityFailure.PasswordTypeNotAllowed)]
    [TestCase("<w:Username>alice</w:Username><w:Password>x<y/></w:Password>", SecurityFailure.InvalidUsernameToken)]
    [TestCase("<w:Username>alice</w:Username><w:Password Type=\"urn:other\">x</w:Password>", SecurityFailure.PasswordTypeNotAllowed)]
    [TestCase("<w:Username>alice</w:Username><w:Password>wonderland</w:Password><w:Nonce>?</w:Nonce>", SecurityFailure.InvalidUsernameToken)]
    [TestCase("<w:Username>alice</w:Username><w:Password>wonderland</w:Password><w:Nonce EncodingType=\"urn:hex\">AAAA</w:Nonce>", SecurityFailure.InvalidUsernameToken)]
    [TestCase("<w:Username>alice</w:Username><w:Password>wonderland</w:Password><u:Created>yesterday</u:Created>", SecurityFailure.InvalidUsernameToken)]
    [TestCase("<w:Username>alice</w:Username><w:Password>wonderland</w:Password><u:Created>2026-06-01T11:00:00Z</u:Created>", SecurityFailure.MessageExpired)]
    [TestCase("<w:Username>alice</w:Username><w:Password>wonderland</w:Password><u:Created>2026-06-01T13:00:00Z</u:Created>", SecurityFailure.MessageNotYetValid)]
    [TestCase("<w:Username>alice</w:Username><w:Password>wonderland</w:Password><other/>", SecurityFailure.InvalidUsernameToken)]
    [TestCase("<w:Username>alice</w:Username><w:Password>wonderland</w:Password>", null)]
    public void VerifyRequest_TokenOfAnyShape_AcceptsWhatTheProfileAllows(string content, SecurityFailure? failure)
    {
        var token = $"<w:UsernameToken xmlns:w=\"{Wire.Wsse.NamespaceName}\" xmlns:u=\"{Wire.Wsu.NamespaceName}\">{content}</w:UsernameToken>";
        var wire = Encoding.UTF8.GetBytes(Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + token));
        Assert.That(() => Presets.Parties("UserNameOverTransport").Verify(wire), failure is { } expected ? Refused.With(expected) : Throws.Nothing);
    }

    private static SecurityPolicy Policy(SupportingTokenKind kind, PasswordType type) => SecurityPolicy.AnonymousForCertificate with
    {
        RequireDerivedKeys = false,
        SupportingTokens = [new SupportingToken { Kind = kind, Type = SecurityTokenType.Username, PasswordType = type }],
    };
}
