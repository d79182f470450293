using NUnit.Framework;
using WsSecurity.Exchanges;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Exchanges;

/// <summary>
/// For every preset and every assertion of it: a message that lacks exactly that proof, and is right in all else, is refused by the name of
/// what is missing. The peer is one of ours under a policy that leaves it out.
/// </summary>
public sealed class RemoveOneProtectionTests
{
    private static readonly QualifiedName Addressing = new("http://www.w3.org/2005/08/addressing");
    private static readonly QualifiedName Tenant = new("urn:tenant", "Tenant");

    private static readonly Dictionary<string, (Func<SecurityPolicy, bool> Applies, Func<SecurityPolicy, SecurityPolicy> Demand, Func<SecurityPolicy, SecurityPolicy> Without, SecurityFailure Failure)> Assertions = new()
    {
        ["Timestamp"] = (policy => policy.AuthenticationMode != AuthenticationMode.CertificateOverTransport, Same, policy => policy with { IncludeTimestamp = false }, SecurityFailure.TimestampMissing),
        ["signed Body"] = (IsOfMessage, Same, policy => policy with { SignedParts = new MessageParts { Headers = [Addressing] } }, SecurityFailure.SignedPartMissing),
        ["signed addressing"] = (IsOfMessage, Same, policy => policy with { SignedParts = new MessageParts { Body = true } }, SecurityFailure.SignedPartMissing),
        ["signed header"] = (
            IsOfMessage,
            policy => policy with { SignedParts = new MessageParts { Body = true, Headers = [Addressing, Tenant] } },
            policy => policy with { SignedParts = new MessageParts { Body = true, Headers = [Addressing] } },
            SecurityFailure.SignedPartMissing),
        ["signed element"] = (
            IsOfMessage,
            policy => policy with { SignedParts = new MessageParts { Headers = [Addressing], Elements = [new QualifiedName("urn:calc", "a"), new QualifiedName("urn:calc", "b")] }, EncryptedParts = MessageParts.None },
            policy => policy with { SignedParts = new MessageParts { Headers = [Addressing], Elements = [new QualifiedName("urn:calc", "a")] }, EncryptedParts = MessageParts.None },
            SecurityFailure.SignedPartMissing),
        ["signed path"] = (
            IsOfMessage,
            policy => policy with { SignedParts = new MessageParts { Headers = [Addressing], Paths = [Path("//c:a"), Path("/s:Envelope/s:Body/c:add/c:b")] }, EncryptedParts = MessageParts.None },
            policy => policy with { SignedParts = new MessageParts { Headers = [Addressing], Paths = [Path("//c:a")] }, EncryptedParts = MessageParts.None },
            SecurityFailure.SignedPartMissing),
        ["signed path of a header"] = (
            IsOfMessage,
            policy => policy with { SignedParts = new MessageParts { Body = true, Headers = [Addressing], Paths = [Path("s:Header/t:Tenant")] } },
            policy => policy with { SignedParts = new MessageParts { Body = true, Headers = [Addressing] } },
            SecurityFailure.SignedPartMissing),
        ["every signed header"] = (
            IsOfMessage,
            policy => policy with { SignedParts = new MessageParts { Body = true, AllHeaders = true } },
            policy => policy with { SignedParts = new MessageParts { Body = true, Headers = [Addressing] } },
            SecurityFailure.SignedPartMissing),
        ["encrypted path"] = (
            Encrypts,
            policy => policy with { EncryptedParts = new MessageParts { Paths = [Path("//c:a"), Path("//c:b")] } },
            policy => policy with { EncryptedParts = new MessageParts { Paths = [Path("//c:a")] } },
            SecurityFailure.EncryptedPartMissing),
        ["encrypted content of a path"] = (
            Encrypts,
            policy => policy with { EncryptedParts = new MessageParts { ContentPaths = [Path("//c:a"), Path("//c:b")] } },
            policy => policy with { EncryptedParts = new MessageParts { ContentPaths = [Path("//c:b")] } },
            SecurityFailure.EncryptedPartMissing),
        ["layout"] = (
            policy => true,
            policy => policy with { SecurityHeaderLayout = SecurityHeaderLayout.LaxTimestampFirst },
            policy => policy with { SecurityHeaderLayout = SecurityHeaderLayout.LaxTimestampLast },
            SecurityFailure.HeaderLayoutViolated),
        ["encrypted Body"] = (Encrypts, Same, policy => policy with { EncryptedParts = MessageParts.None }, SecurityFailure.EncryptedPartMissing),
        ["encrypted header"] = (
            Encrypts,
            policy => policy with { EncryptedParts = new MessageParts { Body = true, Headers = [Tenant] } },
            policy => policy with { EncryptedParts = new MessageParts { Body = true } },
            SecurityFailure.EncryptedPartMissing),
        ["encrypted element"] = (
            Encrypts,
            policy => policy with { EncryptedParts = new MessageParts { Elements = [new QualifiedName("urn:calc", "a"), new QualifiedName("urn:calc", "b")] } },
            policy => policy with { EncryptedParts = new MessageParts { Elements = [new QualifiedName("urn:calc", "b")] } },
            SecurityFailure.EncryptedPartMissing),
        ["encrypted signature"] = (Encrypts, Same, policy => policy with { MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt }, SecurityFailure.SignatureNotEncrypted),
        ["sign before encrypt"] = (
            Encrypts,
            policy => policy with { MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt },
            policy => policy with { MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign },
            SecurityFailure.ProtectionOrderViolated),
        ["encrypt before sign"] = (
            Encrypts,
            policy => policy with { MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign },
            policy => policy with { MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt },
            SecurityFailure.ProtectionOrderViolated),
        ["derived keys"] = (policy => IsSymmetric(policy) && policy.RequireDerivedKeys != false, Same, policy => policy with { RequireDerivedKeys = false }, SecurityFailure.KeyNotDerived),
        ["protected token"] = (IsOfMessage, policy => policy with { ProtectTokens = true }, policy => policy with { ProtectTokens = false }, SecurityFailure.TokenNotProtected),
        ["endorsement"] = (
            policy => IsSymmetric(policy) && policy.AuthenticationMode == AuthenticationMode.MutualCertificate,
            Same,
            policy => policy with { AuthenticationMode = AuthenticationMode.AnonymousForCertificate },
            SecurityFailure.SignatureMissing),
        ["user"] = (
            policy => policy.AuthenticationMode == AuthenticationMode.UserNameForCertificate,
            Same,
            policy => policy with { AuthenticationMode = AuthenticationMode.AnonymousForCertificate },
            SecurityFailure.SecurityTokenMissing),
        ["signed user"] = (
            IsSymmetric,
            policy => policy with { SupportingTokens = [User(SupportingTokenKind.Signed)] },
            policy => policy with { SupportingTokens = [User(SupportingTokenKind.Supporting)] },
            SecurityFailure.SignedPartMissing),
        ["encrypted user"] = (
            IsSymmetric,
            policy => policy with { SupportingTokens = [User(SupportingTokenKind.SignedEncrypted)] },
            policy => policy with { SupportingTokens = [User(SupportingTokenKind.Signed)] },
            SecurityFailure.EncryptedPartMissing),
        ["digest of the password"] = (
            policy => policy.AuthenticationMode is AuthenticationMode.UserNameForCertificate or AuthenticationMode.UserNameOverTransport,
            policy => policy with { SupportingTokens = [User(SupportingTokenKind.SignedEncrypted)] },
            policy => policy with { SupportingTokens = [User(SupportingTokenKind.SignedEncrypted) with { PasswordType = PasswordType.Text }] },
            SecurityFailure.PasswordTypeNotAllowed),
        ["certificate over transport"] = (
            policy => policy.AuthenticationMode == AuthenticationMode.CertificateOverTransport,
            Same,
            policy => policy with { AuthenticationMode = AuthenticationMode.UserNameOverTransport, SupportingTokens = [User(SupportingTokenKind.Signed) with { Optional = true }] },
            SecurityFailure.SignatureMissing),
    };

