using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Policy;

/// <summary>A policy that contradicts itself, or credentials that lack what it needs, are refused when a role is created; the message names what to change.</summary>
public sealed class PolicyRejectionTests
{
    private static readonly SupportingToken Username = new() { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username };

    private static readonly TestCaseData[] Policies =
    [
        new(SecurityPolicy.AnonymousForCertificate with { MessageSecurityVersion = MessageSecurityVersion.Wss10 }, "Wss11"),
        new(SecurityPolicy.UserNameForCertificate with { MessageSecurityVersion = MessageSecurityVersion.Wss10 }, "Wss11"),
        new(SecurityPolicy.MutualCertificateDuplex with { RequireDerivedKeys = true }, "RequireDerivedKeys"),
        new(SecurityPolicy.UserNameOverTransport with { SignedParts = new MessageParts { Body = true } }, "SignedParts"),
        new(SecurityPolicy.UserNameOverTransport with { EncryptedParts = new MessageParts { Body = true } }, "EncryptedParts"),
        new(SecurityPolicy.CertificateOverTransport with { IncludeTimestamp = false }, "IncludeTimestamp"),
        new(SecurityPolicy.MutualCertificateDuplex with { MessageSecurityVersion = MessageSecurityVersion.Wss10, RequireSignatureConfirmation = true }, "RequireSignatureConfirmation"),
        new(SecurityPolicy.MutualCertificateDuplex with { MessageSecurityVersion = MessageSecurityVersion.Wss10, KeyReference = KeyReference.Thumbprint }, "Thumbprint"),
        new(SecurityPolicy.Kerberos with { MessageSecurityVersion = MessageSecurityVersion.Wss10 }, "Wss11"),
        new(SecurityPolicy.Kerberos with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Kerberos }] }, "Kerberos token protects"),
        new(SecurityPolicy.KerberosOverTransport with { IncludeTimestamp = false }, "IncludeTimestamp"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Username with { Kind = SupportingTokenKind.Endorsing }] }, "PasswordType None"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Username with { RequireDerivedKeys = true }] }, "RequireDerivedKeys"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Username with { Kind = SupportingTokenKind.Endorsing, PasswordType = PasswordType.None }] }, "takes 256"),
        new(SecurityPolicy.CertificateSignature with { MessageSecurityVersion = MessageSecurityVersion.Wss10, SupportingTokens = [Username with { Kind = SupportingTokenKind.Endorsing, PasswordType = PasswordType.None }] }, "Wss11"),
        new(SecurityPolicy.UserNameDerivedKey with { RequireDerivedKeys = false }, "takes 256"),
        new(SecurityPolicy.UserNameDerivedKey with { MessageSecurityVersion = MessageSecurityVersion.Wss10 }, "Wss11"),
        new(SecurityPolicy.UserNameDerivedKey with { PasswordIterations = 999 }, "PasswordIterations"),
        new(SecurityPolicy.UserNameDerivedKey with { PasswordIterations = 10_001 }, "PasswordIterations"),
        new(SecurityPolicy.UserNameDerivedKey with { SupportingTokens = [Username with { Kind = SupportingTokenKind.Supporting }] }, "PasswordType None"),
        new(SecurityPolicy.UserNameDerivedKey with { SupportingTokens = [Username with { PasswordType = PasswordType.None }] }, "ProtectTokens"),
        new(SecurityPolicy.UserNameDerivedKey with { SupportingTokens = [Username with { Kind = SupportingTokenKind.Supporting, PasswordType = PasswordType.None, Optional = true }] }, "may be missing"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Username, Username] }, "one UsernameToken"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Username, Username with { Actions = ["urn:add"] }] }, "one UsernameToken"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Username with { Actions = ["urn:add", "urn:sub"] }, Username with { Actions = ["urn:add"] }] }, "one UsernameToken"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Username with { Actions = [""] }] }, "action"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Username with { KeyReference = KeyReference.Thumbprint }] }, "KeyReference"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Certificate(SupportingTokenKind.Signed) with { InclusionMode = SecurityTokenInclusionMode.Never }] }, "travels"),
        new(SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Certificate(SupportingTokenKind.EndorsingEncrypted) with { KeyReference = KeyReference.Thumbprint }] }, "travels"),
        new(SecurityPolicy.UserNameOverTransport with { IncludeTimestamp = false, SupportingTokens = [Certificate(SupportingTokenKind.Endorsing) with { Optional = true }] }, "IncludeTimestamp"),
        new(SecurityPolicy.MutualCertificateDuplex with { MessageSecurityVersion = MessageSecurityVersion.Wss10, SupportingTokens = [Certificate(SupportingTokenKind.Endorsing) with { KeyReference = KeyReference.Thumbprint }] }, "Thumbprint"),
    ];

    private static SupportingToken Certificate(SupportingTokenKind kind) => new() { Kind = kind, Type = SecurityTokenType.X509 };

    private static readonly TestCaseData[] InitiatorCredentials =
    [
        new("MutualCertificateDuplex", Without(credentials => credentials with { Certificate = null }), "Certificate"),
        new("MutualCertificateDuplex", Without(credentials => credentials with { Certificate = TestKeys.Public(TestKeys.Client) }), "private key"),
        new("MutualCertificateDuplex", Without(credentials => credentials with { Certificate = TestKeys.WeakClient }), "1024"),
        new("MutualCertificateDuplex", Without(credentials => credentials with { PeerCertificates = [] }), "PeerCertificates"),
        new("MutualCertificateDuplex", Without(credentials => credentials with { PeerCertificates = [TestKeys.Public(TestKeys.EcClient)] }), "RSA"),
        new("AnonymousForCertificate", Without(credentials => credentials with { PeerCertificates = [] }), "PeerCertificates"),
        new("MutualCertificate", Without(credentials => credentials with { Certificate = null }), "endorsing"),
        new("CertificateOverTransport", Without(credentials => credentials with { Certificate = null }), "endorsing"),
        new("CertificateSignature", Without(credentials => credentials with { Certificate = null }), "Certificate"),
        new("UserNameForCertificate", Without(credentials => credentials with { UserName = null }), "UserName"),
        new("UserNameOverTransport", Without(credentials => credentials with { UserName = "" }), "UserName"),
        new("UserNameOverTransport", Without(credentials => credentials with { Password = null }), "Password"),
    ];

    private static readonly TestCaseData[] RecipientCredentials =
    [
        new("MutualCertificateDuplex", Without(credentials => credentials with { Certificate = null }), "Certificate"),
        new("MutualCertificateDuplex", Without(credentials => credentials with { Certificate = TestKeys.Public(TestKeys.Service) }), "private key"),
        new("AnonymousForCertificate", Without(credentials => credentials with { Certificate = null }), "Certificate"),
        new("AnonymousForCertificate", Without(credentials => credentials with { Certificate = TestKeys.EcClient }), "RSA"),
        new("UserNameForCertificate", Without(credentials => credentials with { UsernameTokenValidator = null }), "UsernameTokenValidator"),
        new("UserNameOverTransport", Without(credentials => credentials with { UsernameTokenValidator = null }), "UsernameTokenValidator"),
    ];

    [TestCaseSource(nameof(Policies))]
    public void Roles_PolicyThatCannotBe_Throw(SecurityPolicy policy, string names)
    {
        var parties = TestParties.Of(policy);
        Assert.That(() => parties.Initiator, Throws.ArgumentException.With.Message.Contains(names));
        Assert.That(() => parties.Recipient, Throws.ArgumentException.With.Message.Contains(names));
    }

    [TestCaseSource(nameof(InitiatorCredentials))]
    public void Initiator_CredentialsThatLackSomething_Throws(string preset, Func<SecurityCredentials, SecurityCredentials> without, string names)
    {
        var parties = Presets.Parties(preset);
        parties.ClientCredentials = without(parties.ClientCredentials);
        Assert.That(() => parties.Initiator, Throws.ArgumentException.With.Message.Contains(names));
    }

    [TestCaseSource(nameof(RecipientCredentials))]
    public void Recipient_CredentialsThatLackSomething_Throws(string preset, Func<SecurityCredentials, SecurityCredentials> without, string names)
    {
        var parties = Presets.Parties(preset);
        parties.ServiceCredentials = without(parties.ServiceCredentials);
        Assert.That(() => parties.Recipient, Throws.ArgumentException.With.Message.Contains(names));
    }

    [Test]
    public void Initiator_OneCertificateForTwoEndorsingTokens_Throws()
    {
        var parties = TestParties.Of(SecurityPolicy.MutualCertificate with { SupportingTokens = [Certificate(SupportingTokenKind.Endorsing), Certificate(SupportingTokenKind.SignedEndorsing)] });
        Assert.That(() => parties.Initiator, Throws.ArgumentException.With.Message.Contains("SupportingCertificates"));
    }

    [Test]
    public void Recipient_ReplaysWithoutATimestamp_Throws() =>
        Assert.That(() => TestParties.Of(SecurityPolicy.CertificateSignature with { IncludeTimestamp = false }).Recipient, Throws.ArgumentException.With.Message.Contains("DetectReplays"));

    [Test]
    public void CreateCallbackRoles_SymmetricMode_Throw()
    {
        var parties = Presets.Parties("AnonymousForCertificate");
        Assert.That(parties.Initiator.CreateCallbackRecipient, Throws.InvalidOperationException.With.Message.Contains("MutualCertificateDuplex"));
        using var request = parties.Verify(parties.Protect());
        Assert.That(request.CreateCallbackInitiator, Throws.InvalidOperationException.With.Message.Contains("MutualCertificateDuplex"));
    }

    [Test]
    public void Roles_NullArguments_Throw()
    {
        Assert.That(() => new Initiator(null!, new SecurityCredentials()), Throws.ArgumentNullException);
        Assert.That(() => new Recipient(SecurityPolicy.CertificateSignature, null!), Throws.ArgumentNullException);
    }

    [Test]
    public void ProtectRequest_EnvelopeWithOurSecurityHeader_Throws()
    {
        var parties = Presets.Parties("CertificateSignature");
        Assert.That(() => parties.Protect(parties.Protect()), Refused.With(SecurityFailure.DuplicateSecurityHeader));
    }

    private static Func<SecurityCredentials, SecurityCredentials> Without(Func<SecurityCredentials, SecurityCredentials> change) => change;
}
