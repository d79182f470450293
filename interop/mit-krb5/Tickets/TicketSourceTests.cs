using System.Formats.Asn1;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using WsSecurity.Interop.MitKrb5.Realm;
using WsSecurity.Tokens.Kerberos;

namespace WsSecurity.Interop.MitKrb5.Tickets;

[KerberosFixture]
public sealed class TicketSourceTests
{
    private static readonly KerberosClientCredential ByPassword = new()
    {
        ServicePrincipal = TemporaryRealm.Service,
        Principal = "alice@WSS.TEST",
        Password = TemporaryRealm.AlicePassword,
    };

    private static KerberosClientCredential ByKeytab => new()
    {
        ServicePrincipal = TemporaryRealm.Service,
        Principal = "alice@WSS.TEST",
        Keytab = SharedRealm.Instance.AliceKeytab,
    };

    [Test]
    public async Task Create_ByPasswordOrKeytab_IsAccepted()
    {
        foreach (var credential in new[] { ByPassword, ByKeytab })
        {
            var made = await KdcTokens.CreateBy(new TicketSource(credential, TimeProvider.System));

            Assert.That(KdcTokens.Validate(made.Token).Name, Is.EqualTo("alice@WSS.TEST"));
        }
    }

    [Test]
    public async Task Create_ForAPrincipalWithItsRealm_IsAccepted()
    {
        var made = await KdcTokens.CreateBy(new TicketSource(ByPassword with { ServicePrincipal = "HTTP/localhost@WSS.TEST" }, TimeProvider.System));

        Assert.That(KdcTokens.Validate(made.Token).ServicePrincipal, Is.EqualTo("HTTP/localhost@WSS.TEST"));
    }

    [Test]
    public async Task Create_Twice_UsesOneTicketUnderTwoAuthenticators()
    {
        var source = new TicketSource(ByPassword, TimeProvider.System);

        var first = await KdcTokens.CreateBy(source);
        var second = await KdcTokens.CreateBy(source);

        Assert.That(Ticket(second.Token), Is.EqualTo(Ticket(first.Token)));
        Assert.That(second.Token, Is.Not.EqualTo(first.Token));
        Assert.That(second.Key, Is.Not.EqualTo(first.Key));
        Assert.That(KdcTokens.Validate(second.Token).Name, Is.EqualTo("alice@WSS.TEST"));
    }

    [Test]
    public async Task Create_ShortlyBeforeTheTicketExpires_UsesANewOne()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var source = new TicketSource(ByPassword, time);
        var first = await KdcTokens.CreateBy(source);

        time.SetUtcNow(first.TicketEnd - TimeSpan.FromMinutes(10));
        var second = await KdcTokens.CreateBy(source);
        time.SetUtcNow(first.TicketEnd - TimeSpan.FromMinutes(5));
        var third = await KdcTokens.CreateBy(source);

        Assert.That(Ticket(second.Token), Is.EqualTo(Ticket(first.Token)));
        Assert.That(Ticket(third.Token), Is.Not.EqualTo(Ticket(first.Token)));
    }

    [Test]
    public async Task Create_WhereTheCacheVanished_AsksAnew()
    {
        var cache = SharedRealm.Instance.LogIn("alice", TemporaryRealm.AlicePassword);
        var source = new TicketSource(new KerberosClientCredential { ServicePrincipal = TemporaryRealm.Service, CredentialCache = cache }, TimeProvider.System);
        await KdcTokens.CreateBy(source);
        File.Delete(cache["FILE:".Length..]);

        Assert.That(async () => await KdcTokens.CreateBy(source), Refused.With(SecurityFailure.TicketUnavailable));
        File.Move(SharedRealm.Instance.LogIn("alice", TemporaryRealm.AlicePassword)["FILE:".Length..], cache["FILE:".Length..]);
        Assert.That(KdcTokens.Validate((await KdcTokens.CreateBy(source)).Token).Name, Is.EqualTo("alice@WSS.TEST"));
    }

    [Test]
    public async Task Create_ByManyAtOnce_GivesEachATokenOfItsOwn()
    {
        var source = new TicketSource(ByPassword, TimeProvider.System);

        var made = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => KdcTokens.CreateBy(source))));

        Assert.That(made.Select(one => Convert.ToHexString(one.Token)).Distinct().Count(), Is.EqualTo(40));
        Assert.That(made.Select(one => KdcTokens.Validate(one.Token).Name), Is.All.EqualTo("alice@WSS.TEST"));
    }

    [Test]
    public void Create_Cancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.That(async () => await new TicketSource(ByPassword, TimeProvider.System).PrepareAsync(cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCaseSource(nameof(Unavailable))]
    public async Task Create_WithoutATicket_FailsAndSaysNoSecret(KerberosClientCredential credential)
    {
        var refusal = (await Assert.ThrowsAsync<WsSecurityException>(async () => await KdcTokens.CreateBy(new TicketSource(credential, TimeProvider.System))))!;

        Assert.That(refusal.Failure, Is.EqualTo(SecurityFailure.TicketUnavailable));
        Assert.That(refusal.ToString(), Does.Contain(credential.ServicePrincipal).And.Not.Contain("not-the-password"));
    }

    private static IEnumerable<TestCaseData> Unavailable =>
    [
        new TestCaseData(ByPassword with { ServicePrincipal = "HTTP/nowhere.wss.test" }).SetArgDisplayNames("unknown service"),
        new TestCaseData(ByPassword with { Password = "not-the-password" }).SetArgDisplayNames("wrong password"),
        new TestCaseData(ByPassword with { Principal = "mallory@WSS.TEST" }).SetArgDisplayNames("unknown principal"),
        new TestCaseData(ByPassword with { Principal = "alice@NOWHERE.TEST" }).SetArgDisplayNames("realm without a KDC"),
        new TestCaseData(new KerberosClientCredential { ServicePrincipal = TemporaryRealm.Service, Principal = "alice@WSS.TEST", Keytab = "/nowhere/keytab" }).SetArgDisplayNames("no keytab"),
        new TestCaseData(new KerberosClientCredential { ServicePrincipal = TemporaryRealm.Service }).SetArgDisplayNames("nobody logged in"),
    ];

    private static byte[] Ticket(byte[] token)
    {
        var request = new AsnReader(ApRequest.Unwrap(token), AsnEncodingRules.DER).ReadSequence(new Asn1Tag(TagClass.Application, 14)).ReadSequence();
        for (var field = 0; field < 3; field++)
        {
            request.ReadEncodedValue();
        }

        return request.ReadEncodedValue().ToArray();
    }
}
