using System.Security.Claims;
using NUnit.Framework;
using WsSecurity.Interop.MitKrb5.Realm;
using WsSecurity.Tokens.Kerberos;

namespace WsSecurity.Interop.MitKrb5.Tickets;

/// <summary>Tickets of a real KDC, right and wrong.</summary>
[KerberosFixture]
public sealed class KerberosTokenValidatorTests
{
    [Test]
    public async Task Validate_TicketForUs_NamesTheClientItsRealmAndTheTrustDomain()
    {
        var made = await KdcTokens.CreateForAlice();

        var token = KdcTokens.Validate(made.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Name, Is.EqualTo("alice@WSS.TEST"));
            Assert.That(token.Realm, Is.EqualTo("WSS.TEST"));
            Assert.That(token.ServicePrincipal, Is.EqualTo("HTTP/localhost@WSS.TEST"));
            Assert.That(token.TrustDomain, Is.EqualTo("home"));
            Assert.That(token.Expires, Is.EqualTo(made.TicketEnd));
            Assert.That(token.Identity.IsAuthenticated, Is.True);
            Assert.That(token.Identity.Name, Is.EqualTo("alice@WSS.TEST"));
            Assert.That(token.Identity.FindFirst(ClaimTypes.Upn)?.Issuer, Is.EqualTo("home"));
        }
    }

    [Test]
    public async Task Validate_TicketForUs_GivesTheInitiatorsKey()
    {
        var made = await KdcTokens.CreateForAlice();

        Assert.That(KdcTokens.KeyOf(made.Token), Is.EqualTo(made.Key).And.Length.EqualTo(32));
    }

    [Test]
    public async Task Validate_ApRequestWrappedAnew_IsTheSameToken()
    {
        var made = await KdcTokens.CreateForAlice();

        Assert.That(ApRequest.Wrap(ApRequest.Unwrap(made.Token)), Is.EqualTo(made.Token));
    }

    [Test]
    public async Task Validate_AnyServiceOfTheKeytab_WhereNoneIsNamed()
    {
        var made = await KdcTokens.CreateForAlice("HTTP/other.wss.test");

        Assert.That(KdcTokens.Validate(made.Token, principal: null).ServicePrincipal, Is.EqualTo("HTTP/other.wss.test@WSS.TEST"));
    }

    [Test]
    public void Validate_ExpiredTicket_Fails()
    {
        var cache = SharedRealm.Instance.LogInAtWrongClock("-1d", "alice", TemporaryRealm.AlicePassword, TemporaryRealm.Service);

        Assert.That(async () => KdcTokens.Validate((await KdcTokens.Create(cache)).Token), Refused.With(SecurityFailure.TicketExpired));
    }

    [Test]
    public void Validate_TicketNotYetValid_Fails()
    {
        // Less than the day that a client asks for, of its own clock.
        var cache = SharedRealm.Instance.LogInAtWrongClock("+12h", "alice", TemporaryRealm.AlicePassword, TemporaryRealm.Service);

        Assert.That(async () => KdcTokens.Validate((await KdcTokens.Create(cache)).Token), Refused.With(SecurityFailure.TicketNotYetValid));
    }

    [Test]
    public void Validate_AuthenticatorOfAClockThatIsWrong_Fails()
    {
        // The ticket lasts for ten hours, the authenticator for minutes.
        var cache = SharedRealm.Instance.LogInAtWrongClock("-1h", "alice", TemporaryRealm.AlicePassword, TemporaryRealm.Service);

        Assert.That(async () => KdcTokens.Validate((await KdcTokens.Create(cache)).Token), Refused.With(SecurityFailure.AuthenticatorNotFresh));
    }

    [TestCase("HTTP/other.wss.test", TestName = "Validate_TicketForAnotherServiceOfTheKeytab_Fails")]
    [TestCase("HTTP/unknown.wss.test", TestName = "Validate_TicketForAServiceThatTheKeytabDoesNotKnow_Fails")]
    public async Task Validate_TicketForAnotherService_Fails(string service)
    {
        var made = await KdcTokens.CreateForAlice(service);

        Assert.That(() => KdcTokens.Validate(made.Token), Refused.With(SecurityFailure.TicketForAnotherService));
    }

    [Test]
    public async Task Validate_KeyOfANewerVersionThanTheKeytabs_Fails()
    {
        var realm = SharedRealm.Instance;
        const string Service = "HTTP/changing.wss.test";
        var old = realm.PathOf("changing.keytab");
        realm.Administer($"addprinc -randkey {Service}");
        realm.Administer($"ktadd -norandkey -k {old} {Service}");
        realm.Administer($"change_password -randkey {Service}");
        var made = await KdcTokens.CreateForAlice(Service);

        Assert.That(() => KdcTokens.Validate(made.Token, old, Service), Refused.With(SecurityFailure.ServiceKeyUnavailable));

        // Read anew each time: no restart is needed.
        realm.Administer($"ktadd -norandkey -k {old} {Service}");
        Assert.That(KdcTokens.Validate(made.Token, old, Service).Name, Is.EqualTo("alice@WSS.TEST"));
    }

    [Test]
    public async Task Validate_KeytabWithoutOurKey_Fails()
    {
        var made = await KdcTokens.CreateForAlice();

        Assert.That(() => KdcTokens.Validate(made.Token, SharedRealm.Instance.AliceKeytab), Refused.With(SecurityFailure.ServiceKeyUnavailable));
        Assert.That(() => KdcTokens.Validate(made.Token, SharedRealm.Instance.PathOf("absent.keytab")), Refused.With(SecurityFailure.ServiceKeyUnavailable));
    }

    [Test]
    public async Task Validate_TamperedTicket_Fails()
    {
        var token = (await KdcTokens.CreateForAlice()).Token;
        token[token.Length / 2] ^= 1;

        Assert.That(() => KdcTokens.Validate(token), Refused.With(SecurityFailure.TicketNotAuthentic));
    }

    [Test]
    public async Task Validate_TamperedAuthenticator_Fails()
    {
        var token = (await KdcTokens.CreateForAlice()).Token;
        token[^8] ^= 1;

        Assert.That(() => KdcTokens.Validate(token), Refused.With(SecurityFailure.TicketNotAuthentic));
    }

    [Test]
    public async Task Validate_TicketOfOneUnderTheAuthenticatorOfAnother_Fails()
    {
        var realm = SharedRealm.Instance;
        var alice = (await KdcTokens.CreateForAlice()).Token;
        var second = (await KdcTokens.CreateForAlice()).Token;
        var authenticator = ApRequest.Read(ApRequest.Unwrap(second)).Authenticator;
        authenticator.CopyTo(alice.AsSpan(alice.Length - authenticator.Length));

        Assert.That(() => KdcTokens.Validate(alice), Refused.With(SecurityFailure.TicketNotAuthentic));
    }

    [Test]
    public async Task Validate_ClientOfAnotherRealm_FailsUnlessADomainNamesIt()
    {
        var made = await KdcTokens.Create(SharedRealm.Instance.LogIn("bob@PARTNER.TEST", TemporaryRealm.BobPassword));

        Assert.That(() => KdcTokens.Validate(made.Token), Refused.With(SecurityFailure.RealmNotTrusted));
    }

    [Test]
    public async Task Validate_ClientsOfTwoRealms_AreEachSeenUnderTheirOwnDomain()
    {
        TrustDomain[] domains = [new() { Name = "home", KerberosRealms = ["WSS.TEST"] }, new() { Name = "partner", KerberosRealms = ["PARTNER.TEST"] }];
        var bob = await KdcTokens.Create(SharedRealm.Instance.LogIn("bob@PARTNER.TEST", TemporaryRealm.BobPassword));
        var alice = await KdcTokens.CreateForAlice();

        Assert.That(KdcTokens.Validate(bob.Token, domains: domains).TrustDomain, Is.EqualTo("partner"));
        Assert.That(KdcTokens.Validate(alice.Token, domains: domains).TrustDomain, Is.EqualTo("home"));
    }
}
