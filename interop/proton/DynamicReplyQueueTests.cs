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
    public async Task Reader_ThatHasGone_HoldsNothingUp()
    {
        using var keys = new TemporaryKeys();
        var binding = Binding.Of(Profile, keys.Folder);
        using var broker = new PythonPeer("broker.py");
        var queue = new Uri($"amqp://127.0.0.1:{broker.Port}/orders");
        using (var impatient = new QueueClient(queue, binding, "soap11", credentials: null, replyQueue: null))
        {
            _ = impatient.CallAsync(Envelope("forgotten"));
            await Task.Delay(500);
        }

        using var receiver = await ReceiveAsync(queue, binding, new EchoHandler());
        using var client = new QueueClient(queue, binding, "soap11", credentials: null, replyQueue: null);

        Assert.That(Messages.Payload(await client.CallAsync(Envelope("gnome"))), Is.EqualTo("gnome"));
    }

    private static byte[] Envelope(string text) => System.Text.Encoding.UTF8.GetBytes(
        $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><e:Echo xmlns:e=\"urn:wssecurity:interop\">{text}</e:Echo></s:Body></s:Envelope>");

    private static async Task<AmqpReceiver> ReceiveAsync(Uri queue, Binding binding, EchoHandler echo)
    {
        var receiver = new AmqpReceiver(new AmqpReceiverOptions { Address = queue, Policy = binding.Policy, Credentials = binding.Service }, echo);
        await receiver.StartAsync(CancellationToken.None);
        return receiver;
    }
}
