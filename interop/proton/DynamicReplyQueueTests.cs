using System.ServiceModel;
using WsSecurity.Amqp;

namespace WsSecurity.Interop.Wss4j.Proton;

/// <summary>Proton as a broker that makes queues for replies, which go with the link that asked.</summary>
public sealed class DynamicReplyQueueTests
{
    private const string Profile = "sign-confirm";

    [OneTimeSetUp]
    public void Require() => PythonPeer.Require();

    [Test]
    public async Task Clients_HaveAQueueEachAndGetTheirOwnReplies()
    {
        using var keys = new TemporaryKeys();
        using var broker = new PythonPeer("broker.py");
        var queue = new Uri($"amqp://127.0.0.1:{broker.Port}/orders");
        var binding = Binding.Of(Profile, keys.Folder);
        using var receiver = await ReceiveAsync(queue, binding, new EchoHandler());
        using var one = new QueueClient(queue, binding, "soap11", credentials: null, replyQueue: null);
        using var other = new QueueClient(queue, binding, "soap11", credentials: null, replyQueue: null);

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : other).CallAsync(Envelope($"article {i}"))));

        for (var i = 0; i < replies.Length; i++)
        {
            Assert.That(Messages.Payload(replies[i]), Is.EqualTo($"article {i}"));
        }
    }

    [Test]
    public async Task Connection_ThatBreaks_EndsTheCallsThatWait()
    {
        using var keys = new TemporaryKeys();
        var binding = Binding.Of(Profile, keys.Folder);
        using var broker = new PythonPeer("broker.py");
        var queue = new Uri($"amqp://127.0.0.1:{broker.Port}/orders");
        var echo = new EchoHandler { Before = cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken) };
        using var receiver = await ReceiveAsync(queue, binding, echo);
        using var client = new QueueClient(queue, binding, "soap11", credentials: null, replyQueue: null);
        var call = client.CallAsync(Envelope("gnome"));
        while (echo.Accepted.IsEmpty)
        {
            await Task.Delay(20);
        }

        broker.Kill();

        Assert.That(async () => await call.WaitAsync(TimeSpan.FromSeconds(20)), Throws.InstanceOf<CommunicationException>().With.Message.Contains("not known"));
        await receiver.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Replies_ThatNobodyTakes_AreDroppedAndHoldNothingUp()
    {
        using var keys = new TemporaryKeys();
        var binding = Binding.Of(Profile, keys.Folder);
        using var broker = new PythonPeer("broker.py");
        var queue = new Uri($"amqp://127.0.0.1:{broker.Port}/orders");
        var echo = new EchoHandler();
        using var receiver = await ReceiveAsync(queue, binding, echo, concurrency: 2, TimeSpan.FromSeconds(2));
        using var stuck = new QueueClient(queue, binding, "soap11", credentials: null, replyQueue: "full.*");
        using var client = new QueueClient(queue, binding, "soap11", credentials: null, replyQueue: null);
        var waiting = Enumerable.Range(0, 4).Select(i => stuck.CallAsync(Envelope($"for nobody {i}"))).ToArray();
        await Task.Delay(500);

        var reply = await client.CallAsync(Envelope("gnome")).WaitAsync(TimeSpan.FromSeconds(20));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Messages.Payload(reply), Is.EqualTo("gnome"));
            Assert.That(echo.Accepted, Has.Count.EqualTo(5));
            Assert.That(waiting.Any(call => call.IsCompleted), Is.False);
        }
    }

    private static byte[] Envelope(string text) => System.Text.Encoding.UTF8.GetBytes(
        $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><e:Echo xmlns:e=\"urn:wssecurity:interop\">{text}</e:Echo></s:Body></s:Envelope>");

    private static async Task<AmqpReceiver> ReceiveAsync(Uri queue, Binding binding, EchoHandler echo, int concurrency = 8, TimeSpan? replyTimeout = null)
    {
        var options = new AmqpReceiverOptions
        {
            Address = queue,
            Policy = binding.Policy,
            Credentials = binding.Service,
            Concurrency = concurrency,
            ReplyTimeout = replyTimeout ?? TimeSpan.FromSeconds(30),
        };
        var receiver = new AmqpReceiver(options, echo);
        await receiver.StartAsync(CancellationToken.None);
        return receiver;
    }
}