    private static IEnumerable<TestCaseData> Cases =>
        from preset in Presets.ByName
        from assertion in Assertions
        where assertion.Value.Applies(preset.Value)
        select new TestCaseData(preset.Key, assertion.Key);

    // Over a transport a reply without Timestamp has no Security header at all, which has a name of its own, and with it nothing else; a reply under the request's key has no token.
    private static IEnumerable<TestCaseData> ReplyCases => Cases.Where(data => data.Arguments[1] is not ("user" or "signed user" or "encrypted user" or "endorsement" or "digest of the password" or "certificate over transport")
        && !(data.Arguments[1] is "Timestamp" or "layout" && Presets.IsOverTransport(Presets.ByName[(string)data.Arguments[0]!]))
        && !(data.Arguments[1] is "protected token" && (IsSymmetric(Presets.ByName[(string)data.Arguments[0]!]) || Presets.ByName[(string)data.Arguments[0]!].AuthenticationMode == AuthenticationMode.UserNameDerivedKey)));

    [TestCaseSource(nameof(Cases))]
    public void VerifyRequest_WithoutOneProtection_RefusesByItsName(string preset, string assertion)
    {
        var (_, demand, without, failure) = Assertions[assertion];
        var demanded = demand(Presets.ByName[preset]);
        Assert.That(() => Request(demanded, demanded), Throws.Nothing, "With it the message is accepted.");
        Assert.That(() => Request(without(demanded), demanded), Refused.With(failure));
    }

