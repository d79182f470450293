using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Policy;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Policy.WsSecurityPolicy;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

internal sealed class PolicyRoundTripTests
{
    private const int Seeds = 8000;

    private static readonly SecurityPolicy[] Presets =
    [
        SecurityPolicy.MutualCertificateDuplex, SecurityPolicy.MutualCertificate, SecurityPolicy.CertificateSignature,
        SecurityPolicy.AnonymousForCertificate, SecurityPolicy.UserNameForCertificate, SecurityPolicy.UserNameDerivedKey, SecurityPolicy.UserNameOverTransport,
        SecurityPolicy.CertificateOverTransport, SecurityPolicy.Kerberos, SecurityPolicy.KerberosOverTransport, SecurityPolicy.AnonymousOverTransport,
        SecurityPolicy.IssuedToken, SecurityPolicy.IssuedTokenForCertificate, SecurityPolicy.IssuedTokenOverTransport,
    ];

    [Test]
    public void ToWsPolicy_ImportedAgain_MeansTheSame([Values] WsPolicyVersion version)
    {
        var said = 0;
        var unchanged = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var policy = RandomPolicy.Create(new Random(seed));
            if (TryWrite(policy, version) is not { } written)
            {
                continue;
            }

            said++;
            var imported = PolicyXml.Import(written);
            Assert.That(imported, Is.EqualTo(PolicyStatement.Of(policy).ToPolicy()), $"seed {seed} {written}");
            AssertSameEffect(policy, imported, seed);

            // A policy that names its parts, and nothing in another way than imports do, comes back as it was.
            Assert.That(PolicyXml.Import(imported.ToWsPolicy(version)), Is.EqualTo(imported), $"seed {seed}, again");
            unchanged += imported == policy ? 1 : 0;
        }

