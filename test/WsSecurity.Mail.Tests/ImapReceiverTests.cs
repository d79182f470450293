using MailKit;
using MailKit.Search;
using NUnit.Framework;
using WsSecurity.AspNetCore.Tests;
using WsSecurity.Mail.Tests.Servers;

namespace WsSecurity.Mail.Tests;

/// <summary>A folder at Dovecot, and a receiver that empties it.</summary>
public sealed class ImapReceiverTests
{
    [OneTimeSetUp]
    public void Require() => MailHost.RequireDovecot();

    [Test]
    public async Task Call_OverPostfixAndDovecot_ReachesTheHandlerAsItsSigner()
    {
        MailHost.Require();
        var box = new ImapBox(MailHost.Dovecot, MailHost.Postfix.NewMailbox());
        using var orders = new Orders();
        using var receiver = await box.ReceiveAsync(orders, box.Options with { EndpointAddress = new Uri($"mailto:{box.Name}@example.test") });
        using var client = new MailClient(box.Name, new() { Version = System.ServiceModel.Channels.MessageVersion.Soap12WSAddressing10 });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.Notes.NoteAsync($"order {i}")));
        await orders.WaitForAsync(20);
        await box.UntilAsync(0);

        Assert.That(orders.Articles.Order(), Is.EqualTo(Enumerable.Range(0, 20).Select(i => $"order {i} for CN=Client").Order()));
    }

    [Test]
    public async Task Mail_ThatComesLater_IsHandledAtOnce()
    {
        var box = new ImapBox(MailHost.Dovecot);
        using var orders = new Orders();
        using var receiver = await box.ReceiveAsync(orders, box.Options with { PollInterval = TimeSpan.FromMinutes(10) });
        await box.AppendAsync(Mails.Order("first"));
        await orders.WaitForAsync(1);
        await box.UntilAsync(0);

        await box.AppendAsync(Mails.Order("second"));
        await orders.WaitForAsync(2);
    }

    [Test]
    public async Task Duplicates_AreHandledOnceByOneProcessAndByTheNext()
    {
        var box = new ImapBox(MailHost.Dovecot);
        using var orders = new Orders();
        var mail = Mails.Order("once");
        await box.AppendAsync(mail);
        await box.AppendAsync(mail);
        using (var first = await box.ReceiveAsync(orders))
        {
            await orders.WaitForAsync(1);
            await box.UntilAsync(0);
            await first.StopAsync(CancellationToken.None);
        }

        await box.AppendAsync(mail);
        using var second = await box.ReceiveAsync(orders);
        await box.UntilAsync(0);

        Assert.That(orders.Articles, Is.EqualTo(new[] { "once for CN=Client" }));
        Assert.That(await box.CountAsync("Quarantine"), Is.Zero);
    }

    [TestCase(null)]
    [TestCase("IMAP4rev1")]
    public async Task RefusedAndHandledMails_AreMovedWhateverTheServerCan(string? capabilities)
    {
        using var dovecot = capabilities is null ? null : new Dovecot(capabilities: capabilities);
        await (dovecot?.StartAsync() ?? Task.CompletedTask);
        var box = new ImapBox(dovecot ?? MailHost.Dovecot);
        using var orders = new Orders();
        await box.AppendAsync(Mails.Write("<no/>"u8.ToArray()));
        await box.AppendAsync(Mails.Order("of a stranger", credentials: TestKeys.ClientCredentials with { Certificate = TestKeys.Stranger }));
        await box.AppendAsync(Mails.Order("somebody else has deleted it"), MessageFlags.Deleted);
        await box.AppendAsync(Mails.Order("seen"), MessageFlags.Seen);
        await box.AppendAsync(Mails.Order("gnome"));
        await box.AppendAsync(Mails.Write(new byte[60_000]));
        using var receiver = await box.ReceiveAsync(orders, box.Options with { HandledFolder = "Orders.Done", MaxMailSize = 50_000, PollInterval = TimeSpan.FromMilliseconds(50) });
        await box.UntilAsync(3, "Quarantine");
        await box.UntilAsync(2, "Orders.Done");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(orders.Articles, Is.EquivalentTo(new[] { "seen for CN=Client", "gnome for CN=Client" }));
            Assert.That(await box.CountAsync("Orders.Done", SearchQuery.Seen), Is.EqualTo(2));
            Assert.That(await box.CountAsync("Quarantine", SearchQuery.NotSeen), Is.EqualTo(3));
            Assert.That(await box.CountAsync("INBOX", SearchQuery.Deleted), Is.EqualTo(1));
            Assert.That(box.Log.Text, Does.Contain("MaxMailSize").And.Contain("CertificateNotTrusted"));
        }
    }

    [Test]
    public async Task MailThatAlwaysFails_HoldsUpNobody()
    {
        var box = new ImapBox(MailHost.Dovecot);
        using var orders = new Orders { Before = article => article == "poison" ? throw new InvalidOperationException("poison") : Task.CompletedTask };
        await box.AppendAsync(Mails.Order("poison"));
        using var receiver = await box.ReceiveAsync(orders, box.Options with { Concurrency = 1, MaxAttempts = 5 });
        await box.AppendAsync(Mails.Order("gnome"));
        await orders.WaitForAsync(1);
        await box.UntilAsync(1, "Quarantine");
        await box.UntilAsync(0);
    }

    [Test]
    public async Task Server_KilledBetweenCommitAndDeletion_HasTheEffectOnce()
    {
        using var dovecot = new Dovecot();
        await dovecot.StartAsync();
        var isKilled = false;
        var box = new ImapBox(dovecot);
        using var orders = new Orders
        {
            After = _ =>
            {
                if (!isKilled)
                {
                    isKilled = true;
                    dovecot.Kill();
                }

                return Task.CompletedTask;
            },
        };
        for (var i = 0; i < 10; i++)
        {
            await box.AppendAsync(Mails.Order($"order {i}"));
        }

        using var receiver = await box.ReceiveAsync(orders, box.Options with { Concurrency = 2 });
        await orders.WaitForAsync(1);
        await Task.Delay(500);
        await dovecot.StartAsync();
        await orders.WaitForAsync(10);
        await box.UntilAsync(0);

        Assert.That(orders.Articles.Order(), Is.EqualTo(Enumerable.Range(0, 10).Select(i => $"order {i} for CN=Client").Order()));
        Assert.That(box.Log.Text, Does.Contain("broke off").And.Contain("could not be settled"));
    }

    [Test]
    public async Task TwoReceiversAtOneFolder_HaveEachEffectOnce()
    {
        var box = new ImapBox(MailHost.Dovecot);
        using var orders = new Orders();
        for (var i = 0; i < 20; i++)
        {
            await box.AppendAsync(Mails.Order($"order {i}"));
        }

        using var one = await box.ReceiveAsync(orders);
        using var another = await box.ReceiveAsync(orders);
        await box.UntilAsync(0);

        Assert.That(orders.Articles.Order(), Is.EqualTo(Enumerable.Range(0, 20).Select(i => $"order {i} for CN=Client").Order()));
        Assert.That(await box.CountAsync("Quarantine"), Is.Zero);
    }

    [Test]
    public async Task ImplicitTls_IsUsedWhereAskedFor()
    {
        var box = new ImapBox(MailHost.Dovecot);
        using var orders = new Orders();
        await box.AppendAsync(Mails.Order("gnome"));
        using var receiver = await box.ReceiveAsync(orders, box.Options with { Server = box.Options.Server with { Port = MailHost.Dovecot.ImplicitTlsPort, Tls = MailServerTls.Implicit } });
        await orders.WaitForAsync(1);
    }

    [TestCase("password")]
    [TestCase("authority")]
    [TestCase("folder")]
    public async Task Mailbox_ThatCannotBeOpened_IsTriedAgainAndLogged(string wrong)
    {
        var box = new ImapBox(MailHost.Dovecot);
        using var orders = new Orders();
        await box.AppendAsync(Mails.Order("gnome"));
        var server = box.Options.Server;
        using var receiver = await box.ReceiveAsync(orders, wrong switch
        {
            "password" => box.Options with { Server = server with { Credentials = new(box.Name, "a guess") } },
            "authority" => box.Options with { Server = server with { Authorities = [TestKeys.Authority] } },
            _ => box.Options with { Folder = "Nowhere" },
        });
        SpinWait.SpinUntil(() => box.Log.Text.Split("cannot be reached").Length > 2, TimeSpan.FromSeconds(20));

        Assert.That(box.Log.Text, Does.Contain("cannot be reached").And.Not.Contain("a guess"));
        Assert.That(orders.Articles, Is.Empty);
    }

    [Test]
    public void Options_ThatContradictThemselves_AreRefused()
    {
        var options = new ImapBox(MailHost.Dovecot).Options;
        using var orders = new Orders();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new ImapReceiver(options with { Server = options.Server with { Credentials = null } }, orders), Throws.ArgumentException);
            Assert.That(() => new ImapReceiver(options with { Server = options.Server with { Tls = MailServerTls.PlainText } }, orders), Throws.ArgumentException.With.Message.Contains("in clear"));
            Assert.That(() => new ImapReceiver(options with { QuarantineFolder = "INBOX" }, orders), Throws.ArgumentException);
            Assert.That(() => new ImapReceiver(options with { HandledFolder = "Quarantine" }, orders), Throws.ArgumentException);
            Assert.That(() => new ImapReceiver(options with { Policy = options.Policy with { DetectReplays = false } }, orders), Throws.ArgumentException);
            Assert.That(() => new ImapReceiver(options with { MaxAttempts = 0 }, orders), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }
}
