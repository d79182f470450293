using System.Buffers;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Interop.MitKrb5.Realm;
using WsSecurity.Interop.MitKrb5.Tickets;

namespace WsSecurity.Interop.MitKrb5;

/// <summary>Requests that a recipient refuses, each for its own reason.</summary>
[KerberosFixture]
public sealed class RefusalTests
{
    private static readonly XNamespace Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static readonly SecurityPolicy OverTransport = SecurityPolicy.KerberosOverTransport with { AllowInsecureTransport = true };

    [TestCase("-1d", SecurityFailure.TicketExpired)]
    [TestCase("+12h", SecurityFailure.TicketNotYetValid)]
    [TestCase("-1h", SecurityFailure.AuthenticatorNotFresh)]
    public async Task Request_OfAClientWithAWrongClock_IsRefusedForItsTicket(string shift, SecurityFailure reason)
    {
        var cache = SharedRealm.Instance.LogInAtWrongClock(shift, "alice", TemporaryRealm.AlicePassword, TemporaryRealm.Service);
        await Refuse(new Parties(SecurityPolicy.Kerberos, Parties.Alice with { Principal = null, Password = null, CredentialCache = cache }), reason);
    }

    [Test]
    public async Task Request_ForAnotherService_IsRefused() =>
        await Refuse(new Parties(SecurityPolicy.Kerberos, Parties.Alice with { ServicePrincipal = "HTTP/other.wss.test" }), SecurityFailure.TicketForAnotherService);

    [Test]
    public async Task Request_OfAnotherRealm_IsRefused() =>
        await Refuse(new Parties(SecurityPolicy.Kerberos, Parties.Alice with { Principal = "bob@PARTNER.TEST", Password = TemporaryRealm.BobPassword }), SecurityFailure.RealmNotTrusted);

