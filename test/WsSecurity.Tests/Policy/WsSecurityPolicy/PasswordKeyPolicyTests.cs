using NUnit.Framework;
using static WsSecurity.Tests.Policy.WsSecurityPolicy.PolicyXml;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>sp:UsernameToken as a key (WS-SecurityPolicy 1.3, section 5.4.1): as sp:ProtectionToken, and endorsing.</summary>
internal sealed class PasswordKeyPolicyTests
{
    private const string Parts = "<sp:SignedParts><sp:Body/></sp:SignedParts><sp:EncryptedParts><sp:Body/></sp:EncryptedParts><sp:Wss11><wsp:Policy/></sp:Wss11>";

    private static readonly SupportingTokenKind[] Kinds =
        [SupportingTokenKind.Endorsing, SupportingTokenKind.SignedEndorsing, SupportingTokenKind.EndorsingEncrypted, SupportingTokenKind.SignedEndorsingEncrypted];

    [TestCase("")]
    [TestCase("<sp:NoPassword/>")]
    [TestCase("<sp:WssUsernameToken11/><sp:NoPassword/>")]
    public void FromWsdl_UsernameTokenThatProtects_IsUserNameDerivedKey(string nested) =>
        Assert.That(Import(Protecting(nested + "<sp:RequireDerivedKeys/>") + Parts), Is.EqualTo(SecurityPolicy.UserNameDerivedKey with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256,
            MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
            SecureConversationVersion = SecureConversationVersion.WSSecureConversation13,
            SignedParts = new MessageParts { Body = true },
            EncryptedParts = new MessageParts { Body = true },
        }));

    [Test]
    public void FromWsdl_KeyThatIsNotDerived_NeedsASuiteThatItFits()
    {
        Assert.That(Read(Wrap(Protecting(string.Empty) + Parts)).Refusal!.Unsupported, Has.Some.Contains("takes 256"));
        var policy = Import(Protecting(string.Empty).Replace("Basic256Sha256", "Basic128Sha256", StringComparison.Ordinal) + Parts);
        Assert.That(policy.RequireDerivedKeys, Is.False);
    }

    [TestCaseSource(nameof(Kinds))]
    public void FromWsdl_EndorsingUsernameToken_EndorsesByThePasswordsKey(SupportingTokenKind kind)
    {
        foreach (var binding in new[] { Transport(), Symmetric() + Parts })
        {
            var policy = Import(binding + Supporting($"{kind}SupportingTokens", "<sp:NoPassword/><sp:RequireExplicitDerivedKeys/>"));
            Assert.That(policy.SupportingTokens, Is.EqualTo(
                new[] { new SupportingToken { Kind = kind, Type = SecurityTokenType.Username, PasswordType = PasswordType.None, RequireDerivedKeys = true } }));
            Assert.That(policy.MessageSecurityVersion, Is.EqualTo(MessageSecurityVersion.Wss11));
            Assert.That(policy.SecureConversationVersion, Is.EqualTo(SecureConversationVersion.WSSecureConversation13));
        }
    }

    [TestCase("<sp:HashPassword/>", "is not supported")]
    [TestCase("<sp:RequireImpliedDerivedKeys/>", "is not supported")]
    public void ReadAll_WhatDoesNotGoWithAKey_IsRefusedByItsPath(string nested, string reason)
    {
        Assert.That(Read(Wrap(Protecting(nested) + Parts)).Refusal!.Unsupported, Has.Some.StartsWith("sp:SymmetricBinding/sp:ProtectionToken/sp:UsernameToken/").And.Some.Contains(reason));
        Assert.That(Read(Wrap(Transport() + Supporting("EndorsingSupportingTokens", nested))).Refusal!.Unsupported, Has.Some.Contains(reason));
    }

    [Test]
    public void ReadAll_DerivedKeysOfATokenThatDoesNotEndorse_AreRefused() =>
        Assert.That(Read(Wrap(Transport() + Supporting("SignedSupportingTokens", "<sp:RequireDerivedKeys/>"))).Refusal!.Unsupported, Has.Some.Contains("RequireDerivedKeys"));

    [Test]
    public void ReadAll_TwoUsernameTokens_AreRefused() =>
        Assert.That(Read(Wrap(Protecting("<sp:RequireDerivedKeys/>") + Supporting("SignedSupportingTokens", string.Empty) + Parts)).Refusal!.Unsupported, Has.Some.Contains("second UsernameToken"));

    [Test]
    public void ToWsPolicy_Preset_ComesBackAsItIs([Values] WsPolicyVersion version, [Values] bool derives)
    {
        var policy = SecurityPolicy.UserNameDerivedKey with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128GCMSha256, RequireDerivedKeys = derives ? null : false, ProtectTokens = true };
        var imported = PolicyXml.Import(policy.ToWsPolicy(version));
        Assert.That(imported with { SignedParts = null, EncryptedParts = null, SecureConversationVersion = null }, Is.EqualTo(policy));
    }

    [Test]
    public void ToWsPolicy_EndorsingToken_ComesBackWithItsKind([ValueSource(nameof(Kinds))] SupportingTokenKind kind, [Values] bool derives)
    {
        var policy = SecurityPolicy.UserNameOverTransport with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic128GCMSha256,
            SupportingTokens = [new SupportingToken { Kind = kind, Type = SecurityTokenType.Username, PasswordType = PasswordType.None, RequireDerivedKeys = derives, Optional = kind == SupportingTokenKind.Endorsing }],
        };
        Assert.That(PolicyXml.Import(policy.ToWsPolicy()) with { SecureConversationVersion = null }, Is.EqualTo(policy));
    }

    private static string Protecting(string nested)
    {
        var symmetric = Symmetric();
        var start = symmetric.IndexOf("<sp:X509Token", StringComparison.Ordinal);
        const string End = "</sp:X509Token>";
        return symmetric[..start] + Token(nested) + symmetric[(symmetric.IndexOf(End, StringComparison.Ordinal) + End.Length)..];
    }

    private static string Supporting(string name, string nested) => $"<sp:{name}><wsp:Policy>{Token(nested)}</wsp:Policy></sp:{name}>";

    private static string Token(string nested) => $"<sp:UsernameToken><wsp:Policy>{nested}</wsp:Policy></sp:UsernameToken>";
}
