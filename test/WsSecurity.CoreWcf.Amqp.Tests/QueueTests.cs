using System.Net;
using System.ServiceModel.Security;
using System.ServiceModel;
using System.Text;
using Amqp.Framing;
using NUnit.Framework;
using WsSecurity.Amqp.Tests;
using WsSecurity.AspNetCore.Tests;
using WsSecurity.Interop;

namespace WsSecurity.CoreWcf.Amqp.Tests;

/// <summary>A CoreWCF service behind a queue of RabbitMQ: nothing is acknowledged before its operation is done.</summary>
internal sealed class QueueTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    private RabbitMq? _broker;

    public static NetworkCredential Guest { get; } = new("guest", "guest");

    private RabbitMq Broker => _broker!;

    [OneTimeSetUp]
    public async Task Start()
    {
        if (RabbitMq.Missing is { } missing)
        {
            Assert.That(RequiredPeers.Has("rabbitmq"), Is.False, missing);
            Assert.Ignore(missing);
        }

        _broker = new RabbitMq();
        await _broker.StartAsync();
    }

    [OneTimeTearDown]
    public void Stop() => _broker?.Dispose();

    [Test]
    public async Task OneWay_RunsTheOperationAsItsSigner([Values] bool symmetric)
    {
        var queue = Broker.NewQueue();
        var policy = symmetric ? SecurityPolicy.MutualCertificate : Policy;
        using var orders = new Orders();
        await using var host = await QueueHost.StartAsync<INotes>(queue, orders, policy);
        using var client = new QueueClient<INotes>(queue, policy);

        client.Channel.Note("gnome & co");
        await orders.WaitForAsync(1);

        Assert.That(orders.Done, Is.EqualTo(new[] { "gnome & co for CN=Client" }));
    }

    [Test]
    public async Task Request_IsAnsweredToItsSigner([Values] bool symmetric, [Values] bool addressing)
    {
        var queue = Broker.NewQueue();
        var policy = symmetric ? SecurityPolicy.MutualCertificate : Policy;
        using var orders = new Orders();
        await using var host = await QueueHost.StartAsync<IOrders>(queue, orders, policy, addressing);
        using var client = new QueueClient<IOrders>(queue, policy, addressing);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.Channel.Place("gnome"), Is.EqualTo("gnome for CN=Client"));
            Assert.That(client.Channel.Place("another"), Is.EqualTo("another for CN=Client"));
        }
    }

    [Test]
    public async Task OneWayOperation_OfAContractWithReplies_EndsWhenItIsDone()
    {
        var queue = Broker.NewQueue();
        using var orders = new Orders();
        await using var host = await QueueHost.StartAsync<IOrders>(queue, orders, Policy);
        using var client = new QueueClient<IOrders>(queue, Policy);

        client.Channel.Note("gnome");

        Assert.That(orders.Done, Is.EqualTo(new[] { "gnome for CN=Client" }));
    }

    [Test]
    public async Task OneWay_ThatThrows_ComesAgainUntilItIsDone()
    {
        var queue = Broker.NewQueue();
        using var orders = new Orders();
        orders.Before = _ =>
        {
            if (orders.Attempts.Count < 3)
            {
                throw new TimeoutException("the database does not answer");
            }
        };
        await using var host = await QueueHost.StartAsync<INotes>(queue, orders, Policy);
        using var client = new QueueClient<INotes>(queue, Policy);

        client.Channel.Note("gnome");
        await orders.WaitForAsync(1);

        Assert.That(orders.Attempts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task OneWay_ThatNeverReachesItsOperation_ComesAgain()
    {
        var queue = Broker.NewQueue();
        using var orders = new Orders();
        await using var host = await QueueHost.StartAsync<INotes>(queue, orders, Policy, above: new FailingOnce());
        using var client = new QueueClient<INotes>(queue, Policy);

        client.Channel.Note("gnome");
        await orders.WaitForAsync(1);

        Assert.That(orders.Done, Is.EqualTo(new[] { "gnome for CN=Client" }));
    }

    [Test]
    public async Task OneWay_ThatCommitsAndThenDies_HasItsEffectOnce()
    {
        var queue = Broker.NewQueue();
        using var orders = new Orders();
        orders.After = _ =>
        {
            if (orders.Attempts.Count == 1)
            {
                throw new TimeoutException("between commit and acknowledgement");
            }
        };
        await using var host = await QueueHost.StartAsync<INotes>(queue, orders, Policy);
        using var client = new QueueClient<INotes>(queue, Policy);

        client.Channel.Note("gnome");
        await WaitForAttemptsAsync(orders, 2);
        client.Channel.Note("another");
        await orders.WaitForAsync(2);

        Assert.That(orders.Done.Order(), Is.EqualTo(new[] { "another for CN=Client", "gnome for CN=Client" }));
    }

    [Test]
    public async Task OneWay_WhoseHostDies_ComesToTheNext()
    {
        var queue = Broker.NewQueue();
        using var first = new Orders { Before = _ => throw new TimeoutException("not here") };
        using var client = new QueueClient<INotes>(queue, Policy);
        await using (await QueueHost.StartAsync<INotes>(queue, first, Policy))
        {
            client.Channel.Note("gnome");
            await WaitForAttemptsAsync(first, 1);
        }

        using var second = new Orders();
        await using var host = await QueueHost.StartAsync<INotes>(queue, second, Policy);
        await second.WaitForAsync(1);

        Assert.That(second.Done, Is.EqualTo(new[] { "gnome for CN=Client" }));
    }

    [Test]
    public async Task OneWay_AtWorkWhileItsHostIsDisposed_ComesToTheNext()
    {
        var queue = Broker.NewQueue();
        using var gone = new ManualResetEventSlim();
        using var first = new Orders
        {
            Before = _ =>
            {
                gone.Wait();
                throw new TimeoutException("not here");
            },
        };
        using var client = new QueueClient<INotes>(queue, Policy);
        await using (await QueueHost.StartAsync<INotes>(queue, first, Policy))
        {
            client.Channel.Note("gnome");
            await WaitForAttemptsAsync(first, 1);
        }

        gone.Set();
        using var second = new Orders();
        await using var host = await QueueHost.StartAsync<INotes>(queue, second, Policy);
        await second.WaitForAsync(1);

        Assert.That(second.Done, Is.EqualTo(new[] { "gnome for CN=Client" }));
    }

    [Test]
    public async Task OneWay_ThatSaysItNeverWorks_DoesNotComeAgain()
    {
        var queue = Broker.NewQueue();
        using var orders = new Orders { Before = text => { if (text == "never") { throw new CoreWCF.FaultException("no such article"); } } };
        await using var host = await QueueHost.StartAsync<INotes>(queue, orders, Policy);
        using var client = new QueueClient<INotes>(queue, Policy);

        client.Channel.Note("never");
        client.Channel.Note("gnome");
        await orders.WaitForAsync(1);
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.That(orders.Attempts.Order(), Is.EqualTo(new[] { "gnome", "never" }));
    }

    [Test]
    public async Task Duplicate_IsDoneOnce()
    {
        var queue = Broker.NewQueue();
        using var orders = new Orders();
        using var client = new QueueClient<INotes>(queue, Policy);
        client.Channel.Note("once");
        var message = (await RawQueue.TakeAsync(queue))!;
        await RawQueue.SendAsync(queue, message, message, message);
        await using var host = await QueueHost.StartAsync<INotes>(queue, orders, Policy);
        await orders.WaitForAsync(1);
        client.Channel.Note("the last");
        await orders.WaitForAsync(2);

        Assert.That(orders.Done.Order(), Is.EqualTo(new[] { "once for CN=Client", "the last for CN=Client" }));
    }

    [Test]
    public async Task Fault_OfTheOperation_ReachesItsCaller([Values] bool isExpected)
    {
        var queue = Broker.NewQueue();
        using var orders = new Orders { Before = _ => throw (isExpected ? new CoreWCF.FaultException("sold out") : new InvalidOperationException("a secret")) };
        await using var host = await QueueHost.StartAsync<IOrders>(queue, orders, Policy);
        using var client = new QueueClient<IOrders>(queue, Policy);

        Assert.That(() => client.Channel.Place("gnome"), Throws.InstanceOf<FaultException>().With.Message.Not.Contains("secret"));
        Assert.That(orders.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Message_OfAStranger_IsRefused()
    {
        var queue = Broker.NewQueue();
        using var orders = new Orders();
        await using var host = await QueueHost.StartAsync<IOrders>(queue, orders, Policy);
        using var client = new QueueClient<IOrders>(queue, Policy, credentials: TestKeys.ClientCredentials with { Certificate = TestKeys.Stranger });

        Assert.That(() => client.Channel.Place("mine"), Throws.InstanceOf<MessageSecurityException>());
        Assert.That(orders.Attempts, Is.Empty);
    }

    [Test]
    public async Task Message_TamperedWithInTheQueue_IsRefusedAndTheNextIsDone()
    {
        var signing = Policy with { ProtectionLevel = ProtectionLevel.Sign };
        var queue = Broker.NewQueue();
        using var orders = new Orders();
        using var client = new QueueClient<INotes>(queue, signing);
        client.Channel.Note("gnome");
        var message = (await RawQueue.TakeAsync(queue))!;
        message.BodySection = new Data { Binary = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString((byte[])message.Body).Replace("gnome", "gnomes", StringComparison.Ordinal)) };
        await RawQueue.SendAsync(queue, message);
        await RawQueue.SendAsync(queue, new global::Amqp.Message { BodySection = new Data { Binary = "no SOAP"u8.ToArray() } });
        await using var host = await QueueHost.StartAsync<INotes>(queue, orders, signing);
        client.Channel.Note("another");
        await orders.WaitForAsync(1);

        Assert.That(orders.Attempts, Is.EqualTo(new[] { "another" }));
    }

    [Test]
    public async Task Policy_ThatDetectsNoReplays_IsOfNoUseForQueues()
    {
        var policy = Policy with { DetectReplays = false };
        var queue = Broker.NewQueue();
        using var orders = new Orders();
        await using var host = await QueueHost.StartAsync<IOrders>(queue, orders, policy);
        using var client = new QueueClient<IOrders>(queue, policy);

        Assert.That(() => client.Channel.Place("gnome"), Throws.InstanceOf<MessageSecurityException>());
        Assert.That(orders.Attempts, Is.Empty);
    }

    [Test]
    public async Task ManyCalls_GetTheirOwnReplies()
    {
        var queue = Broker.NewQueue();
        using var orders = new Orders();
        await using var host = await QueueHost.StartAsync<IOrders>(queue, orders, Policy);
        using var client = new QueueClient<IOrders>(queue, Policy);

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 40 }, i => Assert.That(client.Channel.Place($"article {i}"), Is.EqualTo($"article {i} for CN=Client")));
    }

    [Test]
    public async Task Broker_KilledAndRestarted_LosesNothingAndNothingHappensTwice()
    {
        const int Count = 40;
        using var broker = new RabbitMq();
        await broker.StartAsync();
        var queue = broker.NewQueue();
        using var orders = new Orders { After = _ => Thread.Sleep(20) };
        await using var host = await QueueHost.StartAsync<IOrders>(queue, orders, Policy);
        using var client = new QueueClient<IOrders>(queue, Policy, timeout: TimeSpan.FromMinutes(2));

        var calling = Task.Run(() => Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 10 }, i => client.Channel.Note($"order {i}")));
        await orders.WaitForAsync(Count / 4);
        broker.Kill();
        await broker.StartAsync();
        await calling;
        await orders.WaitForAsync(Count);

        Assert.That(orders.Done.Order(), Is.EqualTo(Enumerable.Range(0, Count).Select(i => $"order {i} for CN=Client").Order()));
    }

    private static async Task WaitForAttemptsAsync(Orders orders, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (orders.Attempts.Count < count)
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}
