using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using Amqp.Framing;
using NUnit.Framework;
using WsSecurity.AspNetCore.Tests;
using WsSecurity.ServiceModel;

namespace WsSecurity.Amqp.Tests;

/// <summary>A WCF client, a RabbitMQ broker, and a receiver: protected from end to end, and handled once.</summary>
public sealed class QueueTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    [OneTimeSetUp]
    public void Require() => Broker.Require();

    [TestCase(false)]
    [TestCase(true)]
    public async Task OneWay_ReachesTheHandlerAsItsSigner(bool soap12)
    {
        var queue = Broker.Running.NewQueue();
        using var orders = new Orders();
        using var receiver = await ReceiveAsync(queue, orders);
        using var client = Client(queue, soap12);

        client.Notes.Note("gnome & co");
        await orders.WaitForAsync(1);

        Assert.That(orders.Articles, Is.EqualTo(new[] { "gnome & co for CN=Client" }));
    }

    [Test]
    public async Task Broker_SeesJmsPropertiesAndNoPlaintext()
    {
        var queue = Broker.Running.NewQueue();
        using var client = Client(queue, soap12: false);
        client.Notes.Note("for the service alone");

        var message = (await RawQueue.TakeAsync(queue))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.ApplicationProperties["SOAPJMS_bindingVersion"], Is.EqualTo("1.0"));
            Assert.That(message.ApplicationProperties["SOAPJMS_contentType"], Is.EqualTo("text/xml; charset=utf-8"));
            Assert.That(message.ApplicationProperties["SOAPJMS_soapAction"], Is.EqualTo("urn:orders/INotes/Note"));
            Assert.That(message.ApplicationProperties["SOAPJMS_requestURI"], Is.EqualTo(queue.ToString()));
            Assert.That(Encoding.UTF8.GetString((byte[])message.Body), Does.Contain("EncryptedData").And.Not.Contain("alone"));
        }
    }

    [Test]
    public async Task Duplicate_IsHandledOnce()
    {
        var queue = Broker.Running.NewQueue();
        using var client = Client(queue, soap12: false);
        client.Notes.Note("once");
        var message = (await RawQueue.TakeAsync(queue))!;
        using var orders = new Orders();
        await RawQueue.SendAsync(queue, message, message, message);
        using (var first = await ReceiveAsync(queue, orders))
        {
            await orders.WaitForAsync(1);
            client.Notes.Note("the last");
            await orders.WaitForAsync(2);
        }

        // Another process, whose replay cache knows nothing.
        await RawQueue.SendAsync(queue, message);
        using var second = await ReceiveAsync(queue, orders);
        client.Notes.Note("after the restart");
        await orders.WaitForAsync(3);

        Assert.That(orders.Articles.Count(article => article.StartsWith("once", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task HandlerThatFails_GetsTheMessageAgain()
    {
        var queue = Broker.Running.NewQueue();
        var attempts = 0;
        using var orders = new Orders { Before = _ => Interlocked.Increment(ref attempts) < 3 ? throw new TimeoutException("the database does not answer") : Task.CompletedTask };
        using var receiver = await ReceiveAsync(queue, orders);
        using var client = Client(queue, soap12: false);

        client.Notes.Note("gnome");
        await orders.WaitForAsync(1);

        Assert.That(attempts, Is.EqualTo(3));
    }

    [Test]
    public async Task HandlerThatCommitsAndThenDies_HasItsEffectOnce()
    {
        var queue = Broker.Running.NewQueue();
        var attempts = 0;
        using var orders = new Orders { After = _ => Interlocked.Increment(ref attempts) == 1 ? throw new TimeoutException("between commit and acknowledgement") : Task.CompletedTask };
        using var receiver = await ReceiveAsync(queue, orders);
        using var client = Client(queue, soap12: false);

        client.Notes.Note("gnome");
        client.Notes.Note("another");
        await orders.WaitForAsync(2);
        Assert.That(orders.Articles.Count(article => article.StartsWith("gnome", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Message_TamperedWithInTheQueue_IsRefused()
    {
        var signing = Policy with { ProtectionLevel = ProtectionLevel.Sign };
        var queue = Broker.Running.NewQueue();
        using var orders = new Orders();
        using var client = Client(queue, soap12: false, signing);
        client.Notes.Note("gnome");
        var message = (await RawQueue.TakeAsync(queue))!;
        message.BodySection = new Data { Binary = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString((byte[])message.Body).Replace("gnome", "gnomes", StringComparison.Ordinal)) };
        await RawQueue.SendAsync(queue, message);
        using var receiver = await ReceiveAsync(queue, orders, signing);
        client.Notes.Note("another");
        await orders.WaitForAsync(1);

        Assert.That(orders.Articles, Is.EqualTo(new[] { "another for CN=Client" }));
    }

    [Test]
    public async Task ManyMessages_AreHandledOnceEach()
    {
        const int Count = 200;
        var queue = Broker.Running.NewQueue();
        using var orders = new Orders();
        using var receiver = await ReceiveAsync(queue, orders);
        using var client = Client(queue, soap12: false);

        Parallel.For(0, Count, i => client.Notes.Note($"order {i}"));
        await orders.WaitForAsync(Count);

        Assert.That(orders.Articles.Order(), Is.EqualTo(Enumerable.Range(0, Count).Select(i => $"order {i} for CN=Client").Order()));
    }

    [Test]
    public void Contract_WithCallbacks_IsRefused()
    {
        var binding = new CustomBinding(new TextMessageEncodingBindingElement(), new AmqpTransportBindingElement());
        Assert.That(() => binding.BuildChannelFactory<IDuplexChannel>(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Message_OfAStranger_IsRefused()
    {
        var queue = Broker.Running.NewQueue();
        using var orders = new Orders();
        using var receiver = await ReceiveAsync(queue, orders);
        using var stranger = Client(queue, soap12: false, credentials: TestKeys.ClientCredentials with { Certificate = TestKeys.Stranger });
        using var client = Client(queue, soap12: false);

        stranger.Notes.Note("mine");
        client.Notes.Note("gnome");
        await orders.WaitForAsync(1);

        Assert.That(orders.Articles, Is.EqualTo(new[] { "gnome for CN=Client" }));
    }

    [Test]
    public void Broker_Unreachable_CallEndsWithItsTimeout()
    {
        using var client = Client(new Uri("amqp://127.0.0.1:1/queue"), soap12: false, timeout: TimeSpan.FromSeconds(2));
        Assert.That(() => client.Notes.Note("gnome"), Throws.InstanceOf<TimeoutException>());
    }

    [Test]
    public async Task Broker_KilledAndRestarted_LosesNothingAndNothingHappensTwice()
    {
        const int Count = 60;
        using var broker = new RabbitMq();
        await broker.StartAsync();
        var queue = broker.NewQueue();
        using var orders = new Orders();
        using var receiver = await ReceiveAsync(queue, orders, broker: broker);
        using var client = Client(queue, soap12: false, timeout: TimeSpan.FromMinutes(2), broker: broker);

        var sending = Task.Run(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                client.Notes.Note($"order {i}");
            }
        });
        await orders.WaitForAsync(Count / 4);
        broker.Kill();
        await broker.StartAsync();
        await sending;
        await orders.WaitForAsync(Count);

        Assert.That(orders.Articles.Order(), Is.EqualTo(Enumerable.Range(0, Count).Select(i => $"order {i} for CN=Client").Order()));
    }

    private static async Task<AmqpReceiver> ReceiveAsync(Uri queue, Orders orders, SecurityPolicy? policy = null, RabbitMq? broker = null)
    {
        var receiver = new AmqpReceiver(
            new AmqpReceiverOptions
            {
                Address = queue,
                BrokerCredentials = (broker ?? Broker.Running).Credentials,
                Policy = policy ?? Policy,
                Credentials = TestKeys.ServiceCredentials,
                RetryDelay = TimeSpan.FromMilliseconds(50),
            },
            orders);
        await receiver.StartAsync(CancellationToken.None);
        return receiver;
    }

    private static CallingClient Client(
        Uri queue, bool soap12, SecurityPolicy? policy = null, TimeSpan? timeout = null, SecurityCredentials? credentials = null, RabbitMq? broker = null)
    {
        var version = soap12 ? MessageVersion.CreateVersion(EnvelopeVersion.Soap12, AddressingVersion.None) : MessageVersion.Soap11;
        var binding = new CustomBinding(
            new TextMessageEncodingBindingElement(version, Encoding.UTF8),
            new AmqpTransportBindingElement { Credentials = (broker ?? Broker.Running).Credentials })
        {
            SendTimeout = timeout ?? TimeSpan.FromMinutes(1),
        };
        return new CallingClient(binding.WithMessageSecurity(policy ?? Policy, credentials ?? TestKeys.ClientCredentials), queue);
    }

    private sealed class CallingClient : IDisposable
    {
        private readonly ChannelFactory<INotes> _notes;

        public CallingClient(System.ServiceModel.Channels.Binding binding, Uri queue)
        {
            _notes = new ChannelFactory<INotes>(binding, new EndpointAddress(queue));
            Notes = _notes.CreateChannel();
        }

        public INotes Notes { get; }

        public void Dispose() => _notes.Abort();
    }
}
