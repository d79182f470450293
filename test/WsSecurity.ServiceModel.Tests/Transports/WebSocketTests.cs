using NUnit.Framework;
using System.Net.WebSockets;
using System.ServiceModel;
using System.ServiceModel.Channels;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Transports;

/// <summary>SOAP over WebSocket by NetHttpBinding, against Kestrel.</summary>
internal sealed class WebSocketTests
{
    [Test]
    public async Task OnNews_Callback_ReachesTheClientWithEvidence()
    {
        var service = new SecuredService(Policies.Mutual);
        await using var host = await HttpService.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("soap");
            service.Answered = (request, _) =>
            {
                var (octets, reply) = request.CreateCallbackInitiator().Protect(Callbacks.News("extra"));
                reply.Dispose();
                return socket.SendAsync(octets, WebSocketMessageType.Binary, true, CancellationToken.None);
            };
            await WebSocketSession.ServeAsync(socket, service, WireFormat.Text);
        });
        var binding = new NetHttpBinding(BasicHttpSecurityMode.None) { MessageEncoding = NetHttpMessageEncoding.Text };
        binding.WebSocketSettings.TransportUsage = WebSocketTransportUsage.Always;
        var sink = new CallbackSink();
        using var proxy = new Proxy<IEchoWithCallback>(
            Proxy.Patient(binding).WithMessageSecurity(Policies.Mutual), new EndpointAddress(host.WebSocketAddress), callback: sink);

        Assert.That(proxy.Channel.Subscribe("topic"), Is.EqualTo("topic"));
        Assert.That(sink.News.TryTake(out var text, TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(text, Is.EqualTo("extra"));
        Assert.That(sink.Evidence.Single()!.Tokens.OfType<X509VerifiedToken>().Single().Certificate.Thumbprint, Is.EqualTo(TestCertificates.Service.Thumbprint));
    }

    [Test]
    public async Task Echo_NetHttpBinding_RoundTrips([Values] NetHttpMessageEncoding encoding, [Values(TransferMode.Buffered, TransferMode.Streamed)] TransferMode mode)
    {
        var isStreamed = mode == TransferMode.Streamed;
        var service = new SecuredService(Policies.Mutual);
        await using var host = await HttpService.StartWebSocketAsync(service, () => encoding == NetHttpMessageEncoding.Text
            ? WireFormat.Text
            : encoding == NetHttpMessageEncoding.Mtom ? WireFormat.SessionOf(new MtomMessageEncodingBindingElement(MessageVersion.Soap12WSAddressing10, System.Text.Encoding.UTF8))
            : isStreamed ? WireFormat.Of(new BinaryMessageEncodingBindingElement()) : WireFormat.SessionOf(new BinaryMessageEncodingBindingElement()));
        var binding = new NetHttpBinding(BasicHttpSecurityMode.None) { MessageEncoding = encoding, TransferMode = mode };
        binding.WebSocketSettings.TransportUsage = WebSocketTransportUsage.Always;
        using var proxy = Proxy.For(Proxy.Patient(binding).WithMessageSecurity(Policies.Mutual), host.WebSocketAddress);

        Assert.That(proxy.Channel.Echo("sync"), Is.EqualTo("sync"));
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
        proxy.Channel.Notify("one way");
        Assert.That(proxy.Channel.Echo("again"), Is.EqualTo("again"));
        Assert.That(service.Requests, Has.Count.EqualTo(4));
    }
}
