using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
using System.Text;
using System.Xml.Linq;
using Amqp.Framing;
using NUnit.Framework;
using WsSecurity.AspNetCore.Tests;
using WsSecurity.Messaging;
using WsSecurity.ServiceModel;
using AmqpMessage = Amqp.Message;

namespace WsSecurity.Amqp.Tests;

/// <summary>Requests and replies of a WCF client over RabbitMQ: each call ends with its own reply, or with a clear error.</summary>
public sealed class RequestReplyTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    [OneTimeSetUp]
    public void Require() => Broker.Require();

    [Test]
    public async Task Call_IsAnsweredToItsSigner([Values] bool soap12, [Values] bool symmetric)
    {
        var policy = symmetric ? SecurityPolicy.MutualCertificate : Policy;
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var receiver = await ReceiveAsync(queue, quotes, policy);
        using var client = new Client(queue, soap12, policy);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.Quotes.Quote("gnome & co"), Is.EqualTo("gnome & co for CN=Client, quote 1"));
            Assert.That(await client.Quotes.QuoteAsync("another"), Is.EqualTo("another for CN=Client, quote 2"));
        }
    }

    [Test]
    public async Task Reply_HasThePropertiesOfSoapOverJms()
    {
        var queue = Broker.Running.NewQueue();
        var replies = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var client = new Client(queue, timeout: TimeSpan.FromSeconds(3));
        Assert.That(() => client.Quotes.Quote("gnome"), Throws.InstanceOf<TimeoutException>());
        var request = (await RawQueue.TakeAsync(queue))!;
        request.Properties.ReplyTo = replies.AbsolutePath[1..];
        await RawQueue.SendAsync(queue, request);
        using var receiver = await ReceiveAsync(queue, quotes);

        var reply = (await RawQueue.TakeAsync(replies))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Properties.CorrelationId, Is.EqualTo(request.Properties.MessageId));
            Assert.That(reply.Properties.MessageId, Does.StartWith("ID:").And.Not.EqualTo(request.Properties.MessageId));
            Assert.That(reply.Header.Durable, Is.True);
            Assert.That(reply.ApplicationProperties["SOAPJMS_bindingVersion"], Is.EqualTo("1.0"));
            Assert.That(reply.ApplicationProperties["SOAPJMS_contentType"], Is.EqualTo("text/xml; charset=utf-8"));
            Assert.That(reply.ApplicationProperties["SOAPJMS_requestURI"], Is.EqualTo(queue.ToString()));
            Assert.That(reply.ApplicationProperties["SOAPJMS_isFault"], Is.Null);
            Assert.That(Encoding.UTF8.GetString((byte[])reply.Body), Does.Contain("EncryptedData").And.Not.Contain("gnome"));
        }
    }

    [Test]
    public async Task Fault_OfTheHandler_ReachesItsCaller()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes
        {
            Answer = (request, _) => new XElement(XNamespace.Get("http://schemas.xmlsoap.org/soap/envelope/") + "Fault", new XElement("faultcode", "Server"), new XElement("faultstring", "sold out")),
        };
        using var receiver = await ReceiveAsync(queue, quotes);
        using var client = new Client(queue);

        Assert.That(() => client.Quotes.Quote("gnome"), Throws.InstanceOf<FaultException>().With.Message.EqualTo("sold out"));
    }

    [Test]
    public async Task OneWayOperation_OfAContractWithReplies_EndsWhenItIsHandled()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var receiver = await ReceiveAsync(queue, quotes);
        using var client = new Client(queue);

        client.Quotes.Note("remember");

        Assert.That(quotes.Computed, Is.EqualTo(new[] { "remember" }));
    }

    [Test]
    public async Task HandlerWithoutAReply_CallFailsAtOnce()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes { Answer = (_, _) => null };
        using var receiver = await ReceiveAsync(queue, quotes);
        using var client = new Client(queue);

        Assert.That(() => client.Quotes.Quote("gnome"), Throws.InstanceOf<CommunicationException>());
    }

    [Test]
    public async Task Request_ThatIsRefused_CallFailsAtOnce()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var receiver = await ReceiveAsync(queue, quotes);
        using var client = new Client(queue, credentials: TestKeys.ClientCredentials with { Certificate = TestKeys.Stranger });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => client.Quotes.Quote("mine"), Throws.InstanceOf<MessageSecurityException>());
            Assert.That(quotes.Computed, Is.Empty);
        }
    }

    [Test]
    public async Task Reply_ThatComesTooLate_IsNobodys()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes { Before = article => article == "slow" ? Task.Delay(TimeSpan.FromSeconds(3)) : Task.CompletedTask };
        using var client = new Client(queue, timeout: TimeSpan.FromSeconds(2));
        Assert.That(() => client.Quotes.Quote("slow"), Throws.InstanceOf<TimeoutException>());
        using var receiver = await ReceiveAsync(queue, quotes);
        using var patient = client.WithTimeout(TimeSpan.FromMinutes(1));

        for (var i = 0; i < 50; i++)
        {
            Assert.That(patient.Quotes.Quote($"article {i}"), Does.StartWith($"article {i} for"));
            await Task.Delay(80);
        }

        Assert.That(quotes.Computed, Has.Exactly(1).EqualTo("slow"));
    }

    [Test]
    public async Task Replies_ThatAnswerNothing_AreDropped()
    {
        var queue = Broker.Running.NewQueue();
        var replyQueue = $"replies{Guid.NewGuid():N}";
        await RawQueue.SendAsync(
            queue,
            replyQueue,
            new AmqpMessage { BodySection = new Data { Binary = "<no/>"u8.ToArray() } },
            new AmqpMessage { BodySection = new Data { Binary = "<no/>"u8.ToArray() }, Properties = new Properties { CorrelationId = "ID:of nobody" } });
        using var quotes = new Quotes();
        using var receiver = await ReceiveAsync(queue, quotes);
        using var client = new Client(queue, replyQueue: replyQueue);

        Assert.That(client.Quotes.Quote("gnome"), Does.StartWith("gnome for"));
    }

    [Test]
    public async Task Reply_TamperedWith_IsRefused()
    {
        var signing = Policy with { ProtectionLevel = ProtectionLevel.Sign };
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var client = new Client(queue, policy: signing);
        var call = client.Quotes.QuoteAsync("gnome");
        var request = (await RawQueue.TakeAsync(queue))!;

        await RawQueue.SendAsync(queue, request.Properties.ReplyTo, await AnswerAsync(quotes, signing, request, octets => octets.Replace("gnome", "gnomes", StringComparison.Ordinal)));

        Assert.That(async () => await call, Throws.InstanceOf<MessageSecurityException>());
    }

    [Test]
    public async Task Reply_ThatIsNoSoap_IsRefused()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var client = new Client(queue);

        using (Assert.EnterMultipleScope())
        {
            await RefusesAsync(reply => reply.BodySection = new AmqpValue { Value = 42 }, Throws.InstanceOf<ProtocolException>().With.Message.Contains("no octets"));
            await RefusesAsync(reply => reply.ApplicationProperties["SOAPJMS_contentType"] = "application/json", Throws.InstanceOf<ProtocolException>().With.Message.Contains("application/json"));
            await RefusesAsync(reply => reply.ApplicationProperties["SOAPJMS_contentEncoding"] = "gzip", Throws.InstanceOf<ProtocolException>().With.Message.Contains("compressed"));
            await RefusesAsync(reply => reply.BodySection = new Data { Binary = new byte[70_000] }, Throws.InstanceOf<CommunicationException>().With.Message.Contains("MaxReceivedMessageSize"));
            await RefusesAsync(reply => reply.BodySection = new Data { Binary = "<no"u8.ToArray() }, Throws.InstanceOf<CommunicationException>());
        }

        async Task RefusesAsync(Action<AmqpMessage> change, NUnit.Framework.Constraints.IResolveConstraint how)
        {
            var call = client.Quotes.QuoteAsync("gnome");
            var request = (await RawQueue.TakeAsync(queue))!;
            var reply = await AnswerAsync(quotes, Policy, request);
            change(reply);
            await RawQueue.SendAsync(queue, request.Properties.ReplyTo, reply);
            Assert.That(async () => await call, how);
        }
    }

    [Test]
    public async Task Replies_ThatTheBrokerSwaps_ReachNobody()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var client = new Client(queue);
        var calls = new[] { client.Quotes.QuoteAsync("gnome"), client.Quotes.QuoteAsync("dwarf") };
        var first = (await RawQueue.TakeAsync(queue))!;
        var second = (await RawQueue.TakeAsync(queue))!;
        var replies = new[] { await AnswerAsync(quotes, Policy, first), await AnswerAsync(quotes, Policy, second) };
        (replies[0].Properties.CorrelationId, replies[1].Properties.CorrelationId) = (replies[1].Properties.CorrelationId, replies[0].Properties.CorrelationId);

        await RawQueue.SendAsync(queue, first.Properties.ReplyTo, replies);

        foreach (var call in calls)
        {
            Assert.That(async () => await call, Throws.InstanceOf<MessageSecurityException>());
        }
    }

    [TestCase(1_000)]
    public async Task ManyCallsAtOnce_GetTheirOwnReplies(int count)
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var receiver = await ReceiveAsync(queue, quotes);
        using var client = new Client(queue, timeout: TimeSpan.FromMinutes(2));
        using var another = new Client(queue, timeout: TimeSpan.FromMinutes(2));

        var replies = await Task.WhenAll(Enumerable.Range(0, count).Select(i => (i % 2 == 0 ? client : another).Quotes.QuoteAsync($"article {i}")));

        for (var i = 0; i < count; i++)
        {
            Assert.That(replies[i], Does.StartWith($"article {i} for CN=Client"));
        }

        Assert.That(quotes.Computed.Distinct().Count(), Is.EqualTo(count).And.EqualTo(quotes.Computed.Count));
    }

    [Test]
    public async Task ManyBlockingCalls_GetTheirOwnReplies()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var receiver = await ReceiveAsync(queue, quotes);
        using var client = new Client(queue);

        Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 50 }, i => Assert.That(client.Quotes.Quote($"article {i}"), Does.StartWith($"article {i} for")));
    }

    [Test]
    public async Task HandlerThatCommitsAndThenDies_AnswersAgainAndComputesOnce()
    {
        var queue = Broker.Running.NewQueue();
        var attempts = 0;
        using var quotes = new Quotes { After = _ => Interlocked.Increment(ref attempts) < 3 ? throw new TimeoutException("between commit and reply") : Task.CompletedTask };
        using var receiver = await ReceiveAsync(queue, quotes);
        using var client = new Client(queue);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.Quotes.Quote("gnome"), Is.EqualTo("gnome for CN=Client, quote 1"));
            Assert.That(attempts, Is.EqualTo(3));
            Assert.That(quotes.Computed, Is.EqualTo(new[] { "gnome" }));
        }
    }

    [Test]
    public async Task ReplyTo_OutsideOfTheQueuesForReplies_IsNotServed()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var receiver = await ReceiveAsync(queue, quotes, replyQueues: ["replies.of.others."]);
        using var client = new Client(queue, timeout: TimeSpan.FromSeconds(3));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => client.Quotes.Quote("gnome"), Throws.InstanceOf<TimeoutException>());
            Assert.That(quotes.Computed, Is.EqualTo(new[] { "gnome" }));
        }
    }

    [Test]
    public async Task ReplyTo_ThatTheBrokerRefuses_HarmsNobodyElse()
    {
        var queue = Broker.Running.NewQueue();
        using var quotes = new Quotes();
        using var quick = new Client(queue, timeout: TimeSpan.FromSeconds(2));
        Assert.That(() => quick.Quotes.Quote("to nowhere"), Throws.InstanceOf<TimeoutException>());
        var request = (await RawQueue.TakeAsync(queue))!;
        request.Properties.ReplyTo = "/exchange/of nobody/at all";
        await RawQueue.SendAsync(queue, request);
        using var client = new Client(queue);
        using var receiver = await ReceiveAsync(queue, quotes);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.Quotes.Quote("gnome"), Does.StartWith("gnome for"));
            Assert.That(quotes.Computed, Is.EqualTo(new[] { "to nowhere", "gnome" }));
        }
    }

    [Test]
    public void Channel_ThatIsAborted_EndsItsCalls()
    {
        using var client = new Client(Broker.Running.NewQueue());
        var call = client.Quotes.QuoteAsync("gnome");
        ((ICommunicationObject)client.Quotes).Abort();

        Assert.That(async () => await call, Throws.InstanceOf<CommunicationException>());
    }

    [Test]
    public void Broker_WithoutQueuesOfItsOwn_AsksForAName()
    {
        using var client = new Client(Broker.Running.NewQueue(), replyQueue: null);
        Assert.That(() => client.Quotes.Quote("gnome"), Throws.InstanceOf<CommunicationException>().With.Message.Contains("ReplyQueue"));
    }

    [Test]
    public void ReplyQueue_OfAnotherFactoryOfTheBinding_IsRefused()
    {
        var binding = Client.Binding("replies", soap12: false, TimeSpan.FromSeconds(1));
        var first = binding.BuildChannelFactory<IRequestChannel>();
        first.Open();
        Assert.That(() => binding.BuildChannelFactory<IRequestChannel>().Open(), Throws.InvalidOperationException.With.Message.Contains("asterisk"));

        first.Close();
        Assert.That(() => binding.BuildChannelFactory<IRequestChannel>().Open(), Throws.Nothing);
    }

    [Test]
    public async Task Broker_KilledAndRestarted_EveryCallEndsWithItsReply()
    {
        const int Count = 60;
        using var broker = new RabbitMq();
        await broker.StartAsync();
        var queue = broker.NewQueue();
        using var quotes = new Quotes { Before = _ => Task.Delay(50) };
        using var receiver = await ReceiveAsync(queue, quotes);
        using var client = new Client(queue, timeout: TimeSpan.FromMinutes(2));

        var calls = Enumerable.Range(0, Count).Select(i => client.Quotes.QuoteAsync($"article {i}")).ToArray();
        while (quotes.Computed.Count < Count / 4)
        {
            await Task.Delay(20);
        }

        broker.Kill();
        await broker.StartAsync();
        var replies = await Task.WhenAll(calls);

        for (var i = 0; i < Count; i++)
        {
            Assert.That(replies[i], Does.StartWith($"article {i} for"));
        }

        Assert.That(quotes.Computed.Distinct().Count(), Is.EqualTo(Count).And.EqualTo(quotes.Computed.Count));
    }

    /// <summary>What the service answers, for a test that stands between broker and client.</summary>
    private static async Task<AmqpMessage> AnswerAsync(Quotes quotes, SecurityPolicy policy, AmqpMessage request, Func<string, string>? change = null)
    {
        byte[] octets = [];
        var context = new MessageContext { Action = (string)request.ApplicationProperties["SOAPJMS_soapAction"] };
        await new DeliveryReceiver(policy, TestKeys.ServiceCredentials, quotes).ReceiveAsync(
            (byte[])request.Body,
            context,
            (reply, _) =>
            {
                octets = reply.Envelope.ToArray();
                return ValueTask.CompletedTask;
            });
        if (change is not null)
        {
            var changed = change(Encoding.UTF8.GetString(octets));
            Assert.That(changed, Is.Not.EqualTo(Encoding.UTF8.GetString(octets)));
            octets = Encoding.UTF8.GetBytes(changed);
        }

        return new AmqpMessage
        {
            BodySection = new Data { Binary = octets },
            Properties = new Properties { CorrelationId = request.Properties.MessageId },
            ApplicationProperties = new ApplicationProperties { ["SOAPJMS_contentType"] = "text/xml; charset=utf-8" },
        };
    }

    private static async Task<AmqpReceiver> ReceiveAsync(Uri queue, Quotes quotes, SecurityPolicy? policy = null, IReadOnlyList<string>? replyQueues = null)
    {
        var receiver = new AmqpReceiver(
            new AmqpReceiverOptions
            {
                Address = queue,
                BrokerCredentials = Broker.Running.Credentials,
                Policy = policy ?? Policy,
                Credentials = TestKeys.ServiceCredentials,
                RetryDelay = TimeSpan.FromMilliseconds(50),
                ReplyQueues = replyQueues,
            },
            quotes);
        await receiver.StartAsync(CancellationToken.None);
        return receiver;
    }

    private sealed class Client : IDisposable
    {
        private readonly ChannelFactory<IQuotes> _factory;
        private readonly Uri _queue;

        public Client(
            Uri queue, bool soap12 = false, SecurityPolicy? policy = null, TimeSpan? timeout = null, SecurityCredentials? credentials = null, string? replyQueue = "replies.*")
        {
            _queue = queue;
            var binding = Binding(replyQueue, soap12, timeout ?? TimeSpan.FromMinutes(1));
            _factory = new ChannelFactory<IQuotes>(binding.WithMessageSecurity(policy ?? Policy, credentials ?? TestKeys.ClientCredentials), new EndpointAddress(queue));
            Quotes = _factory.CreateChannel();
        }

        private Client(Client other, TimeSpan timeout)
        {
            _queue = other._queue;
            _factory = other._factory;
            Quotes = _factory.CreateChannel(new EndpointAddress(_queue));
            ((IContextChannel)Quotes).OperationTimeout = timeout;
        }

        public IQuotes Quotes { get; }

        public static CustomBinding Binding(string? replyQueue, bool soap12, TimeSpan timeout)
        {
            var version = soap12 ? MessageVersion.CreateVersion(EnvelopeVersion.Soap12, AddressingVersion.None) : MessageVersion.Soap11;
            return new CustomBinding(
                new TextMessageEncodingBindingElement(version, Encoding.UTF8),
                new AmqpTransportBindingElement { Credentials = Broker.Running.Credentials, ReplyQueue = replyQueue })
            {
                SendTimeout = timeout,
            };
        }

        public Client WithTimeout(TimeSpan timeout) => new(this, timeout);

        public void Dispose() => _factory.Abort();
    }
}
