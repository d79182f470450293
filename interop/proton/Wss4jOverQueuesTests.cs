using System.Net;
using System.ServiceModel.Security;
using WsSecurity.Amqp;
using WsSecurity.Amqp.Tests;

namespace WsSecurity.Interop.Wss4j.Proton;

/// <summary>Through RabbitMQ to a side that has nothing of ours: Proton reads and writes the messages, WSS4J verifies and protects them.</summary>
public sealed class Wss4jOverQueuesTests
{
    private RabbitMq? _broker;

    private static NetworkCredential Guest { get; } = new("guest", "guest");

    private RabbitMq Broker => _broker!;

    [OneTimeSetUp]
    public async Task Start()
    {
        PythonPeer.Require();
        foreach (var (missing, isRequired) in new[] { (Peer.Missing, Peer.TakesPart), (RabbitMq.Missing, RequiredPeers.Has("rabbitmq")) })
        {
            if (missing is not null)
            {
                Assert.That(isRequired, Is.False, missing);
                Assert.Ignore(missing);
            }
        }

        _broker = new RabbitMq();
        await _broker.StartAsync();
    }

    [OneTimeTearDown]
    public void Stop() => _broker?.Dispose();

    [Test]
    public async Task Call_OfAWcfClient_IsAnsweredByWss4j(
        [Values("sign-confirm", "sign-encrypt-confirm", "encrypt-sign-confirm", "symmetric-signature")] string profile, [Values("soap11", "soap12")] string version)
    {
        var queue = Broker.NewQueue();
        var plain = Messages.Plain(version);
        using var peer = new PythonPeer("bridge.py", $"127.0.0.1:{queue.Port}", $"{queue.AbsolutePath[1..]}={Peer.Url}/service/{profile}");
        using var client = new QueueClient(queue, Binding.Of(profile, Peer.Keys), version, Guest, "proton.*");

        var reply = await client.CallAsync(plain);

        Assert.That(Messages.Payload(reply), Is.EqualTo(Messages.Payload(plain)));
        var seen = peer.NextMessage();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)seen["id"], Does.StartWith("ID:"));
            Assert.That((string?)seen["replyTo"], Does.StartWith("proton."));
            Assert.That((bool)seen["durable"]!, Is.True);
            Assert.That((int)seen["jmsType"]!, Is.EqualTo(3));
            Assert.That((string?)seen["properties"]!["SOAPJMS_bindingVersion"], Is.EqualTo("1.0"));
            Assert.That((string?)seen["properties"]!["SOAPJMS_requestURI"], Is.EqualTo(queue.ToString()));
            Assert.That((string?)seen["properties"]!["SOAPJMS_soapAction"], Is.EqualTo("urn:wssecurity:interop/Echo"));
            Assert.That((string?)seen["properties"]!["SOAPJMS_contentType"], Does.StartWith(version == "soap12" ? "application/soap+xml" : "text/xml"));
        }
    }

    [Test]
    public async Task Call_OfWss4jClient_IsAnsweredByTheReceiver(
        [Values("sign-confirm", "sign-encrypt-confirm", "encrypt-sign-confirm", "symmetric-signature")] string profile, [Values("soap11", "soap12")] string version)
    {
        var queue = Broker.NewQueue();
        var plain = Messages.Plain(version);
        var echo = new EchoHandler();
        using var receiver = await ReceiveAsync(queue, profile, echo);
        using var peer = new PythonPeer("bridge.py", $"127.0.0.1:{queue.Port}");

        var answer = await Peer.Post($"client/{profile}?url={Uri.EscapeDataString($"http://127.0.0.1:{peer.Port}{queue.AbsolutePath}")}&action=urn:wssecurity:interop/Echo", plain);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(Messages.Payload(answer.Content), Is.EqualTo(Messages.Payload(plain)));
        Assert.That(echo.Accepted, Has.Count.EqualTo(1));
        var seen = peer.NextMessage();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)seen["correlation"], Does.StartWith("ID:").And.Not.EqualTo((string?)seen["id"]));
            Assert.That((int)seen["jmsType"]!, Is.EqualTo(3));
            Assert.That((string?)seen["properties"]!["SOAPJMS_requestURI"], Is.EqualTo($"jms:queue:{queue.AbsolutePath[1..]}"));
            Assert.That(seen["properties"]!["SOAPJMS_isFault"], Is.Null);
        }
    }

    [Test]
    public void Request_ThatWss4jRefuses_FailsAtOnce()
    {
        var queue = Broker.NewQueue();
        using var peer = new PythonPeer("bridge.py", $"127.0.0.1:{queue.Port}", $"{queue.AbsolutePath[1..]}={Peer.Url}/service/sign-encrypt-confirm");
        using var client = new QueueClient(queue, Binding.Of("sign-confirm", Peer.Keys), "soap11", Guest, "proton.*");

        Assert.That(async () => await client.CallAsync(Messages.Plain("soap11")), Throws.InstanceOf<MessageSecurityException>());
    }

    [Test]
    public void Reply_TamperedWithBehindWss4j_IsRefused()
    {
        var queue = Broker.NewQueue();
        using var peer = new PythonPeer("bridge.py", $"127.0.0.1:{queue.Port}", $"{queue.AbsolutePath[1..]}={Peer.Url}/service/sign-confirm?tamper=body");
        using var client = new QueueClient(queue, Binding.Of("sign-confirm", Peer.Keys), "soap11", Guest, "proton.*");

        Assert.That(async () => await client.CallAsync(Messages.Plain("soap11")), Throws.InstanceOf<MessageSecurityException>());
    }

    [Test]
    public async Task Request_ThatTheReceiverRefuses_IsAFaultToWss4j()
    {
        var queue = Broker.NewQueue();
        using var receiver = await ReceiveAsync(queue, "sign-encrypt-confirm", new EchoHandler());
        using var peer = new PythonPeer("bridge.py", $"127.0.0.1:{queue.Port}");

        var answer = await Peer.Post($"client/sign-confirm?url={Uri.EscapeDataString($"http://127.0.0.1:{peer.Port}{queue.AbsolutePath}")}&action=urn:wssecurity:interop/Echo", Messages.Plain("soap11"));

        Assert.That(answer.Status, Is.EqualTo(502));
        Assert.That(answer.Text, Does.StartWith("status 500").And.Contains("Fault"));
        Assert.That((bool)peer.NextMessage()["properties"]!["SOAPJMS_isFault"]!, Is.True);
    }

    private static async Task<AmqpReceiver> ReceiveAsync(Uri queue, string profile, EchoHandler echo)
    {
        var binding = Binding.Of(profile, Peer.Keys);
        var receiver = new AmqpReceiver(new AmqpReceiverOptions { Address = queue, BrokerCredentials = Guest, Policy = binding.Policy, Credentials = binding.Service }, echo);
        await receiver.StartAsync(CancellationToken.None);

        // Its link declares the queue; whoever asks for it before gets nothing.
        await Task.Delay(TimeSpan.FromSeconds(1));
        return receiver;
    }
}
