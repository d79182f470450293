using System.Security.Claims;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Algorithms;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tests.Exchanges;

namespace WsSecurity.Tests.Tokens.Username;

/// <summary>Keys that are derived from a user's password (UsernameToken Profile 1.1.1, section 4), as the message's own key and as an endorsing one.</summary>
public sealed class PasswordKeyTests
{
    private static readonly XNamespace Sc = "http://schemas.xmlsoap.org/ws/2005/02/sc";
    private static readonly XNamespace Sc13 = "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512";
    private static readonly MessageContext Tls = new() { IsTransportProtected = true };

    private static readonly SecurityPolicy Direct = SecurityPolicy.UserNameDerivedKey with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128GCMSha256, RequireDerivedKeys = false };

    private static readonly Dictionary<string, SecurityPolicy> Protecting = new()
    {
        ["derived"] = SecurityPolicy.UserNameDerivedKey,
        ["direct"] = Direct,
        ["derived 1.3"] = SecurityPolicy.UserNameDerivedKey with { SecureConversationVersion = SecureConversationVersion.WSSecureConversation13 },
        ["derived, CBC"] = SecurityPolicy.UserNameDerivedKey with { DefaultAlgorithmSuite = AlgorithmSuite.Basic256 },
        ["direct, CBC"] = Direct with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128 },
        ["derived, token signed"] = SecurityPolicy.UserNameDerivedKey with { ProtectTokens = true },
        ["direct, token signed"] = Direct with { ProtectTokens = true },
        ["derived, encrypted first"] = SecurityPolicy.UserNameDerivedKey with { MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign },
        ["direct, encrypted first"] = Direct with { MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign },
        ["derived, strict"] = SecurityPolicy.UserNameDerivedKey with { SecurityHeaderLayout = SecurityHeaderLayout.Strict },
        ["derived, confirmed"] = SecurityPolicy.UserNameDerivedKey with { RequireSignatureConfirmation = true },
        ["derived, signed"] = SecurityPolicy.UserNameDerivedKey with { ProtectionLevel = ProtectionLevel.Sign },
        ["direct, many iterations"] = Direct with { PasswordIterations = 10_000 },
    };

    private static IEnumerable<string> ProtectingNames => Protecting.Keys;

    private static IEnumerable<SupportingTokenKind> EndorsingKinds =>
        [SupportingTokenKind.Endorsing, SupportingTokenKind.SignedEndorsing, SupportingTokenKind.EndorsingEncrypted, SupportingTokenKind.SignedEndorsingEncrypted];

    // Computed with sha1sum: SHA-1 of "secret" and the salt, and its SHA-1.
    [TestCase(1, "0A2E0504F386DD8D8217395C2D5F7EEFB0D8DA1D")]
    [TestCase(2, "B371750D67168A48BC816B413CBAB76B28CFD048")]
    public void Derive_HashesPasswordAndSaltAsOftenAsTold(int iterations, string expected)
    {
        byte[] salt = [1, .. Enumerable.Repeat((byte)7, 15)];
        Assert.That(Convert.ToHexString(PasswordKeyDerivation.Derive("secret", salt, iterations)), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(ProtectingNames))]
    public void Exchange_ByThePasswordsKey_ProtectsBothDirectionsAndProvesTheUser(string name)
    {
        var parties = Parties(Protecting[name]);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">42</sum>"));
        var answer = pending.VerifyReply(reply, MessageContext.Empty);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Message.Principal.Identity!.Name, Is.EqualTo("alice"));
            Assert.That(request.Message.Principal.IsInRole("clerk"), Is.True);
            Assert.That(request.Message.Evidence.Signatures[0].Token, Is.InstanceOf<UsernameVerifiedToken>());
            Assert.That(Text(request.Message), Does.Contain("2 &amp; 3"));
            Assert.That(Text(answer), Does.Contain(">42<"));
            Assert.That(Encoding.UTF8.GetString(wire), Does.Not.Contain("Password>").And.Not.Contain("wonderland"));
            Assert.That(Encoding.UTF8.GetString(reply), Does.Not.Contain("UsernameToken>"), "the reply names the request's token");
        }
    }

    [Test]
    public void Exchange_OfPartiesWithoutCertificates_NeedsNone()
    {
        var parties = Parties(SecurityPolicy.UserNameDerivedKey);
        parties.ClientCredentials = new SecurityCredentials { UserName = "alice", Password = "wonderland" };
        parties.ServiceCredentials = new SecurityCredentials { UsernameTokenValidator = new TestParties.Validator() };
        Assert.That(() => parties.Verify(parties.Protect()), Throws.Nothing);
    }

    [Test]
    public void ProtectRequest_TheSalt_SaysWhatTheKeyIsFor()
    {
        var signing = Wire.Of(Parties(Direct).Protect());
        var encrypting = Wire.Of(Parties(Direct with { IncludeTimestamp = false, DetectReplays = false, SignedParts = MessageParts.None }).Protect());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Salt(signing), Has.Length.EqualTo(16).And.ItemAt(0).EqualTo(1));
            Assert.That(Salt(encrypting), Has.Length.EqualTo(16).And.ItemAt(0).EqualTo(2));
            Assert.That(signing.Find(Wire.Wsse11 + "Iteration").Value, Is.EqualTo("1000"));
        }
    }

    [Test]
    public void VerifyRequest_NothingSigned_DecryptsAndProvesNobody()
    {
        var parties = Parties(SecurityPolicy.UserNameDerivedKey with { IncludeTimestamp = false, DetectReplays = false, SignedParts = MessageParts.None });
        using var request = parties.Verify(parties.Protect());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Message.Evidence.Tokens, Is.Empty);
            Assert.That(request.Message.Principal.Identity!.IsAuthenticated, Is.False);
            Assert.That(Text(request.Message), Does.Contain("2 &amp; 3"));
        }
    }

    [Test]
    public void Exchange_EndorsedByThePasswordsKey_ProvesTheUser(
        [Values("UserNameOverTransport", "AnonymousForCertificate", "MutualCertificateDuplex", "CertificateSignature")] string mode,
        [ValueSource(nameof(EndorsingKinds))] SupportingTokenKind kind,
        [Values] bool derives,
        [Values] MessageProtectionOrder order,
        [Values] bool protectsTokens)
    {
        var parties = Parties(Endorsing(mode, kind, derives) with { MessageProtectionOrder = order, ProtectTokens = protectsTokens && mode != "UserNameOverTransport" });
        using var request = parties.Verify(parties.Protect(headers: Presets.Headers));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Message.Evidence.Tokens.OfType<UsernameVerifiedToken>().Single().Name, Is.EqualTo("alice"));
            Assert.That(request.Message.Evidence.Signatures, Has.Exactly(1).Property(nameof(SignatureEvidence.Token)).InstanceOf<UsernameVerifiedToken>());
        }
    }

    [Test]
    public void VerifyRequest_OptionalEndorsingTokenMissing_Accepts()
    {
        var policy = Endorsing("AnonymousForCertificate", SupportingTokenKind.Endorsing, derives: true);
        policy = policy with { SupportingTokens = [policy.SupportingTokens[0] with { Optional = true }] };
        var parties = Parties(policy);
        parties.ClientCredentials = parties.ClientCredentials with { Password = null };
        using var request = parties.Verify(parties.Protect());
        Assert.That(request.Message.Principal.Identity!.IsAuthenticated, Is.False);
    }

    [TestCase("alice", "Wonderland", false)]
    [TestCase("alice", "Wonderland", true)]
    [TestCase("Alice", "wonderland", false)]
    [TestCase("nobody", "wonderland", true)]
    public void VerifyRequest_WrongPasswordOrUnknownUser_FailAlike(string user, string password, bool protects)
    {
        var parties = Parties(protects ? SecurityPolicy.UserNameDerivedKey : Endorsing("UserNameOverTransport", SupportingTokenKind.Endorsing, derives: true));
        parties.ClientCredentials = parties.ClientCredentials with { UserName = user, Password = password };
        var wire = parties.Protect();
        var refusal = Assert.Throws<WsSecurityException>(() => parties.Verify(wire))!;
        Assert.That(refusal.Failure, Is.EqualTo(protects ? SecurityFailure.DecryptionFailed : SecurityFailure.SignatureInvalid));
        Assert.That(refusal.FaultCode, Is.EqualTo(SecurityFaultCode.FailedCheck), "as everything after a secret was used");
    }

    [Test]
    public void VerifyRequest_UserOfAnotherNameWithTheSamePassword_RefusesWhereTheTokenIsSigned()
    {
        var parties = Parties(Direct with { ProtectTokens = true, ProtectionLevel = ProtectionLevel.Sign });
        parties.ServiceCredentials = parties.ServiceCredentials with { UsernameTokenValidator = new Everybody() };
        var changed = Wire.Change(parties.Protect(), wire => wire.Find(Wire.Wsse + "Username").Value = "bob");
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.DigestMismatch));
    }

    [Test]
    public void VerifyRequest_ValidatorSaysNo_RefusesThoughTheKeyIsRight()
    {
        var parties = Parties(Direct);
        parties.ServiceCredentials = parties.ServiceCredentials with { UsernameTokenValidator = new Everybody { IsLocked = true } };
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.AuthenticationFailed));
    }

    [Test]
    public void VerifyRequest_Validator_IsAskedOnceTheKeyIsProvenAndNotBefore()
    {
        var parties = Parties(Direct with { ProtectionLevel = ProtectionLevel.Sign });
        var users = new Everybody();
        parties.ServiceCredentials = parties.ServiceCredentials with { UsernameTokenValidator = users };
        var wire = parties.Protect();
        Assert.That(() => parties.Verify(Wire.Change(wire, message => message.Body.RemoveNodes())), Refused.With(SecurityFailure.DigestMismatch));
        Assert.That(users.Validated, Is.Zero);
        parties.Verify(wire).Dispose();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(users.Validated, Is.EqualTo(1));
            Assert.That(users.MatchedBefore, Is.False, "nothing matches before it is proven");
            Assert.That(users.MatchedAfter, Is.True);
        }
    }

    [Test]
    public void VerifyRequest_KeySourceFails_Refuses()
    {
        foreach (var users in new[] { new Everybody { IsDown = true }, new Everybody { KeyLength = 16 } })
        {
            var parties = Parties(Direct);
            parties.ServiceCredentials = parties.ServiceCredentials with { UsernameTokenValidator = users };
            Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.ValidatorFailed));
        }
    }

    [TestCase("999", SecurityFailure.IterationsNotAllowed)]
    [TestCase("10001", SecurityFailure.IterationsNotAllowed)]
    [TestCase("2147483648", SecurityFailure.IterationsNotAllowed)]
    [TestCase("99999999999999999999", SecurityFailure.IterationsNotAllowed)]
    [TestCase("-1", SecurityFailure.InvalidUsernameToken)]
    [TestCase("", SecurityFailure.InvalidUsernameToken)]
    [TestCase("1e3", SecurityFailure.InvalidUsernameToken)]
    [TestCase("1001", SecurityFailure.SignatureInvalid)]
    public void VerifyRequest_IterationOutOfBounds_Refuses(string iteration, SecurityFailure failure) =>
        AssertRefused(wire => wire.Find(Wire.Wsse11 + "Iteration").Value = iteration, failure);

    [Test]
    public void VerifyRequest_IterationLeftOut_IsTheProfilesDefault()
    {
        var parties = Parties(Endorsing("UserNameOverTransport", SupportingTokenKind.Endorsing, derives: false));
        Assert.That(() => parties.Verify(Wire.Change(parties.Protect(), wire => wire.Find(Wire.Wsse11 + "Iteration").Remove())), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_Limits_AreThePolicysToSet()
    {
        var policy = Endorsing("UserNameOverTransport", SupportingTokenKind.Endorsing, derives: true);
        var strict = policy with { Limits = new ProcessingLimits { MinPasswordIterations = 5000 }, PasswordIterations = 5000 };
        Assert.That(() => Parties(strict).Verify(Parties(policy).Protect()), Refused.With(SecurityFailure.IterationsNotAllowed));
        Assert.That(() => Parties(policy).Verify(Parties(strict).Protect()), Throws.Nothing);
        var lax = policy with { Limits = new ProcessingLimits { MaxPasswordIterations = 20_000 }, PasswordIterations = 20_000 };
        Assert.That(() => Parties(policy).Verify(Parties(lax).Protect()), Refused.With(SecurityFailure.IterationsNotAllowed));
        Assert.That(() => Parties(lax).Verify(Parties(lax).Protect()), Throws.Nothing);
    }

    [TestCase(0, SecurityFailure.InvalidSalt)]
    [TestCase(8, SecurityFailure.InvalidSalt)]
    [TestCase(15, SecurityFailure.InvalidSalt)]
    [TestCase(17, SecurityFailure.InvalidSalt)]
    [TestCase(16, SecurityFailure.SignatureInvalid)]
    public void VerifyRequest_SaltOfAnotherLength_Refuses(int length, SecurityFailure failure) =>
        AssertRefused(wire => wire.Find(Wire.Wsse11 + "Salt").Value = Convert.ToBase64String(Enumerable.Repeat((byte)1, length).ToArray()), failure);

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(255)]
    public void VerifyRequest_SaltForSomethingElse_Refuses(byte use) => AssertRefused(wire => SetUse(wire, use), SecurityFailure.InvalidSalt);

    [Test]
    public void VerifyRequest_SaltForEncryptionThatSigns_Refuses() => AssertRefused(wire => SetUse(wire, 2), SecurityFailure.InvalidSalt);

    [Test]
    public void VerifyRequest_SaltTakenAway_Refuses()
    {
        AssertRefused(wire => wire.Find(Wire.Wsse11 + "Salt").Remove(), SecurityFailure.SaltMissing);
        AssertRefused(
            wire =>
            {
                wire.Find(Wire.Wsse11 + "Salt").Remove();
                wire.Find(Wire.Wsse11 + "Iteration").Remove();
            },
            SecurityFailure.SaltMissing);
    }

    [Test]
    public void VerifyRequest_SaltBesideAPassword_Refuses() => AssertRefused(
        wire => wire.Find(Wire.Wsse + "UsernameToken").Add(new XElement(Wire.Wsse + "Password", "wonderland")), SecurityFailure.InvalidUsernameToken);

    [Test]
    public void VerifyRequest_SecondTokenWithAKey_IsNotEvenDerived() => AssertRefused(
        wire => wire.Security.Add(new XElement(wire.Find(Wire.Wsse + "UsernameToken")).WithoutId()), SecurityFailure.InvalidUsernameToken);

    [Test]
    public void VerifyRequest_CapturedTokenWhoseKeySignsNothing_Refuses()
    {
        // The token is seen in one message, and put into another that somebody else signs.
        var policy = Endorsing("AnonymousForCertificate", SupportingTokenKind.Endorsing, derives: false);
        var captured = Wire.Of(Parties(policy).Protect()).Find(Wire.Wsse + "UsernameToken");
        var anonymous = Parties(SecurityPolicy.AnonymousForCertificate with { DefaultAlgorithmSuite = policy.DefaultAlgorithmSuite }).Protect("<evil/>");
        var changed = Wire.Change(anonymous, wire => wire.Security.AddFirst(new XElement(captured)));
        Assert.That(() => Parties(policy).Verify(changed), Refused.With(SecurityFailure.PasswordKeyNotProven));
    }

    [Test]
    public void VerifyRequest_KeyThatThePolicyDoesNotHave_Refuses()
    {
        var endorsing = Endorsing("UserNameOverTransport", SupportingTokenKind.Endorsing, derives: false);
        var plain = SecurityPolicy.UserNameOverTransport with
        {
            DefaultAlgorithmSuite = endorsing.DefaultAlgorithmSuite,
            SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username, PasswordType = PasswordType.None }],
        };
        Assert.That(() => Parties(plain).Verify(Parties(endorsing).Protect()), Refused.With(SecurityFailure.PasswordKeyNotExpected));
    }

    [Test]
    public void VerifyRequest_PasswordsKeyInPlaceOfTheEncryptedOne_Refuses()
    {
        // Everything is by the password's key, where a key that is encrypted for the service must protect, and the password's endorse.
        var endorsing = Endorsing("AnonymousForCertificate", SupportingTokenKind.Endorsing, derives: true);
        Assert.That(() => Parties(endorsing).Verify(Parties(SecurityPolicy.UserNameDerivedKey).Protect()), Refused.With(SecurityFailure.SignatureMissing));
    }

    [Test]
    public void VerifyRequest_EncryptedKeyInPlaceOfThePasswords_Refuses()
    {
        Assert.That(() => Parties(SecurityPolicy.UserNameDerivedKey).Verify(Parties(SecurityPolicy.AnonymousForCertificate).Protect()), Refused.With(SecurityFailure.SecurityTokenMissing));
        var endorsed = Parties(Endorsing("AnonymousForCertificate", SupportingTokenKind.Endorsing, derives: true)).Protect();
        Assert.That(() => Parties(SecurityPolicy.UserNameDerivedKey).Verify(endorsed), Throws.InstanceOf<WsSecurityException>());
    }

    [TestCase(true)]
    [TestCase(false)]
    public void VerifyRequest_KeyItselfWhereItMustBeDerived_Refuses(bool protects)
    {
        var (direct, derived) = protects
            ? (Direct, Direct with { RequireDerivedKeys = true })
            : (Endorsing("UserNameOverTransport", SupportingTokenKind.Endorsing, derives: false), Endorsing("UserNameOverTransport", SupportingTokenKind.Endorsing, derives: true) with { DefaultAlgorithmSuite = Direct.DefaultAlgorithmSuite });
        Assert.That(() => Parties(derived).Verify(Parties(direct).Protect()), Refused.With(SecurityFailure.KeyNotDerived));
    }

    [Test]
    public void VerifyRequest_DerivedKeyTokenTakenAway_Refuses()
    {
        var parties = Parties(Endorsing("UserNameOverTransport", SupportingTokenKind.Endorsing, derives: true));
        var wire = parties.Protect();
        Assert.That(() => parties.Verify(Wire.Change(wire, message => message.Find(Sc + "DerivedKeyToken").Remove())), Refused.With(SecurityFailure.SecurityTokenUnavailable));

        // The signature is made to name the password's key itself.
        var renamed = Wire.Change(wire, message =>
        {
            var reference = message.Signature.Descendants(Wire.Wsse + "Reference").Single();
            reference.SetAttributeValue("URI", "#" + Wire.Id(message.Find(Wire.Wsse + "UsernameToken")));
            message.Find(Sc + "DerivedKeyToken").Remove();
        });
        Assert.That(() => parties.Verify(renamed), Refused.With(SecurityFailure.KeyTooWeak));
    }

    [Test]
    public void VerifyRequest_SentAgain_IsAReplayWhateverIsChangedInTheToken()
    {
        var parties = Parties(Direct);
        var wire = parties.Protect();
        parties.Verify(wire).Dispose();
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageReplayed));
        var renewed = Wire.Change(wire, message => message.Find(Wire.Wsse + "Nonce").Value = Convert.ToBase64String(new byte[16]));
        Assert.That(() => parties.Verify(renewed), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void VerifyRequest_TokenBehindItsSignature_IsFoundWhereTheLayoutIsLax()
    {
        var parties = Parties(Endorsing("UserNameOverTransport", SupportingTokenKind.Endorsing, derives: false));
        var moved = Wire.Change(parties.Protect(), wire =>
        {
            var token = wire.Find(Wire.Wsse + "UsernameToken");
            token.Remove();
            wire.Security.Add(token);
        });
        Assert.That(() => parties.Verify(moved), Throws.Nothing);
        var strict = Parties(parties.ServicePolicy with { SecurityHeaderLayout = SecurityHeaderLayout.Strict });
        Assert.That(() => strict.Verify(moved), Refused.With(SecurityFailure.HeaderLayoutViolated));
    }

    [Test]
    public void VerifyRequest_AgedToken_Refuses()
    {
        var parties = Parties(Direct);
        var wire = parties.Protect();
        parties.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageExpired));
    }

    [Test]
    public void VerifyReply_OurOwnRequestReflected_Refuses()
    {
        var parties = Parties(Direct);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        Assert.That(() => pending.VerifyReply(wire, MessageContext.Empty), Throws.InstanceOf<WsSecurityException>());
        var renamed = Wire.Change(wire, message =>
        {
            var token = message.Find(Wire.Wsse + "UsernameToken");
            token.Remove();
        });
        Assert.That(() => pending.VerifyReply(renamed, MessageContext.Empty), Refused.With(SecurityFailure.OwnSignatureReflected));
    }

    [Test]
    public void VerifyReply_ByTheKeyOfAnotherRequest_Refuses()
    {
        var parties = Parties(Direct);
        var (first, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        using var other = parties.Verify(parties.Protect());
        var reply = parties.ProtectReply(other, TestParties.Envelope("<sum/>"));
        Assert.That(() => pending.VerifyReply(reply, MessageContext.Empty), Refused.With(SecurityFailure.SecurityTokenUnavailable));
        var renamed = Encoding.UTF8.GetString(reply);
        foreach (var id in Wire.Of(reply).Envelope.Descendants(Wire.Wsse + "Reference").Select(reference => (string)reference.Attribute("URI")!).Distinct())
        {
            renamed = renamed.Replace($"\"{id}\"", $"\"{Wire.Id(Wire.Of(first).Find(Wire.Wsse + "UsernameToken"))}\"", StringComparison.Ordinal);
        }

        Assert.That(() => pending.VerifyReply(Encoding.UTF8.GetBytes(renamed), MessageContext.Empty), Refused.With(SecurityFailure.DecryptionFailed));
    }

    [Test]
    public void Create_RoleWithoutWhatThePolicyNeeds_SaysWhat()
    {
        var parties = Parties(SecurityPolicy.UserNameDerivedKey);
        Assert.That(() => new Initiator(parties.ClientPolicy, parties.ClientCredentials with { Password = null }), Throws.ArgumentException.With.Message.Contains("Password"));
        Assert.That(() => new Recipient(parties.ClientPolicy, parties.ServiceCredentials with { UsernameTokenValidator = new NoKeys() }), Throws.ArgumentException.With.Message.Contains(nameof(IUsernameTokenKeySource)));
        Assert.That(
            () => new Recipient(parties.ClientPolicy with { IncludeTimestamp = false }, parties.ServiceCredentials), Throws.ArgumentException.With.Message.Contains("DetectReplays"));
    }

    [Test]
    public void DerivedKeyToken_OfEitherVersion_NamesTheUsernameToken()
    {
        foreach (var (name, uri) in new[] { ("derived", Sc), ("derived 1.3", Sc13) })
        {
            var wire = Wire.Of(Parties(Protecting[name]).Protect());
            var reference = wire.Find(uri + "DerivedKeyToken").Descendants(Wire.Wsse + "Reference").Single();
            Assert.That((string?)reference.Attribute("URI"), Is.EqualTo("#" + Wire.Id(wire.Find(Wire.Wsse + "UsernameToken"))));
            Assert.That((string?)reference.Attribute("ValueType"), Is.EqualTo("http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#UsernameToken"));
        }
    }

    private static SecurityPolicy Endorsing(string mode, SupportingTokenKind kind, bool derives) => Presets.ByName[mode] with
    {
        DefaultAlgorithmSuite = derives ? AlgorithmSuite.Basic256GCMSha256 : AlgorithmSuite.Basic128GCMSha256,
        SupportingTokens = [new SupportingToken { Kind = kind, Type = SecurityTokenType.Username, PasswordType = PasswordType.None, RequireDerivedKeys = derives }],
    };

    private static TestParties Parties(SecurityPolicy policy)
    {
        var parties = TestParties.Of(policy);
        parties.Context = policy.AuthenticationMode == AuthenticationMode.UserNameOverTransport ? Tls : MessageContext.Empty;
        return parties;
    }

    private static void AssertRefused(Action<Wire> change, SecurityFailure failure)
    {
        var parties = Parties(Endorsing("UserNameOverTransport", SupportingTokenKind.Endorsing, derives: false));
        Assert.That(() => parties.Verify(Wire.Change(parties.Protect(), change)), Refused.With(failure));
    }

    private static byte[] Salt(Wire wire) => Convert.FromBase64String(wire.Find(Wire.Wsse11 + "Salt").Value);

    private static void SetUse(Wire wire, byte use) => wire.Find(Wire.Wsse11 + "Salt").Value = Convert.ToBase64String([use, .. Salt(wire)[1..]]);

    private static string Text(VerifiedMessage message)
    {
        using var reader = new StreamReader(message.OpenRead());
        return reader.ReadToEnd();
    }

    /// <summary>Everybody has the same password.</summary>
    private sealed class Everybody : IUsernameTokenKeySource
    {
        public bool IsLocked { get; init; }

        public bool IsDown { get; init; }

        public int KeyLength { get; init; } = 20;

        public int Validated { get; private set; }

        public bool MatchedBefore { get; private set; }

        public bool MatchedAfter { get; private set; }

        public async ValueTask<byte[]?> DeriveKeyAsync(UsernameTokenCredential token, CancellationToken cancellationToken)
        {
            await Task.Yield();
            MatchedBefore |= token.Matches("wonderland");
            return IsDown ? throw new TimeoutException("ldap.internal is down") : token.DeriveKey("wonderland")[..KeyLength];
        }

        public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken)
        {
            Validated++;
            MatchedAfter |= token.Matches("wonderland");
            return ValueTask.FromResult<IReadOnlyList<Claim>?>(IsLocked ? null : []);
        }
    }

    private sealed class NoKeys : IUsernameTokenValidator
    {
        public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Claim>?>([]);
    }
}
