using System.ServiceModel;
using System.ServiceModel.Channels;
using NUnit.Framework;
using WsSecurity.AspNetCore.Tests;

namespace WsSecurity.Mail.Tests;

/// <summary>A WCF client, Postfix, and a receiver at the maildir that Postfix fills.</summary>
public sealed class EndToEndTests
{
    [OneTimeSetUp]
    public void Require() => MailHost.Require();

    private static IEnumerable<MessageVersion> Versions() =>
        [MessageVersion.Soap11, MessageVersion.Soap12WSAddressing10, MessageVersion.CreateVersion(EnvelopeVersion.Soap12, AddressingVersion.None)];

    [TestCaseSource(nameof(Versions))]
    public async Task Call_ReachesTheHandlerAsItsSigner(MessageVersion version)
    {
        var mailbox = MailHost.Postfix.NewMailbox();
        using var orders = new Orders();
        using var receiver = await ReceiveAsync(mailbox, orders);
        using var client = new MailClient(mailbox, new() { Version = version });

        client.Notes.Note("gnome & co");
        await orders.WaitForAsync(1);

        Assert.That(orders.Articles, Is.EqualTo(new[] { "gnome & co for CN=Client" }));
    }

    [Test]
    public async Task User_WithAPassword_IsTheCaller()
    {
        var policy = SecurityPolicy.UserNameForCertificate with { Tolerances = MailClient.Policy.Tolerances };
        var mailbox = MailHost.Postfix.NewMailbox();
        using var orders = new Orders();
        using var receiver = await ReceiveAsync(mailbox, orders, policy, TestKeys.ServiceCredentials with { UsernameTokenValidator = new Users() });
        using var client = new MailClient(mailbox, new()
        {
            Policy = policy,
            Credentials = TestKeys.ClientCredentials with { Certificate = null, UserName = "alice", Password = "wonderland" },
        });

        client.Notes.Note("gnome");
        await orders.WaitForAsync(1);

        Assert.That(orders.Articles, Is.EqualTo(new[] { "gnome for alice" }));
    }

    [Test]
    public async Task ManyCalls_AreHandledOnceEach()
    {
        const int Count = 100;
        var mailbox = MailHost.Postfix.NewMailbox();
        using var orders = new Orders();
        using var receiver = await ReceiveAsync(mailbox, orders);
        using var client = new MailClient(mailbox);

        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => client.Notes.NoteAsync($"order {i}")));
        await orders.WaitForAsync(Count);

        Assert.That(orders.Articles.Order(), Is.EqualTo(Enumerable.Range(0, Count).Select(i => $"order {i} for CN=Client").Order()));
    }

    private static async Task<MaildirReceiver> ReceiveAsync(string mailbox, Orders orders, SecurityPolicy? policy = null, SecurityCredentials? credentials = null)
    {
        var receiver = new MaildirReceiver(
            new MaildirReceiverOptions
            {
                Path = MailHost.Postfix.MaildirOf(mailbox),
                Policy = policy ?? MailClient.Policy,
                Credentials = credentials ?? TestKeys.ServiceCredentials,
                EndpointAddress = new Uri($"mailto:{mailbox}@example.test"),
                PollInterval = TimeSpan.FromMilliseconds(50),
            },
            orders);
        await receiver.StartAsync(CancellationToken.None);
        return receiver;
    }
}

internal sealed class Users : IUsernameTokenValidator
{
    public ValueTask<IReadOnlyList<System.Security.Claims.Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<System.Security.Claims.Claim>?>(token.UserName == "alice" && token.Matches("wonderland") ? [] : null);
}
