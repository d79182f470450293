using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Transports;

/// <summary>net.tcp: duplex sessions with and without callbacks, and the streamed modes, against a server of .NET Message Framing.</summary>
internal sealed class NetTcpTests
{
    // WCF makes its 8 KB the socket's receive window, and Linux stalls for 200 ms whenever loopback fills that.
    private const int BufferSize = 1024 * 1024;

    private static readonly TransferMode[] StreamedModes = [TransferMode.Streamed, TransferMode.StreamedRequest, TransferMode.StreamedResponse];

    [Test]
    public async Task Echo_DuplexSession_RoundTrips([Values] bool isBinary)
    {
        var service = new SecuredService(Policies.Mutual);
        await using var host = FramingService.Start(service, () => WireFormat.SessionOf(Encoding(isBinary)));
        using var proxy = Proxy.For(Binding(isBinary, TransferMode.Buffered), host.Address);

        Assert.That(proxy.Channel.Echo("sync"), Is.EqualTo("sync"));
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
        proxy.Channel.Notify("one way");
        Assert.That(proxy.Channel.Echo("again"), Is.EqualTo("again"));
        Assert.That(service.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Echo_Streamed_RoundTrips([Values] bool isBinary, [ValueSource(nameof(StreamedModes))] TransferMode mode)
    {
        var service = new SecuredService(Policies.Mutual);
        await using var host = FramingService.Start(service, () => WireFormat.Of(Encoding(isBinary)));
        using var proxy = Proxy.For(Binding(isBinary, mode), host.Address);

        Assert.That(proxy.Channel.Echo("sync"), Is.EqualTo("sync"));
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
        Assert.That(service.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Echo_UserNameOverTls_RoundTrips([Values(TransferMode.Buffered, TransferMode.Streamed)] TransferMode mode)
    {
        var service = new SecuredService(SecurityPolicy.UserNameOverTransport) { IsTransportProtected = true };
        await using var host = FramingService.Start(service, () => mode == TransferMode.Buffered ? WireFormat.SessionOf(Encoding(isBinary: true)) : WireFormat.Of(Encoding(isBinary: true)), TestCertificates.Loopback);
        var binding = new CustomBinding(Encoding(isBinary: true), new SslStreamSecurityBindingElement(), new TcpTransportBindingElement { TransferMode = mode });
        using var proxy = new Proxy<IEcho>(
            Proxy.Patient(binding).WithMessageSecurity(SecurityPolicy.UserNameOverTransport),
            new EndpointAddress(host.Address, new DnsEndpointIdentity("localhost")),
            factory =>
            {
                factory.Credentials.UserName.UserName = "alice";
                factory.Credentials.UserName.Password = "secret";
                factory.Credentials.ServiceCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.None;
                factory.Credentials.ServiceCertificate.DefaultCertificate = null;
            });

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Evidence.Single().Tokens.Single().Name, Is.EqualTo("alice"));
    }

    [Test]
    public async Task Echo_NetTcpBindingWithMessageSecurity_RoundTrips()
    {
        await using var host = FramingService.Start(
            new SecuredService(Policies.Mutual), () => WireFormat.SessionOf(new BinaryMessageEncodingBindingElement()));
        using var proxy = Proxy.For(Proxy.Patient(new NetTcpBinding(SecurityMode.None)).WithMessageSecurity(Policies.Mutual), host.Address);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
    }

    [Test]
    public async Task Echo_ReplyTampered_FailsThatCallAlone()
    {
        var service = new SecuredService(Policies.Mutual with { ProtectionLevel = ProtectionLevel.Sign });
        service.Tamper = octets => Replace(octets, "falsify", "falsified");
        await using var host = FramingService.Start(service, () => WireFormat.SessionOf(Encoding(isBinary: false)));
        using var proxy = Proxy.For(
            Binding(isBinary: false, TransferMode.Buffered, Policies.Mutual with { ProtectionLevel = ProtectionLevel.Sign }), host.Address);

        var calls = new[] { "one", "falsify", "two" }.Select(text => proxy.Channel.EchoAsync(text)).ToArray();

        var refusal = await Assert.ThrowsAsync<MessageSecurityException>(() => calls[1]);
        Assert.That(((WsSecurityException)refusal.InnerException!).Failure, Is.EqualTo(SecurityFailure.DigestMismatch));
        Assert.That(await calls[0], Is.EqualTo("one"));
        Assert.That(await calls[2], Is.EqualTo("two"));
        Assert.That(Assert.Throws<MessageSecurityException>(() => proxy.Channel.Echo("falsify")).InnerException, Is.InstanceOf<WsSecurityException>());
        Assert.That(proxy.Channel.Echo("three"), Is.EqualTo("three"));
    }

    [Test]
    public async Task Echo_TwoHundredConcurrentCallsOnOneChannel_GetTheirOwnReplies()
    {
        await using var host = FramingService.Start(new SecuredService(Policies.Mutual), () => WireFormat.SessionOf(Encoding(isBinary: true)));
        using var proxy = Proxy.For(Binding(isBinary: true, TransferMode.Buffered), host.Address);

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => proxy.Channel.EchoAsync($"call {number}")));
        Assert.That(replies, Is.EqualTo(Enumerable.Range(0, 200).Select(number => $"call {number}")));
    }

    [Test]
    public async Task Echo_RepliesOutOfOrder_FindTheirCalls()
    {
        await using var host = ServePairs((first, second) => (second, first));
        using var proxy = Proxy.For(Binding(isBinary: false, TransferMode.Buffered), host.Address);

        Assert.That(await Task.WhenAll(proxy.Channel.EchoAsync("one"), proxy.Channel.EchoAsync("two")), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task Echo_RepliesWithSwappedRelatesTo_AreBothRefused()
    {
        await using var host = ServePairs((first, second) => (Swap(first, second), Swap(second, first)));
        using var proxy = Proxy.For(Binding(isBinary: false, TransferMode.Buffered), host.Address);

        var calls = new[] { proxy.Channel.EchoAsync("one"), proxy.Channel.EchoAsync("two") };
        await Assert.ThrowsAsync<MessageSecurityException>(() => calls[0]);
        await Assert.ThrowsAsync<MessageSecurityException>(() => calls[1]);

        static byte[] Swap(byte[] reply, byte[] other) => Replace(reply, Envelopes.Parse(reply).Header("RelatesTo")!, Envelopes.Parse(other).Header("RelatesTo")!);
    }

    [Test]
    public async Task OnNews_OneWayCallback_ReachesTheClientWithEvidence()
    {
        var service = new SecuredService(Policies.Mutual);
        await using var host = ServeCallbacks(service, async (connection, format, request) =>
        {
            var (octets, reply) = request.CreateCallbackInitiator().Protect(Callbacks.News("extra"));
            reply.Dispose();
            await connection.WriteEnvelopeAsync(format.Encode(octets));
        });
        var sink = new CallbackSink();
        using var proxy = Duplex(host.Address, sink);

        Assert.That(proxy.Channel.Subscribe("topic"), Is.EqualTo("topic"));
        Assert.That(sink.News.TryTake(out var text, TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(text, Is.EqualTo("extra"));
        Assert.That(sink.Evidence.Single(), Is.Not.Null);
    }

    [Test]
    public async Task OnQuestion_TwoWayCallback_IsAnsweredUnderTheSamePolicy()
    {
        var service = new SecuredService(Policies.Mutual);
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = ServeCallbacks(service, async (connection, format, request) =>
        {
            var (octets, pending) = request.CreateCallbackInitiator().Protect(Callbacks.Question("question", "urn:uuid:c4d9a24e-6a4e-4f0c-9b1c-0d3c4ee9b001"));
            using (pending)
            {
                await connection.WriteEnvelopeAsync(format.Encode(octets));
                var reply = pending.VerifyReply(format.Decode((await connection.ReadEnvelopeAsync())!, null), MessageContext.Empty);
                answer.SetResult(Envelopes.Parse(reply).Body().Value);
            }
        });
        using var proxy = Duplex(host.Address, new CallbackSink());

        proxy.Channel.Subscribe("topic");
        Assert.That(await answer.Task.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo("answer to question"));
    }

    [Test]
    public async Task OnNews_Unsecured_IsLoggedAndDroppedAndTheChannelGoesOn()
    {
        var log = new RecordedLog();
        var service = new SecuredService(Policies.Mutual);
        await using var host = ServeCallbacks(service, (connection, format, _) => connection.WriteEnvelopeAsync(format.Encode(Callbacks.News("forged").ToOctets())));
        var sink = new CallbackSink();
        var binding = Proxy.Patient(new CustomBinding(
            new WsSecurityBindingElement(Policies.Mutual) { Services = new SecurityServices { LoggerFactory = log } }, Encoding(isBinary: false), new TcpTransportBindingElement()));
        using var proxy = new Proxy<IEchoWithCallback>(binding, new EndpointAddress(host.Address), callback: sink);

        proxy.Channel.Subscribe("topic");
        Assert.That(proxy.Channel.Echo("after"), Is.EqualTo("after"));
        Assert.That(sink.News, Is.Empty);
        Assert.That(log.Entries.Select(entry => entry.Error?.InnerException).OfType<WsSecurityException>().Single().Failure, Is.EqualTo(SecurityFailure.SecurityHeaderMissing));
    }

    [Test]
    public async Task OnNews_ActionThatNobodySigned_IsDropped()
    {
        var policy = Policies.Mutual with { ProtectionLevel = ProtectionLevel.Sign, SignedParts = new MessageParts { Body = true } };
        var log = new RecordedLog();
        await using var host = ServeCallbacks(new SecuredService(policy), async (connection, format, request) =>
        {
            var (octets, reply) = request.CreateCallbackInitiator().Protect(Callbacks.News("extra"));
            reply.Dispose();
            await connection.WriteEnvelopeAsync(format.Encode(octets));
        });
        var sink = new CallbackSink();
        var binding = Proxy.Patient(new CustomBinding(
            new WsSecurityBindingElement(policy) { Services = new SecurityServices { LoggerFactory = log } }, Encoding(isBinary: false), new TcpTransportBindingElement()));
        using var proxy = new Proxy<IEchoWithCallback>(binding, new EndpointAddress(host.Address), callback: sink);

        proxy.Channel.Subscribe("topic");
        Assert.That(proxy.Channel.Echo("after"), Is.EqualTo("after"));
        Assert.That(sink.News, Is.Empty);
        Assert.That(log.Entries.Select(entry => entry.Error?.InnerException).OfType<WsSecurityException>().Single().Failure, Is.EqualTo(SecurityFailure.ActionMismatch));
    }

    [Test]
    public async Task Subscribe_SymmetricPolicy_DropsCallbacks()
    {
        var service = new SecuredService(Policies.Anonymous);
        await using var host = ServeCallbacks(service, (connection, format, _) => connection.WriteEnvelopeAsync(format.Encode(Callbacks.News("forged").ToOctets())));
        var sink = new CallbackSink();
        var binding = Binding(isBinary: false, TransferMode.Buffered, Policies.Anonymous);
        using var proxy = new Proxy<IEchoWithCallback>(binding, new EndpointAddress(host.Address), callback: sink);

        proxy.Channel.Subscribe("topic");
        Assert.That(proxy.Channel.Echo("after"), Is.EqualTo("after"));
        Assert.That(sink.News, Is.Empty);
    }

    [Test]
    public async Task Echo_NoReply_TimesOut()
    {
        await using var host = FramingService.Start(async connection =>
        {
            while (await connection.ReadEnvelopeAsync() is not null)
            {
            }
        });
        var binding = Binding(isBinary: false, TransferMode.Buffered);
        binding.SendTimeout = TimeSpan.FromMilliseconds(400);
        using var proxy = Proxy.For(binding, host.Address);
        using var other = Proxy.For(binding, host.Address);

        Assert.Throws<TimeoutException>(() => proxy.Channel.Echo("text"));
        await Assert.ThrowsAsync<TimeoutException>(() => other.Channel.EchoAsync("text"));
    }

    private static FramingService ServePairs(Func<byte[], byte[], (byte[] First, byte[] Second)> change) => FramingService.Start(async connection =>
    {
        var service = new SecuredService(Policies.Mutual);
        while (await connection.ReadEnvelopeAsync() is { } first && await connection.ReadEnvelopeAsync() is { } second)
        {
            var replies = change((await service.AnswerAsync(first))!.Envelope.ToArray(), (await service.AnswerAsync(second))!.Envelope.ToArray());
            await connection.WriteEnvelopeAsync(replies.First);
            await connection.WriteEnvelopeAsync(replies.Second);
        }

        await connection.WriteEndAsync();
    });

    private static FramingService ServeCallbacks(SecuredService service, Func<FramingConnection, WireFormat, VerifiedRequest, Task> callBack) => FramingService.Start(async connection =>
    {
        var format = WireFormat.SessionOf(Encoding(isBinary: false));
        service.Answered = (request, envelope) => envelope.Body().ToString().Contains("Subscribe", StringComparison.Ordinal) ? callBack(connection, format, request) : Task.CompletedTask;
        while (await connection.ReadEnvelopeAsync() is { } octets)
        {
            var answer = await service.AnswerAsync(format.Decode(octets, null));
            await connection.WriteEnvelopeAsync(format.Encode(answer!.Envelope));
            await answer.Then();
        }

        await connection.WriteEndAsync();
    });

    private static Proxy<IEchoWithCallback> Duplex(Uri address, CallbackSink sink) =>
        new(Binding(isBinary: false, TransferMode.Buffered), new EndpointAddress(address), callback: sink);

    private static MessageEncodingBindingElement Encoding(bool isBinary) => isBinary
        ? new BinaryMessageEncodingBindingElement()
        : new TextMessageEncodingBindingElement(MessageVersion.Soap12WSAddressing10, System.Text.Encoding.UTF8);

    private static CustomBinding Binding(bool isBinary, TransferMode mode, SecurityPolicy? policy = null) =>
        Proxy.Patient(new CustomBinding(Encoding(isBinary), new TcpTransportBindingElement { TransferMode = mode, ConnectionBufferSize = BufferSize })).WithMessageSecurity(policy ?? Policies.Mutual);

    private static byte[] Replace(byte[] octets, string old, string replacement) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(octets).Replace(old, replacement, StringComparison.Ordinal));
}
