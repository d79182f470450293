using NUnit.Framework;
using static WsSecurity.Tests.Policy.WsSecurityPolicy.PolicyXml;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>sp:KerberosToken (WS-SecurityPolicy 1.3, section 5.4.4), read and written.</summary>
internal sealed class KerberosTokenTests
{
    private const string Parts = "<sp:SignedParts><sp:Body/></sp:SignedParts><sp:EncryptedParts><sp:Body/></sp:EncryptedParts><sp:Wss11><wsp:Policy/></sp:Wss11>";
    private const string Gss = "<sp:WssGssKerberosV5ApReqToken11/>";

    private static readonly SupportingTokenKind[] Kinds = Enum.GetValues<SupportingTokenKind>();

    [Test]
    public void FromWsdl_KerberosTokenThatProtects_IsKerberos() =>
        Assert.That(Import(Protecting(Gss + "<sp:RequireDerivedKeys/>") + Parts), Is.EqualTo(SecurityPolicy.Kerberos with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256,
            MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
            SignedParts = new MessageParts { Body = true },
            EncryptedParts = new MessageParts { Body = true },
        }));

    [Test]
    public void FromWsdl_RawTokenByKeyIdentifier_IsWrittenSo()
    {
        var policy = Import(Protecting("<sp:WssKerberosV5ApReqToken11/><sp:RequireKeyIdentifierReference/>") + Parts);
        Assert.That(policy.KerberosTokenForm, Is.EqualTo(KerberosTokenForm.ApReq));
        Assert.That(policy.KeyReference, Is.EqualTo(KeyReference.SubjectKeyIdentifier));
        Assert.That(policy.RequireDerivedKeys, Is.False);
    }

    [Test]
    public void FromWsdl_EndorsingOverTransport_IsKerberosOverTransport() =>
        Assert.That(Import(Transport() + Supporting("EndorsingSupportingTokens") + "<sp:Wss11><wsp:Policy/></sp:Wss11>"), Is.EqualTo(SecurityPolicy.KerberosOverTransport with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256,
        }));

    [Test]
    public void FromWsdl_SignedTokenWhoseKeySignsNothing_IsEncryptedTooAndSaysSo()
    {
        var import = Read(Wrap(Symmetric() + Supporting("SignedSupportingTokens") + Parts));
        Assert.That(import.Policy!.SupportingTokens, Has.Exactly(1).Matches<SupportingToken>(token => token is { Type: SecurityTokenType.Kerberos, Kind: SupportingTokenKind.SignedEncrypted }));
        Assert.That(import.Explanation, Has.Some.Contains("The Kerberos token is encrypted too"));
    }

    [TestCase("<sp:RequireImpliedDerivedKeys/>", "is not supported")]
    [TestCase("<sp:RequireThumbprintReference/>", "is not supported")]
    public void ReadAll_AssertionThatIsNotSupported_IsRefusedByItsPath(string assertion, string reason) =>
        Assert.That(Read(Wrap(Protecting(assertion) + Parts)).Refusal!.Unsupported, Has.Some.StartsWith("sp:SymmetricBinding/sp:ProtectionToken/sp:KerberosToken/").And.Some.Contains(reason));

    [Test]
    public void ReadAll_TwoTokens_IsRefused() =>
        Assert.That(Read(Wrap(Protecting(Gss) + Supporting("EndorsingSupportingTokens") + Parts)).Refusal!.Unsupported, Has.Some.Contains("is a second KerberosToken"));

    [Test]
    public void ToWsPolicy_Presets_ComeBackAsTheyAre([Values] WsPolicyVersion version, [Values] KerberosTokenForm form, [Values(KeyReference.Default, KeyReference.SubjectKeyIdentifier)] KeyReference reference)
    {
        foreach (var preset in new[] { SecurityPolicy.Kerberos, SecurityPolicy.Kerberos with { RequireDerivedKeys = false }, SecurityPolicy.KerberosOverTransport })
        {
            var policy = preset with { KerberosTokenForm = form, KeyReference = reference };
            var imported = PolicyXml.Import(policy.ToWsPolicy(version));
            Assert.That(imported with { SignedParts = null, EncryptedParts = null }, Is.EqualTo(policy));
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void ToWsPolicy_SupportingToken_ComesBackWithItsKind(SupportingTokenKind kind)
    {
        var policy = SecurityPolicy.KerberosOverTransport with { SupportingTokens = [new SupportingToken { Kind = kind, Type = SecurityTokenType.Kerberos, Optional = kind == SupportingTokenKind.Signed }] };
        var imported = PolicyXml.Import(policy.ToWsPolicy());
        Assert.That(imported, Is.EqualTo(kind == SupportingTokenKind.Endorsing ? SecurityPolicy.KerberosOverTransport : policy));
    }

    private static string Protecting(string nested) =>
        Symmetric().Replace(XOfX509(), $"<sp:KerberosToken><wsp:Policy>{nested}</wsp:Policy></sp:KerberosToken>", StringComparison.Ordinal);

    private static string Supporting(string name) => $"<sp:{name}><wsp:Policy><sp:KerberosToken><wsp:Policy>{Gss}</wsp:Policy></sp:KerberosToken></wsp:Policy></sp:{name}>";

    private static string XOfX509()
    {
        var symmetric = Symmetric();
        var start = symmetric.IndexOf("<sp:X509Token", StringComparison.Ordinal);
        const string End = "</sp:X509Token>";
        return symmetric[start..(symmetric.IndexOf(End, StringComparison.Ordinal) + End.Length)];
    }
}
