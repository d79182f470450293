using NUnit.Framework;

namespace WsSecurity.Mail.Tests;

/// <summary>A maildir that somebody fills, and a receiver that empties it.</summary>
[Platform(Exclude = "Win")]
public sealed class MaildirReceiverTests
{
    [Test]
    public async Task Mail_IsHandledAsItsSignerAndLeaves()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        using var receiver = await mailbox.ReceiveAsync(orders);

        mailbox.Deliver(Mails.Order("gnome & co"));
        await orders.WaitForAsync(1);
        await mailbox.EmptyAsync();

        Assert.That(orders.Articles, Is.EqualTo(new[] { "gnome & co for CN=Client" }));
        Assert.That(mailbox.Files(".Quarantine"), Is.Empty);
    }

    [Test]
    public async Task HandledFolder_KeepsTheMailAsSeen()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        var mail = Mails.Order("gnome");
        var name = mailbox.Deliver(mail);
        using var receiver = await mailbox.ReceiveAsync(orders, mailbox.Options with { HandledFolder = "Orders.Done" });
        await mailbox.UntilAsync(() => mailbox.Files(".Orders.Done").Length == 1);

        var kept = mailbox.Files(".Orders.Done").Single();
        Assert.That(Path.GetFileName(kept), Is.EqualTo($"{name}:2,S"));
        Assert.That(await File.ReadAllBytesAsync(kept), Is.EqualTo(mail));
        Assert.That(File.Exists(Path.Combine(mailbox.Path, ".Orders.Done", "maildirfolder")));
    }

    [Test]
    public async Task Mail_ThatAnotherReaderHasSeen_IsHandledAllTheSame()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        mailbox.Deliver(Mails.Order("unseen"), "cur", ":2,");
        mailbox.Deliver(Mails.Order("seen"), "cur", ":2,FS");
        mailbox.Deliver(Mails.Order("without flags"), "cur");
        using var receiver = await mailbox.ReceiveAsync(orders);
        await mailbox.EmptyAsync();

        Assert.That(orders.Articles, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Mail_ThatIsUnfinishedHiddenOrTrashed_IsLeftAlone()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        mailbox.Deliver(Mails.Order("unfinished"), "tmp");
        mailbox.Deliver(Mails.Order("trashed"), "cur", ":2,ST");
        await File.WriteAllBytesAsync(Path.Combine(mailbox.Path, "new", ".hidden"), Mails.Order("hidden"));
        using var receiver = await mailbox.ReceiveAsync(orders);
        mailbox.Deliver(Mails.Order("the last"));
        await mailbox.UntilAsync(() => mailbox.Files("cur").Length == 1 && orders.Articles.Count == 1);

        Assert.That(orders.Articles, Is.EqualTo(new[] { "the last for CN=Client" }));
        Assert.That(mailbox.Files("tmp"), Has.Length.EqualTo(1));
        Assert.That(mailbox.Files("new"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Duplicates_AreHandledOnceByOneProcessAndByTheNext()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        var mail = Mails.Order("once");
        mailbox.Deliver(mail);
        mailbox.Deliver(mail);
        mailbox.Deliver(mail);
        using (var first = await mailbox.ReceiveAsync(orders))
        {
            await mailbox.EmptyAsync();
            await first.StopAsync(CancellationToken.None);
        }

        // As a crash between commit and deletion leaves it; the replay cache of the next process knows nothing.
        mailbox.Deliver(mail, "cur", ":2,");
        using var second = await mailbox.ReceiveAsync(orders);
        await mailbox.EmptyAsync();

        Assert.That(orders.Articles, Is.EqualTo(new[] { "once for CN=Client" }));
        Assert.That(mailbox.Files(".Quarantine"), Is.Empty);
    }

    [Test]
    public async Task HandlerThatCommitsAndThenFails_HasItsEffectOnce()
    {
        var attempts = 0;
        using var mailbox = new Mailbox();
        using var orders = new Orders { After = _ => Interlocked.Increment(ref attempts) == 1 ? throw new TimeoutException("between commit and deletion") : Task.CompletedTask };
        mailbox.Deliver(Mails.Order("gnome"));
        using var receiver = await mailbox.ReceiveAsync(orders);
        await mailbox.EmptyAsync();

        Assert.That(attempts, Is.EqualTo(2));
        Assert.That(orders.Articles, Is.EqualTo(new[] { "gnome for CN=Client" }));
    }

    [Test]
    public async Task MailThatAlwaysFails_HoldsUpNobodyAndStaysUntilItSucceeds()
    {
        var isBroken = true;
        using var mailbox = new Mailbox();
        using var orders = new Orders { Before = article => article == "poison" && isBroken ? throw new InvalidOperationException("poison") : Task.CompletedTask };
        mailbox.Deliver(Mails.Order("poison"));
        using var receiver = await mailbox.ReceiveAsync(orders, mailbox.Options with { Concurrency = 1 });
        for (var i = 0; i < 10; i++)
        {
            mailbox.Deliver(Mails.Order($"order {i}"));
        }

        await orders.WaitForAsync(10);
        Assert.That(mailbox.Files("cur"), Has.Length.GreaterThanOrEqualTo(1));
        isBroken = false;
        await mailbox.EmptyAsync();
        Assert.That(orders.Articles, Has.Count.EqualTo(11));
    }

    [Test]
    public async Task MaxAttempts_MovesAPoisonousMailAway()
    {
        var attempts = 0;
        using var mailbox = new Mailbox();
        using var orders = new Orders { Before = _ => Interlocked.Increment(ref attempts) > 0 ? throw new InvalidOperationException("poison") : Task.CompletedTask };
        mailbox.Deliver(Mails.Order("poison"));
        using var receiver = await mailbox.ReceiveAsync(orders, mailbox.Options with { MaxAttempts = 3 });
        await mailbox.UntilAsync(() => mailbox.Files(".Quarantine").Length == 1);

        Assert.That(attempts, Is.EqualTo(3));
        Assert.That(mailbox.Log.Text, Does.Contain("failed 3 times"));
    }

    [Test]
    public async Task ManyMails_AreHandledOnceEach()
    {
        const int Count = 200;
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        using var receiver = await mailbox.ReceiveAsync(orders);
        for (var i = 0; i < Count; i++)
        {
            mailbox.Deliver(Mails.Order($"order {i}"));
        }

        await mailbox.EmptyAsync();
        Assert.That(orders.Articles.Order(), Is.EqualTo(Enumerable.Range(0, Count).Select(i => $"order {i} for CN=Client").Order()));
    }

    [Test]
    public async Task SecondReceiver_WaitsForTheFirst()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        mailbox.Deliver(Mails.Order("before"));
        using var first = await mailbox.ReceiveAsync(orders);
        await mailbox.EmptyAsync();
        using var others = new Orders();
        using var second = await mailbox.ReceiveAsync(others);
        await mailbox.UntilAsync(() => mailbox.Log.Text.Contains("Another receiver", StringComparison.Ordinal));
        mailbox.Deliver(Mails.Order("for the first"));
        await orders.WaitForAsync(2);
        await first.StopAsync(CancellationToken.None);
        mailbox.Deliver(Mails.Order("for the second"));
        await others.WaitForAsync(1);

        Assert.That(others.Articles, Is.EqualTo(new[] { "for the second for CN=Client" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Stop_BeforeOrAfterTheCommit_LosesNothing(bool isCommitted)
    {
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        Func<string, Task> block = _ => (begun.TrySetResult(), go.Task).Task;
        using var mailbox = new Mailbox();
        using var orders = new Orders { Before = isCommitted ? null : block, After = isCommitted ? block : null };
        mailbox.Deliver(Mails.Order("in the middle"));
        using (var receiver = await mailbox.ReceiveAsync(orders))
        {
            await begun.Task;
            var stopping = receiver.StopAsync(CancellationToken.None);
            go.SetResult();
            await stopping;
        }

        // Settled before the host ended, or left for the next.
        Assert.That(mailbox.Files("cur"), Has.Length.EqualTo(isCommitted ? 0 : 1));
        using var next = await mailbox.ReceiveAsync(orders);
        await orders.WaitForAsync(1);
        await mailbox.EmptyAsync();
    }

    [Test]
    public async Task FlagsThatChangeMeanwhile_KeepNoMailHere()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders
        {
            Before = _ =>
            {
                var file = mailbox.Files("cur").Single();
                File.Move(file, file + "S");
                return Task.CompletedTask;
            },
        };
        mailbox.Deliver(Mails.Order("gnome"));
        using var receiver = await mailbox.ReceiveAsync(orders);
        await orders.WaitForAsync(1);
        await mailbox.EmptyAsync();

        Assert.That(orders.Articles, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task MaildirThatIsMadeLater_IsFound()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        var path = Path.Combine(mailbox.Path, "later");
        using var receiver = await mailbox.ReceiveAsync(orders, mailbox.Options with { Path = path });
        await mailbox.UntilAsync(() => mailbox.Log.Text.Contains("cannot be reached", StringComparison.Ordinal));

        Mails.Deliver(path, Mails.Order("gnome"));

        await orders.WaitForAsync(1);
    }

    [TestCase("a/b")]
    [TestCase("../elsewhere")]
    [TestCase(".Quarantine")]
    [TestCase("")]
    public void Folder_ThatLeadsElsewhere_IsRefused(string folder)
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        Assert.That(() => new MaildirReceiver(mailbox.Options with { QuarantineFolder = folder }, orders), Throws.ArgumentException);
    }
}
