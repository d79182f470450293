using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Security;
using System.Xml;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Channels;

/// <summary>Every channel shape by itself, synchronous and asynchronous, over a transport without a network.</summary>
internal sealed class ChannelShapeTests
{
    private const string Action = Envelopes.Service + "/IEcho/Echo";

    [Test]
    public void Send_OutputChannel_IsProtected([Values] bool isAsync) => SendIsProtected<IOutputChannel>(isAsync);

    [Test]
    public void Send_OutputSessionChannel_IsProtected([Values] bool isAsync) => SendIsProtected<IOutputSessionChannel>(isAsync);

    [Test]
    public void Request_RequestChannel_IsVerified([Values] bool isAsync) => RequestIsVerified<IRequestChannel>(isAsync);

    [Test]
    public void Request_RequestSessionChannel_IsVerified([Values] bool isAsync) => RequestIsVerified<IRequestSessionChannel>(isAsync);

    [Test]
    public void Receive_DuplexChannel_IsVerified([Values] bool isAsync) => ReceiveIsVerified<IDuplexChannel>(isAsync);

    [Test]
    public void Receive_DuplexSessionChannel_IsVerified([Values] bool isAsync) => ReceiveIsVerified<IDuplexSessionChannel>(isAsync);

    [Test]
    public void Session_OfTheTransport_IsHandedOn()
    {
        using var request = Open<IRequestSessionChannel>();
        using var output = Open<IOutputSessionChannel>();
        using var duplex = Open<IDuplexSessionChannel>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Channel.Session.Id, Is.EqualTo("loop"));
            Assert.That(output.Channel.Session.Id, Is.EqualTo("loop"));
            Assert.That(duplex.Channel.Session.Id, Is.EqualTo("loop"));
            Assert.That(duplex.Channel.Via, Is.EqualTo(LoopbackTransportBindingElement.Address.Uri));
            Assert.That(duplex.Channel.RemoteAddress, Is.EqualTo(LoopbackTransportBindingElement.Address));
            Assert.That(duplex.Channel.LocalAddress.IsAnonymous, Is.True);
            Assert.That(duplex.Channel.WaitForMessage(TimeSpan.Zero), Is.False);
        }
    }

    [Test]
    public void Receive_TamperedReply_FailsWhoReadsIt()
    {
        using var scope = Open<IDuplexChannel>(new SecuredService(Policies.Mutual) { Tamper = octets => { octets[^40] ^= 1; return octets; } });
        scope.Channel.Send(Create());

        var standIn = scope.Channel.Receive(TimeSpan.FromSeconds(5));
        using (Assert.EnterMultipleScope())
        {
            Assert.Throws<MessageSecurityException>(() => _ = standIn.IsFault);
            Assert.Throws<MessageSecurityException>(() => standIn.GetReaderAtBodyContents());
            Assert.That(standIn.ToString(), Does.Contain("refused"));
        }
    }

    [Test]
    public void Receive_ReplyToNothing_IsDropped([Values] bool isAsync)
    {
        using var scope = Open<IDuplexChannel>(new SecuredService(Policies.Mutual) { Edit = reply => reply.Descendants(Envelopes.Addressing + "RelatesTo").Single().Value = "urn:uuid:0a9bd9b2-3b2c-4c32-9e0b-7a4d5c3b2a10" });
        scope.Channel.Send(Create());

        var isReceived = isAsync
            ? scope.Channel.EndTryReceive(scope.Channel.BeginTryReceive(TimeSpan.FromMilliseconds(50), null!, null!), out var message)
            : scope.Channel.TryReceive(TimeSpan.FromMilliseconds(50), out message);
        Assert.That(isReceived, Is.False);
        Assert.That(message, Is.Null);
    }

    [Test]
    public void Send_AnswerToNoCallback_IsRefused()
    {
        using var scope = Open<IDuplexChannel>();
        var answer = Create();
        answer.Headers.RelatesTo = new UniqueId();
        Assert.That(Assert.Throws<MessageSecurityException>(() => scope.Channel.Send(answer))!.Message, Does.Contain("no open callback"));
    }

    [Test]
    public void Send_MessageIdInUse_IsRefused()
    {
        using var scope = Open<IDuplexChannel>();
        var id = new UniqueId();
        scope.Channel.Send(Create(id));
        Assert.That(Assert.Throws<InvalidOperationException>(() => scope.Channel.Send(Create(id)))!.Message, Does.Contain("is in use"));
    }

    [Test]
    public void Send_TransportFails_ForgetsTheExchange()
    {
        using var scope = Open<IDuplexChannel>(fails: true);
        var id = new UniqueId();
        Assert.Throws<CommunicationException>(() => scope.Channel.Send(Create(id)));
        Assert.Throws<CommunicationException>(() => scope.Channel.Send(Create(id)));
    }

    [Test]
    public void Request_ReplyThatBypassedTheEncoder_IsRefused([Values] bool isAsync)
    {
        using var scope = Open<IRequestChannel>(bypasses: true);
        Assert.That(Assert.Throws<MessageSecurityException>(() => Request(scope.Channel, Create(), isAsync))!.Message, Does.Contain("did not come through the encoder"));
    }

    [Test]
    public void Request_ReplyBeforeTheRequest_IsRefused()
    {
        using var scope = Open<IRequestChannel>(repliesFirst: true);
        Assert.That(Assert.Throws<MessageSecurityException>(() => scope.Channel.Request(Create()))!.Message, Does.Contain("before the request was sent"));
    }

    [Test]
    public void Request_MessageEncodedTwice_IsRefused()
    {
        using var scope = Open<IRequestChannel>(twice: true);
        Assert.That(Assert.Throws<InvalidOperationException>(() => scope.Channel.Request(Create()))!.Message, Does.Contain("protected and sent already"));
    }

    [Test]
    public void Request_AfterClose_IsRefused()
    {
        using var scope = Open<IRequestChannel>();
        scope.Channel.Close();
        Assert.Throws<ObjectDisposedException>(() => scope.Channel.Request(Create()));
    }

    [Test]
    public void Request_NullMessage_IsRefused()
    {
        using var request = Open<IRequestChannel>();
        using var duplex = Open<IDuplexChannel>();
        using var output = Open<IOutputChannel>();
        Assert.Throws<ArgumentNullException>(() => request.Channel.Request(null!));
        Assert.Throws<ArgumentNullException>(() => request.Channel.BeginRequest(null!, null!, null!));
        Assert.Throws<ArgumentNullException>(() => duplex.Channel.Send(null!));
        Assert.Throws<ArgumentNullException>(() => output.Channel.BeginSend(null!, null!, null!));
    }

    private static void SendIsProtected<TChannel>(bool isAsync)
        where TChannel : class, IOutputChannel
    {
        var service = new SecuredService(Policies.Mutual);
        using var scope = Open<TChannel>(service);
        if (isAsync)
        {
            scope.Channel.EndSend(scope.Channel.BeginSend(Create(), null!, null!));
        }
        else
        {
            scope.Channel.Send(Create());
        }

        Assert.That(service.Requests, Has.Count.EqualTo(1));
        Assert.That(service.Refusals, Is.Empty);
    }

    private static void RequestIsVerified<TChannel>(bool isAsync)
        where TChannel : class, IRequestChannel
    {
        using var scope = Open<TChannel>();
        var reply = Request(scope.Channel, Create(), isAsync);
        Assert.That(reply.Properties.GetProtectionEvidence()!.Signatures, Is.Not.Empty);
        Assert.That(reply.ToString(), Does.Contain("EchoResult"));
    }

    private static void ReceiveIsVerified<TChannel>(bool isAsync)
        where TChannel : class, IDuplexChannel
    {
        using var scope = Open<TChannel>();
        for (var i = 0; i < 2; i++)
        {
            var id = new UniqueId();
            if (isAsync)
            {
                scope.Channel.EndSend(scope.Channel.BeginSend(Create(id), null!, null!));
            }
            else
            {
                scope.Channel.Send(Create(id));
            }

            var reply = isAsync
                ? scope.Channel.EndReceive(scope.Channel.BeginReceive(TimeSpan.FromSeconds(5), null!, null!))
                : scope.Channel.Receive(TimeSpan.FromSeconds(5));
            Assert.That(reply.Headers.RelatesTo, Is.EqualTo(id));
            Assert.That(reply.Properties.GetProtectionEvidence()!.Signatures, Is.Not.Empty);
        }
    }

    private static Message Request(IRequestChannel channel, Message message, bool isAsync) =>
        isAsync ? channel.EndRequest(channel.BeginRequest(message, null!, null!)) : channel.Request(message);

    private static Message Create(UniqueId? id = null)
    {
        var body = XmlReader.Create(new StringReader($"<Echo xmlns='{Envelopes.Service}'><text>t</text></Echo>"));
        var message = Message.CreateMessage(MessageVersion.Soap12WSAddressing10, Action, body);
        message.Headers.To = LoopbackTransportBindingElement.Address.Uri;
        message.Headers.MessageId = id ?? new UniqueId();
        return message;
    }

    private static Scope<TChannel> Open<TChannel>(
        SecuredService? service = null, bool bypasses = false, bool twice = false, bool repliesFirst = false, bool fails = false)
        where TChannel : class, IChannel
    {
        var transport = new LoopbackTransportBindingElement(service ?? new SecuredService(Policies.Mutual)) { BypassesEncoder = bypasses, SendsTwice = twice, RepliesFirst = repliesFirst, Fails = fails };
        var binding = new CustomBinding(new TextMessageEncodingBindingElement(), transport).WithMessageSecurity(Policies.Mutual);
        var credentials = new ClientCredentials();
        credentials.ClientCertificate.Certificate = TestCertificates.Client;
        credentials.ServiceCertificate.DefaultCertificate = TestCertificates.Public(TestCertificates.Service);
        var factory = binding.BuildChannelFactory<TChannel>(credentials);
        factory.Open();
        var channel = factory.CreateChannel(LoopbackTransportBindingElement.Address);
        channel.Open();
        return new Scope<TChannel>(factory, channel);
    }

    private sealed record Scope<TChannel>(IChannelFactory<TChannel> Factory, TChannel Channel) : IDisposable
        where TChannel : class, IChannel
    {
        public void Dispose()
        {
            Channel.Abort();
            Factory.Close();
        }
    }
}