    [TestCaseSource(nameof(ReplyCases))]
    public void VerifyReply_WithoutOneProtection_RefusesByItsName(string preset, string assertion)
    {
        var (_, demand, without, failure) = Assertions[assertion];
        var demanded = demand(Presets.ByName[preset]);
        Assert.That(() => Reply(demanded, demanded), Throws.Nothing, "With it the reply is accepted.");
        Assert.That(() => Reply(demanded, without(demanded)), Refused.With(failure));
    }

    [TestCaseSource(typeof(Presets), nameof(Presets.All))]
    public void VerifyRequest_OtherLayoutThatIsTolerated_IsAccepted(string preset)
    {
        var policy = Presets.ByName[preset];
        var demanded = policy with { SecurityHeaderLayout = SecurityHeaderLayout.LaxTimestampFirst, Tolerances = new Tolerances { HeaderOrder = true } };
        Assert.That(() => Request(policy with { SecurityHeaderLayout = SecurityHeaderLayout.LaxTimestampLast }, demanded), Throws.Nothing);
    }

    private static LocationPath Path(string expression) => LocationPath.Parse(
        expression, new Dictionary<string, string> { ["s"] = "http://schemas.xmlsoap.org/soap/envelope/", ["c"] = "urn:calc", ["t"] = "urn:tenant" });

    private static void Request(SecurityPolicy client, SecurityPolicy service)
    {
        var parties = Parties(client, service);
        parties.Verify(parties.Protect(headers: Presets.Headers + "<t:Tenant xmlns:t=\"urn:tenant\">blue</t:Tenant>")).Dispose();
    }

    // The service reads the request as the client writes it, and gives less in its reply: the policies differ for that direction alone,
    // so the request goes to a recipient that demands as much and the exchange's keys go to one that writes less.
    private static void Reply(SecurityPolicy client, SecurityPolicy service)
    {
        var parties = Parties(client, client);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        using var lesser = WithPolicy(request, parties, service);
        var reply = parties.ProtectReply(lesser, TestParties.Envelope(TestParties.Body11, "<a:RelatesTo>urn:uuid:1</a:RelatesTo><t:Tenant xmlns:t=\"urn:tenant\">blue</t:Tenant>"));
        pending.VerifyReply(reply, parties.Context);
    }

    private static VerifiedRequest WithPolicy(VerifiedRequest request, TestParties parties, SecurityPolicy policy) =>
        new(Party.CreateRecipient(policy with { DetectReplays = false }, parties.ServiceCredentials, parties.Services), request.Exchange, request.Message);

    private static TestParties Parties(SecurityPolicy client, SecurityPolicy service)
    {
        var parties = TestParties.Of(client, service);
        parties.Context = new MessageContext { IsTransportProtected = Presets.IsOverTransport(service) };
        if (client.AuthenticationMode == AuthenticationMode.UserNameOverTransport && service.AuthenticationMode == AuthenticationMode.CertificateOverTransport)
        {
            parties.ClientCredentials = parties.ClientCredentials with { UserName = null };
        }

        return parties;
    }

    private static SupportingToken User(SupportingTokenKind kind) => new() { Kind = kind, Type = SecurityTokenType.Username, PasswordType = PasswordType.Digest };

    private static SecurityPolicy Same(SecurityPolicy policy) => policy;

    private static bool IsOfMessage(SecurityPolicy policy) => !Presets.IsOverTransport(policy);

    private static bool Encrypts(SecurityPolicy policy) => IsOfMessage(policy) && policy.AuthenticationMode != AuthenticationMode.CertificateSignature;

    private static bool IsSymmetric(SecurityPolicy policy) => IsOfMessage(policy) && policy.MessageSecurityVersion == MessageSecurityVersion.Wss11
        && policy.AuthenticationMode is AuthenticationMode.MutualCertificate or AuthenticationMode.AnonymousForCertificate or AuthenticationMode.UserNameForCertificate;
}