        Assert.That(said, Is.GreaterThan(Seeds / 4));
        Assert.That(unchanged, Is.GreaterThan(Seeds / 80));
    }

    [TestCaseSource(nameof(Presets))]
    public void ToWsPolicy_Preset_ComesBackWithItsMode(SecurityPolicy preset) =>
        Assert.That(PolicyXml.Import(preset.ToWsPolicy()).AuthenticationMode, Is.EqualTo(preset.AuthenticationMode));

    [TestCaseSource(nameof(Presets))]
    public void ToWsPolicy_AnyAssertionDeleted_ChangesTheImportOrIsRefused(SecurityPolicy preset)
    {
        var policy = preset with
        {
            SecurityHeaderLayout = SecurityHeaderLayout.Strict,
            RequireSignatureConfirmation = true,
            ProtectTokens = !preset.AuthenticationMode.ToString().EndsWith("OverTransport", StringComparison.Ordinal),
        };
        var written = policy.ToWsPolicy();
        var imported = PolicyXml.Import(written);
        for (var i = 0; i < written.Descendants().Count(); i++)
        {
            var copy = new XElement(written);
            var element = copy.Descendants().ElementAt(i);
            if (element.Name.Namespace == PolicyXml.Wsp15 || HasNoEffect(element))
            {
                continue;
            }

            element.Remove();
            var again = PolicyXml.Read(copy.ToString());
            Assert.That(again.Policy, Is.Not.EqualTo(imported), element.ToString());
        }
    }

    [Test]
    public void ToMessageWsPolicy_PartsByMessage_ComeBackFromAWsdl()
    {
        var policy = SecurityPolicy.MutualCertificateDuplex with
        {
            SignedParts = new ProtectedParts { Request = new MessageParts { Body = true, Headers = [new QualifiedName("urn:h")] }, Reply = new MessageParts { Body = true } },
            EncryptedParts = new MessageParts { Body = true },
        };
        var wsdl = $"""
            <w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:svc" targetNamespace="urn:svc">
              <w:binding name="B" type="t:Type">{policy.ToEndpointWsPolicy()}
                <w:operation name="First"><w:input>{policy.ToMessageWsPolicy(isReply: false)}</w:input><w:output>{policy.ToMessageWsPolicy(isReply: true)}</w:output></w:operation>
              </w:binding>
            </w:definitions>
            """;
        using var reader = new StringReader(wsdl);
        Assert.That(SecurityPolicy.FromWsdl(reader, "B"), Is.EqualTo(policy));
    }

    [Test]
    public void ToWsPolicy_PartsByMessage_NamesTheOtherWay() =>
        Assert.That(
            () => (SecurityPolicy.CertificateSignature with { SignedParts = new ProtectedParts { Request = new MessageParts { Body = true }, Reply = MessageParts.None } }).ToWsPolicy(),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains(nameof(SecurityPolicy.ToMessageWsPolicy)));

    [Test]
    public void ToWsPolicy_WhatCannotBeSaid_IsNamed()
    {
        var duplex = SecurityPolicy.MutualCertificateDuplex;
        Assert.That(Unsayable(duplex with { Actor = "urn:a" }), Does.Contain(nameof(SecurityPolicy.Actor)));
        Assert.That(Unsayable(duplex with { EnableUnsecuredResponse = true }), Does.Contain(nameof(SecurityPolicy.EnableUnsecuredResponse)));
        Assert.That(Unsayable(duplex with { SignatureAlgorithms = [SignatureAlgorithmName.EcdsaSha256] }), Does.Contain(nameof(SecurityPolicy.SignatureAlgorithms)));
        Assert.That(Unsayable(SecurityPolicy.UserNameOverTransport with { AllowInsecureTransport = true }), Does.Contain(nameof(SecurityPolicy.AllowInsecureTransport)));
        Assert.That(Unsayable(SecurityPolicy.CertificateOverTransport with { ProtectTokens = true }), Does.Contain(nameof(SecurityPolicy.ProtectTokens)));
        Assert.That(
            Unsayable(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Custom, Name = "Jwt" }] }),
            Does.Contain(nameof(SecurityTokenType.Custom)));
        Assert.That(Unsayable(SecurityPolicy.IssuedToken with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Saml }] }), Does.Contain("no supporting token"));
        Assert.That(
            Unsayable(SecurityPolicy.IssuedToken with { SupportingTokens = [Issued(SupportingTokenKind.Supporting, new IssuedTokenParameters { AdditionalRequestParameters = ["<no element"] })] }),
            Does.Contain(nameof(IssuedTokenParameters.AdditionalRequestParameters)));
    }

    private static SupportingToken Issued(SupportingTokenKind kind, IssuedTokenParameters parameters) =>
        new() { Kind = kind, Type = SecurityTokenType.Saml, IssuedTokenParameters = parameters };

    private static string Unsayable(SecurityPolicy policy) => Assert.Throws<NotSupportedException>(() => policy.ToWsPolicy())!.Message;

    private static XElement? TryWrite(SecurityPolicy policy, WsPolicyVersion version)
    {
        try
        {
            return policy.ToWsPolicy(version);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // What is accepted or protected anyway, for which the import has no member; and EncryptedParts mean the Body where they name nothing.
    private static bool HasNoEffect(XElement element) =>
        element.Name.LocalName is "OnlySignEntireHeadersAndBody" or "WssX509V3Token10" or "WssUsernameToken10" or "WssGssKerberosV5ApReqToken11" or "RequireInternalReference"
        || (element.Name.LocalName == "NoPassword" && element.Ancestors().Any(outer => outer.Name.LocalName == "ProtectionToken"))
        || (element.Name.LocalName == "Body" && element.Parent!.Name.LocalName == "EncryptedParts")
        || element.Name.LocalName.StartsWith("MustSupportRef", StringComparison.Ordinal);

    // Asked of the engine, not of the statement that export and import share.
    private static void AssertSameEffect(SecurityPolicy policy, SecurityPolicy imported, int seed)
    {
        var (binding, other) = (SecurityBinding.For(policy), SecurityBinding.For(imported));
        (binding, other) = (binding with { Tokens = InEffect(policy, binding) }, other with { Tokens = InEffect(imported, other) });
        Assert.That(other.Tokens, Is.EqualTo(binding.Tokens), $"seed {seed}");
        Assert.That(other with { SignsOnly = binding.SignsOnly }, Is.EqualTo(binding), $"seed {seed}");
        foreach (var isReply in new[] { false, true })
        {
            Assert.That(
                MessageRequirements.For(imported, other, isReply, null, null), Is.EqualTo(MessageRequirements.For(policy, binding, isReply, null, null)), $"seed {seed}");
        }

        Assert.That(
            (imported.DefaultAlgorithmSuite, imported.MessageSecurityVersion, imported.SecurityHeaderLayout, imported.IncludeTimestamp, imported.RequireSignatureConfirmation, imported.ProtectTokens),
            Is.EqualTo((policy.DefaultAlgorithmSuite, policy.MessageSecurityVersion, policy.SecurityHeaderLayout, policy.IncludeTimestamp, policy.RequireSignatureConfirmation, policy.ProtectTokens)),
            $"seed {seed}");
    }

    // Whether each certificate travels, and how it is named where it does not.
    private static List<SupportingToken> InEffect(SecurityPolicy policy, SecurityBinding binding) => [.. binding.Tokens.OrderBy(token => token.Type).Select(token =>
    {
        var travels = token.Type == SecurityTokenType.X509 && (SupportingTokensCheck.Travels(token) || TokenInclusion.Travels(policy, token, isReply: false));
        return token with
        {
            InclusionMode = travels ? SecurityTokenInclusionMode.AlwaysToRecipient : SecurityTokenInclusionMode.Never,
            KeyReference = travels || token.Type != SecurityTokenType.X509 ? KeyReference.Default : CertificateInclusion.ReferenceOf(policy, token),
        };
    })];
}
