using NUnit.Framework;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tests.Tokens.Saml;

namespace WsSecurity.Tests.Exchanges;

/// <summary>
/// Supporting tokens of every kind under every binding (WS-SecurityPolicy 1.3, section 8). A token that came in a lesser way than its kind says is
/// refused by the name of what it lacks; the peer is one of ours whose policy leaves that out.
/// </summary>
public sealed class SupportingTokenTests
{
    private const string Action = "urn:calc/add";

    private static readonly Dictionary<string, SecurityPolicy> Bindings = new()
    {
        ["asymmetric"] = SecurityPolicy.MutualCertificateDuplex,
        ["symmetric"] = SecurityPolicy.AnonymousForCertificate,
        ["symmetric, keys not derived"] = SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false },
        ["signed only"] = SecurityPolicy.CertificateSignature,
    };

    private static readonly Dictionary<SupportingTokenKind, (SupportingTokenKind Lesser, SecurityFailure Failure)[]> Lessened = new()
    {
        [SupportingTokenKind.Signed] = [(SupportingTokenKind.Supporting, SecurityFailure.SignedPartMissing)],
        [SupportingTokenKind.Encrypted] = [(SupportingTokenKind.Supporting, SecurityFailure.EncryptedPartMissing)],
        [SupportingTokenKind.SignedEncrypted] = [(SupportingTokenKind.Signed, SecurityFailure.EncryptedPartMissing), (SupportingTokenKind.Encrypted, SecurityFailure.SignedPartMissing)],
        [SupportingTokenKind.SignedEndorsing] = [(SupportingTokenKind.Endorsing, SecurityFailure.SignedPartMissing)],
        [SupportingTokenKind.EndorsingEncrypted] = [(SupportingTokenKind.Endorsing, SecurityFailure.EncryptedPartMissing)],
        [SupportingTokenKind.SignedEndorsingEncrypted] =
            [(SupportingTokenKind.SignedEndorsing, SecurityFailure.EncryptedPartMissing), (SupportingTokenKind.EndorsingEncrypted, SecurityFailure.SignedPartMissing)],
    };

    private static IEnumerable<TestCaseData> Cases =>
        from binding in Bindings.Keys
        from type in Enum.GetValues<SecurityTokenType>()
        from kind in Enum.GetValues<SupportingTokenKind>()
        from order in Enum.GetValues<MessageProtectionOrder>()
        where Exists(type, kind)
        select new TestCaseData(binding, type, kind, order);

    private static IEnumerable<TestCaseData> LesserCases =>
        from data in Cases
        from lesser in Lessened.GetValueOrDefault((SupportingTokenKind)data.Arguments[2]!, [])
        select new TestCaseData([.. data.Arguments, lesser.Lesser, lesser.Failure]);

    private static IEnumerable<TestCaseData> KindsOfTypes =>
        from type in Enum.GetValues<SecurityTokenType>()
        from kind in Enum.GetValues<SupportingTokenKind>()
        where Exists(type, kind)
        select new TestCaseData(type, kind);

    [TestCaseSource(nameof(Cases))]
    public void VerifyRequest_TokenOfItsKind_IsAccepted(string binding, SecurityTokenType type, SupportingTokenKind kind, MessageProtectionOrder order)
    {
        var parties = Parties(binding, order, Token(type, kind));
        var wire = parties.Protect(headers: Presets.Headers);
        var endorses = kind.ToString().Contains("Endorsing", StringComparison.Ordinal);
        using (var request = parties.Verify(wire))
        {
            var evidence = request.Message.Evidence;
            Assert.That(evidence.Signatures.Count(signature => signature.IsEndorsing), Is.EqualTo(endorses ? 1 : 0));
            Assert.That(evidence.Tokens.OfType<UsernameVerifiedToken>().Count(), Is.EqualTo(type == SecurityTokenType.Username ? 1 : 0));
            Assert.That(evidence.Tokens.OfType<SamlVerifiedToken>().Count(), Is.EqualTo(type == SecurityTokenType.Saml ? 1 : 0));
            Assert.That(evidence.Tokens.OfType<X509VerifiedToken>().Any(token => token.Certificate.Equals(TestKeys.Supporter)), Is.EqualTo(type == SecurityTokenType.X509 && endorses));
            Assert.That(evidence.CarriedCertificates.Select(carried => carried.Certificate), type == SecurityTokenType.X509 && !endorses ? Is.EqualTo([TestKeys.Supporter]) : Is.Empty);
        }
    }

    [TestCaseSource(nameof(LesserCases))]
    public void VerifyRequest_TokenInALesserWay_IsRefusedByName(
        string binding, SecurityTokenType type, SupportingTokenKind kind, MessageProtectionOrder order, SupportingTokenKind lesser, SecurityFailure failure)
    {
        // What is signed and then encrypted on its own is not signed where the encrypted token should have been.
        var parties = Parties(binding, order, Token(type, kind));
        parties.ClientPolicy = parties.ClientPolicy with { SupportingTokens = [Token(type, lesser)] };
        var wire = parties.Protect(headers: Presets.Headers);
        Assert.That(() => parties.Verify(wire), Refused.With(failure));
    }

    [TestCaseSource(nameof(KindsOfTypes))]
    public void VerifyRequest_WithoutTheToken_IsRefusedUnlessOptional(SecurityTokenType type, SupportingTokenKind kind)
    {
        var token = Token(type, kind);
        foreach (var binding in Bindings.Keys)
        {
            var parties = Parties(binding, default, token);
            parties.ClientPolicy = parties.ClientPolicy with { SupportingTokens = [] };
            var wire = parties.Protect(headers: Presets.Headers);
            var endorses = type == SecurityTokenType.X509 && kind.ToString().Contains("Endorsing", StringComparison.Ordinal);
            Assert.That(() => parties.Verify(wire), Refused.With(endorses ? SecurityFailure.SignatureMissing : SecurityFailure.SecurityTokenMissing));

            parties = Parties(binding, default, token with { Optional = true });
            parties.ClientPolicy = parties.ClientPolicy with { SupportingTokens = [] };
            var without = parties.Protect(headers: Presets.Headers);
            Assert.That(() => parties.Verify(without).Dispose(), Throws.Nothing);

            parties = Parties(binding, default, token with { Optional = true });
            var with = parties.Protect(headers: Presets.Headers);
            Assert.That(() => parties.Verify(with).Dispose(), Throws.Nothing);
        }
    }

    [TestCaseSource(nameof(KindsOfTypes))]
    public void VerifyRequest_TokenOverTransport_IsAcceptedWithTheTransportsProtectionAlone(SecurityTokenType type, SupportingTokenKind kind)
    {
        var parties = Parties(SecurityPolicy.UserNameOverTransport with { SupportingTokens = [Token(SecurityTokenType.Username, SupportingTokenKind.Signed) with { Optional = true }, .. type == SecurityTokenType.Username ? [] : new[] { Token(type, kind) }] });
        parties.Context = new MessageContext { IsTransportProtected = true };
        var wire = parties.Protect(headers: Presets.Headers);
        Assert.That(Wire.Of(wire).Envelope.Descendants(Wire.Xenc + "EncryptedData"), Is.Empty);
        Assert.That(() => parties.Verify(wire).Dispose(), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_TokenOfOneOperation_IsDemandedThereAlone()
    {
        var token = Token(SecurityTokenType.Username, SupportingTokenKind.SignedEncrypted) with { Actions = [Action] };
        var parties = Parties(SecurityPolicy.MutualCertificateDuplex with { SupportingTokens = [token] });
        var add = parties.Protect(headers: Presets.Headers);
        var other = parties.Protect(headers: Presets.Headers.Replace(Action, "urn:calc/other", StringComparison.Ordinal));
        Assert.That(Wire.Of(other).Envelope.Descendants(Wire.Wsse + "UsernameToken"), Is.Empty);
        using (var request = parties.Verify(add))
        {
            Assert.That(request.Message.Evidence.Tokens.OfType<UsernameVerifiedToken>(), Is.Not.Empty);
        }

        using (var request = parties.Verify(other))
        {
            Assert.That(request.Message.Evidence.Tokens.OfType<UsernameVerifiedToken>(), Is.Empty);
        }

        var stripped = Parties(parties.ServicePolicy);
        stripped.ClientPolicy = SecurityPolicy.MutualCertificateDuplex;
        var without = stripped.Protect(headers: Presets.Headers);
        Assert.That(() => stripped.Verify(without), Refused.With(SecurityFailure.SecurityTokenMissing));
    }

    [Test]
    public void VerifyRequest_TokenOfOneOperationAndAnActionThatNothingAuthenticates_IsRefused()
    {
        var token = Token(SecurityTokenType.Username, SupportingTokenKind.SignedEncrypted) with { Actions = [Action] };
        var parties = Parties(SecurityPolicy.MutualCertificateDuplex with { SupportingTokens = [token] });
        var wire = parties.Protect(headers: "<a:MessageID>urn:uuid:1</a:MessageID>");
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.ActionMismatch));
    }

    [Test]
    public void VerifyRequest_TokenOfOneOperationOverTransportWithoutAnAction_IsRefused()
    {
        var parties = Parties(SecurityPolicy.UserNameOverTransport with
        {
            SupportingTokens = [Token(SecurityTokenType.X509, SupportingTokenKind.Endorsing) with { Actions = [Action] }],
        });
        parties.Context = new MessageContext { IsTransportProtected = true };
        var wire = parties.Protect();
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.ActionMismatch));
    }

    [Test]
    public void VerifyRequest_TokenThatTheOperationDoesNotHave_IsRefused()
    {
        var parties = Parties("asymmetric", default, Token(SecurityTokenType.Saml, SupportingTokenKind.SignedEncrypted));
        parties.ServicePolicy = parties.ServicePolicy with { SupportingTokens = [Token(SecurityTokenType.Saml, SupportingTokenKind.SignedEncrypted) with { Actions = ["urn:other"] }] };
        var wire = parties.Protect(headers: Presets.Headers);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.UnexpectedSecurityElement));
    }

    [TestCase(MessageProtectionOrder.SignBeforeEncryptAndEncryptSignature)]
    [TestCase(MessageProtectionOrder.SignBeforeEncrypt)]
    [TestCase(MessageProtectionOrder.EncryptBeforeSign)]
    public void VerifyRequest_TwoEndorsingCertificates_AreTwoIdentities(MessageProtectionOrder order)
    {
        SupportingToken[] tokens = [Token(SecurityTokenType.X509, SupportingTokenKind.Endorsing), Token(SecurityTokenType.X509, SupportingTokenKind.SignedEndorsing)];
        var parties = Parties(SecurityPolicy.MutualCertificate with { SupportingTokens = tokens, MessageProtectionOrder = order });
        parties.ClientCredentials = parties.ClientCredentials with { SupportingCertificates = [TestKeys.Client, TestKeys.Supporter] };
        var wire = parties.Protect(headers: Presets.Headers);
        using var request = parties.Verify(wire);
        Assert.That(
            request.Message.Evidence.Tokens.OfType<X509VerifiedToken>().Select(token => token.Certificate),
            Is.EquivalentTo([TestKeys.Client, TestKeys.Supporter]));
    }

    [Test]
    public void VerifyRequest_OneCertificateForTwoEndorsingTokens_IsRefused()
    {
        var endorsing = Token(SecurityTokenType.X509, SupportingTokenKind.Endorsing);
        var parties = Parties(SecurityPolicy.MutualCertificate with { SupportingTokens = [endorsing, endorsing] });
        parties.ClientPolicy = SecurityPolicy.MutualCertificate with { SupportingTokens = [endorsing] };
        var wire = parties.Protect(headers: Presets.Headers);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.SignatureMissing));
    }

    [TestCase(KeyReference.Thumbprint)]
    [TestCase(KeyReference.IssuerSerial)]
    [TestCase(KeyReference.SubjectKeyIdentifier)]
    public void VerifyRequest_SignedEndorsingCertificateThatIsOnlyNamed_IsCoveredByAnStrTransform(KeyReference form)
    {
        foreach (var order in Enum.GetValues<MessageProtectionOrder>())
        {
            var parties = Parties("symmetric", order, Token(SecurityTokenType.X509, SupportingTokenKind.SignedEndorsing) with { KeyReference = form });
            parties.ServiceCredentials = parties.ServiceCredentials with { PeerCertificates = [TestKeys.Public(TestKeys.Supporter)] };
            var wire = parties.Protect(headers: Presets.Headers);
            Assert.That(Wire.Of(wire).Envelope.Descendants(Wire.Wsse + "BinarySecurityToken"), Is.Empty);
            Assert.That(() => parties.Verify(wire).Dispose(), Throws.Nothing);

            var endorsing = Parties("symmetric", order, Token(SecurityTokenType.X509, SupportingTokenKind.SignedEndorsing) with { KeyReference = form });
            endorsing.ClientPolicy = endorsing.ClientPolicy with { SupportingTokens = [Token(SecurityTokenType.X509, SupportingTokenKind.Endorsing) with { KeyReference = form }] };
            endorsing.ServiceCredentials = parties.ServiceCredentials;
            var lesser = endorsing.Protect(headers: Presets.Headers);
            Assert.That(() => endorsing.Verify(lesser), Refused.With(SecurityFailure.SignedPartMissing));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void VerifyRequest_TokenOfItsKindWherePolicyProtectsTokens_IsAccepted(
        string binding, SecurityTokenType type, SupportingTokenKind kind, MessageProtectionOrder order)
    {
        var parties = Parties(binding, order, Token(type, kind));
        parties.ClientPolicy = parties.ServicePolicy = parties.ServicePolicy with { ProtectTokens = true };
        var wire = parties.Protect(headers: Presets.Headers);
        Assert.That(() => parties.Verify(wire).Dispose(), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_EndorsingTokenNotProtected_IsRefused()
    {
        foreach (var type in new[] { SecurityTokenType.X509, SecurityTokenType.Saml })
        {
            // The signature of the Timestamp is the only one.
            var parties = Parties(SecurityPolicy.UserNameOverTransport with { ProtectTokens = true, SupportingTokens = [Token(SecurityTokenType.Username, SupportingTokenKind.Signed), Token(type, SupportingTokenKind.Endorsing)] });
            parties.Context = new MessageContext { IsTransportProtected = true };
            parties.ClientPolicy = parties.ClientPolicy with { ProtectTokens = false };
            var wire = parties.Protect(headers: Presets.Headers);
            Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.TokenNotProtected));
        }
    }

    [Test]
    public void VerifyRequest_CarriedCertificateOfAStranger_IsRefused()
    {
        var parties = Parties("asymmetric", default, Token(SecurityTokenType.X509, SupportingTokenKind.Signed));
        parties.ClientCredentials = parties.ClientCredentials with { SupportingCertificates = [TestKeys.Stranger] };
        var wire = parties.Protect(headers: Presets.Headers);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void VerifyRequest_CarriedCertificate_AuthenticatesNobody()
    {
        var parties = Parties("symmetric", default, Token(SecurityTokenType.X509, SupportingTokenKind.SignedEncrypted));
        using var request = parties.Verify(parties.Protect(headers: Presets.Headers));
        Assert.That(request.Message.Evidence.Tokens, Is.Empty);
        Assert.That(request.Message.Principal.Identity!.IsAuthenticated, Is.False);
    }

    [Test]
    public void VerifyRequest_SigningCertificateAsCarriedOne_DoesNotStandForIt()
    {
        var parties = Parties("asymmetric", default, Token(SecurityTokenType.X509, SupportingTokenKind.Supporting));
        parties.ClientPolicy = SecurityPolicy.MutualCertificateDuplex;
        var wire = parties.Protect(headers: Presets.Headers);
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.SecurityTokenMissing));
    }

    [Test]
    public void ProtectRequest_EndorsingTokenAndNothingToSign_Throws()
    {
        var parties = Parties(SecurityPolicy.AnonymousForCertificate with
        {
            IncludeTimestamp = false,
            DetectReplays = false,
            SignedParts = MessageParts.None,
            SupportingTokens = [Token(SecurityTokenType.X509, SupportingTokenKind.Endorsing)],
        });
        Assert.That(() => parties.Protect(headers: Presets.Headers), Throws.InvalidOperationException.With.Message.Contains("nothing to sign"));
    }

    [Test]
    public void VerifyRequest_SignedTokenAndNothingElseToSign_IsCovered()
    {
        var policy = SecurityPolicy.AnonymousForCertificate with
        {
            IncludeTimestamp = false,
            DetectReplays = false,
            SignedParts = MessageParts.None,
            SupportingTokens = [Token(SecurityTokenType.Username, SupportingTokenKind.SignedEncrypted)],
        };
        var parties = Parties(policy);
        Assert.That(() => parties.Verify(parties.Protect(headers: Presets.Headers)).Dispose(), Throws.Nothing);

        var lesser = Parties(policy);
        lesser.ClientPolicy = policy with { SupportingTokens = [Token(SecurityTokenType.Username, SupportingTokenKind.Encrypted)] };
        var wire = lesser.Protect(headers: Presets.Headers);
        Assert.That(() => lesser.Verify(wire), Refused.With(SecurityFailure.SignatureMissing));
    }

    private static bool Exists(SecurityTokenType type, SupportingTokenKind kind) => type switch
    {
        SecurityTokenType.Username => !kind.ToString().Contains("Endorsing", StringComparison.Ordinal),
        SecurityTokenType.X509 or SecurityTokenType.Saml => true,
        _ => false,
    };

    private static SupportingToken Token(SecurityTokenType type, SupportingTokenKind kind) => new() { Kind = kind, Type = type, PasswordType = PasswordType.Digest };

    private static TestParties Parties(string binding, MessageProtectionOrder order, SupportingToken token) =>
        Parties(Bindings[binding] with { MessageProtectionOrder = order, SupportingTokens = [token] });

    private static TestParties Parties(SecurityPolicy policy)
    {
        var parties = TestParties.Of(policy);
        var endorses = policy.SupportingTokens.Any(token => token.Kind.ToString().Contains("Endorsing", StringComparison.Ordinal));
        parties.ClientCredentials = parties.ClientCredentials with
        {
            SupportingCertificates = [TestKeys.Supporter],
            SamlAssertion = SamlTesting.Issue(endorses ? SamlTesting.HolderOfKey : SamlTesting.Bearer),
        };

        // Or a bearer assertion could not go unencrypted.
        parties.Context = new MessageContext { IsTransportProtected = policy.SupportingTokens.Any(token => token.Type == SecurityTokenType.Saml) };
        parties.ServiceCredentials = SamlTesting.Trusting(parties.ServiceCredentials);
        return parties;
    }
}
