using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using Client = System.ServiceModel;

namespace WsSecurity.CoreWcf.Tests.Transports;

/// <summary>Our client calls a CoreWCF host over WebSocket.</summary>
internal sealed class WebSocketTests
{
    [Test]
    public async Task Subscribe_Callbacks_AreProtectedBothWays()
    {
        var service = new CoreWCF.NetHttpBinding();
        service.WebSocketSettings.TransportUsage = CoreWCF.Channels.WebSocketTransportUsage.Always;
        var address = new Uri($"ws://localhost:{CoreWcfHost.FreePort()}/echo");

        // CoreWCF does not tell the address that a WebSocket's client called.
        var element = new WsSecurityBindingElement(Policies.Mutual) { Credentials = CoreWcfHost.Credentials, EndpointAddress = address };
        await using var host = await CoreWcfHost.StartHttpAsync<CallbackEchoService, ICallbackEchoService>(
            new CallbackEchoService(), service.WithMessageSecurity(element), new HostSetup { ShowsMetadata = false, HttpPort = address.Port });
        var caller = Proxy.Patient(new Client.NetHttpBinding());
        caller.WebSocketSettings.TransportUsage = Client.Channels.WebSocketTransportUsage.Always;
        var sink = new CallbackSink();
        using var proxy = new Proxy<IEchoWithCallback>(caller.WithMessageSecurity(Policies.Mutual), new Client.EndpointAddress(address), callback: sink);

        Assert.That(proxy.Channel.Subscribe("tax"), Is.EqualTo("answer to question about tax"));
        Assert.That(sink.News.Take(), Is.EqualTo("news of tax"));
        Assert.That(proxy.Channel.Echo("after"), Is.EqualTo("after"));
    }
}