    [TestCaseSource(nameof(Modes))]
    public async Task Request_SentTwice_IsRefusedTheSecondTime(SecurityPolicy policy)
    {
        var parties = new Parties(policy);
        using var pending = await parties.ProtectAsync();
        using var first = await parties.Recipient.VerifyRequestAsync(parties.Wire, parties.Context);

        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(parties.Wire, parties.Context), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public async Task Token_InAnotherMessage_IsRefusedTheSecondTime()
    {
        // Over TLS, unsigned: nothing but the authenticator tells that it came before.
        var policy = OverTransport with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Kerberos }] };
        var parties = new Parties(policy) { Context = new MessageContext { IsTransportProtected = true } };
        using var pending = await parties.ProtectAsync();
        using var first = await parties.Recipient.VerifyRequestAsync(parties.Wire, parties.Context);
        var other = Edit(parties.Wire, envelope => envelope.Descendants().Last(element => !element.HasElements).Value = "another");

        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(other, parties.Context), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public async Task Request_ThatWasNotProcessed_MayComeAgain()
    {
        var parties = new Parties(SecurityPolicy.Kerberos);
        using var pending = await parties.ProtectAsync();
        using (var first = await parties.Recipient.VerifyRequestAsync(parties.Wire, parties.Context))
        {
            await first.ReleaseAsync();
        }

        Assert.That(async () => (await parties.Recipient.VerifyRequestAsync(parties.Wire, parties.Context)).Dispose(), Throws.Nothing);
    }

    [TestCaseSource(nameof(Modes))]
    public async Task Request_WithoutItsToken_IsRefused(SecurityPolicy policy)
    {
        var parties = new Parties(policy with { RequireDerivedKeys = null });
        using var pending = await parties.ProtectAsync();
        var stripped = Edit(parties.Wire, envelope => envelope.Descendants(Wsse + "BinarySecurityToken").Single().Remove());

        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(stripped, parties.Context), Throws.InstanceOf<WsSecurityException>()
            .With.Property(nameof(WsSecurityException.Failure)).AnyOf(SecurityFailure.SecurityTokenUnavailable, SecurityFailure.SecurityTokenMissing));
    }

    [TestCaseSource(nameof(Modes))]
    public async Task Request_StrippedToItsTimestamp_IsRefusedForTheMissingToken(SecurityPolicy policy)
    {
        var parties = new Parties(policy with { ProtectionLevel = ProtectionLevel.Sign });
        using var pending = await parties.ProtectAsync();
        var stripped = Edit(parties.Wire, envelope => envelope.Descendants(Wsse + "Security").Single().Elements().Where(element => element.Name.LocalName != "Timestamp").Remove());

        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(stripped, parties.Context), Refused.With(SecurityFailure.SecurityTokenMissing));
    }

    [TestCase(300, TestName = "Request_WithATamperedTicket_IsRefused")]
    [TestCase(-20, TestName = "Request_WithATamperedAuthenticator_IsRefused")]
    public async Task Request_WithATamperedToken_IsRefused(int offset) =>
        await RefuseToken(token => token[offset < 0 ? token.Length + offset : offset] ^= 1, SecurityFailure.TicketNotAuthentic);

    [Test]
    public async Task Request_WhoseTokenIsGarbage_IsRefused() => await RefuseToken(token => token[0] = 0, SecurityFailure.InvalidSecurityToken);

    [Test]
    public async Task Request_UnderTheTokenOfAnother_IsRefused()
    {
        var parties = new Parties(SecurityPolicy.Kerberos);
        using var pending = await parties.ProtectAsync();
        var stolen = (await KdcTokens.CreateForAlice()).Token;
        var changed = Edit(parties.Wire, envelope => envelope.Descendants(Wsse + "BinarySecurityToken").Single().Value = Convert.ToBase64String(stolen));

        // Who does not know the ticket's key can neither sign nor encrypt.
        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(changed, parties.Context), Throws.InstanceOf<WsSecurityException>()
            .With.Property(nameof(WsSecurityException.Failure)).AnyOf(SecurityFailure.DecryptionFailed, SecurityFailure.SignatureInvalid));
    }

    [Test]
    public async Task Request_WithTwoTokens_IsRefused()
    {
        var parties = new Parties(SecurityPolicy.Kerberos);
        using var pending = await parties.ProtectAsync();
        var second = Convert.ToBase64String((await KdcTokens.CreateForAlice()).Token);
        var changed = Edit(parties.Wire, envelope =>
        {
            var token = envelope.Descendants(Wsse + "BinarySecurityToken").Single();
            var copy = new XElement(token) { Value = second };
            copy.Attributes().Where(attribute => attribute.Name.LocalName == "Id").Single().Value = "second";
            token.AddAfterSelf(copy);
        });

        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(changed, parties.Context), Refused.With(SecurityFailure.InvalidSecurityToken));
    }

    [Test]
    public async Task Request_OfWhoHasNoTicket_IsRefusedByAPolicyThatNeedsNone()
    {
        var parties = new Parties(SecurityPolicy.Kerberos);
        using var pending = await parties.ProtectAsync();
        var recipient = new Recipient(
            SecurityPolicy.UserNameOverTransport with { AllowInsecureTransport = true },
            new SecurityCredentials { UsernameTokenValidator = new Nobody() });

        Assert.That(async () => await recipient.VerifyRequestAsync(parties.Wire, MessageContext.Empty), Refused.With(SecurityFailure.UnsupportedSecurityToken));
    }

    [Test]
    public void Token_WhoseKeySignsNothing_IsNotSentInClear()
    {
        var policy = SecurityPolicy.KerberosOverTransport with
        {
            AllowInsecureTransport = true,
            SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Kerberos }],
        };

        Assert.That(async () => await new Parties(policy).ProtectAsync(), Refused.With(SecurityFailure.BearerTokenNotProtected));
    }

    [Test]
    public async Task Token_WhoseKeySignsNothing_IsNotAcceptedInClear()
    {
        var policy = OverTransport with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Kerberos }] };
        var parties = new Parties(policy) { Context = new MessageContext { IsTransportProtected = true } };
        using var pending = await parties.ProtectAsync();

        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(parties.Wire, MessageContext.Empty), Refused.With(SecurityFailure.BearerTokenNotProtected));
    }

    [Test]
    public void Key_ShorterThanTheSuites_IsRefusedBeforeItIsUsed()
    {
        SharedRealm.Instance.Administer("addprinc -randkey -e aes128-cts-hmac-sha1-96:normal HTTP/short.wss.test");
        SharedRealm.Instance.Administer("setstr HTTP/short.wss.test session_enctypes aes128-cts");
        var parties = new Parties(SecurityPolicy.Kerberos, Parties.Alice with { ServicePrincipal = "HTTP/short.wss.test" });

        Assert.That(async () => await parties.ProtectAsync(), Refused.With(SecurityFailure.KeyTooWeak));
    }

    [Test]
    public async Task Fault_ForARefusedTicket_SaysNoMore()
    {
        var parties = new Parties(SecurityPolicy.Kerberos, Parties.Alice with { ServicePrincipal = "HTTP/other.wss.test" });
        using var pending = await parties.ProtectAsync();
        var refusal = (await Assert.ThrowsAsync<WsSecurityException>(async () => await parties.Recipient.VerifyRequestAsync(parties.Wire, parties.Context)))!;
        var fault = new ArrayBufferWriter<byte>();
        Recipient.WriteFault(refusal, SoapVersion.Soap12, fault);

        Assert.That(refusal.FaultCode, Is.EqualTo(SecurityFaultCode.InvalidSecurityToken));
        Assert.That(Encoding.UTF8.GetString(fault.WrittenSpan), Does.Contain(":InvalidSecurityToken<").And.Not.Contain("HTTP/"));
    }

    private static IEnumerable<TestCaseData> Modes =>
    [
        new TestCaseData(SecurityPolicy.Kerberos).SetArgDisplayNames("Kerberos"),
        new TestCaseData(OverTransport).SetArgDisplayNames("KerberosOverTransport"),
    ];

    private static async Task Refuse(Parties parties, SecurityFailure reason)
    {
        using var pending = await parties.ProtectAsync();

        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(parties.Wire, parties.Context), Refused.With(reason));
    }

    private static async Task RefuseToken(Action<byte[]> change, SecurityFailure reason)
    {
        var parties = new Parties(SecurityPolicy.Kerberos);
        using var pending = await parties.ProtectAsync();
        var changed = Edit(parties.Wire, envelope =>
        {
            var token = envelope.Descendants(Wsse + "BinarySecurityToken").Single();
            var octets = Convert.FromBase64String(token.Value);
            change(octets);
            token.Value = Convert.ToBase64String(octets);
        });

        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(changed, parties.Context), Refused.With(reason));
    }

    private static byte[] Edit(byte[] wire, Action<XElement> edit)
    {
        var envelope = XElement.Parse(Encoding.UTF8.GetString(wire), LoadOptions.PreserveWhitespace);
        edit(envelope);
        return Encoding.UTF8.GetBytes(envelope.ToString(SaveOptions.DisableFormatting));
    }

    private sealed class Nobody : IUsernameTokenValidator
    {
        public ValueTask<IReadOnlyList<System.Security.Claims.Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) => default;
    }
}
