using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Transports;

/// <summary>SOAP over WebSocket by NetHttpBinding, against Kestrel.</summary>
internal sealed class WebSocketTests
{
    [Test]
    public async Task Echo_NetHttpBinding_RoundTrips([Values(NetHttpMessageEncoding.Text, NetHttpMessageEncoding.Binary)] NetHttpMessageEncoding encoding, [Values(TransferMode.Buffered, TransferMode.Streamed)] TransferMode mode)
    {
        var isStreamed = mode == TransferMode.Streamed;
        var service = new SecuredService(Policies.Mutual);
        await using var host = await HttpService.StartWebSocketAsync(service, () => encoding == NetHttpMessageEncoding.Text
            ? WireFormat.Text
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
