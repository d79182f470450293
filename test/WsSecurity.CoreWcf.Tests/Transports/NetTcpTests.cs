using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using Client = System.ServiceModel;

namespace WsSecurity.CoreWcf.Tests.Transports;

/// <summary>Our client calls a CoreWCF host over net.tcp.</summary>
internal sealed class NetTcpTests
{
    private static readonly SecurityPolicy[] Symmetric = [SecurityPolicy.MutualCertificate, SecurityPolicy.AnonymousForCertificate, SecurityPolicy.UserNameForCertificate];

    [Test]
    public async Task Echo_DuplexSession_RoundTrips()
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartTcpAsync(service, Service(CoreWCF.TransferMode.Buffered));
        using var proxy = Proxy.For(Caller(Client.TransferMode.Buffered), host.TcpAddress);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
        proxy.Channel.Notify("one way");
        Assert.That(proxy.Channel.Echo("again"), Is.EqualTo("again"));
        Assert.That(service.Calls.Select(call => call.Identity), Has.All.EqualTo("CN=client.test"));
        Assert.That(service.Calls, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Echo_Streamed_RoundTrips()
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartTcpAsync(service, Service(CoreWCF.TransferMode.Streamed));
        using var proxy = Proxy.For(Caller(Client.TransferMode.Streamed), host.TcpAddress);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
    }

    [Test]
    public async Task Subscribe_Callbacks_AreProtectedBothWays()
    {
        var service = new CallbackEchoService();
        await using var host = await CoreWcfHost.StartTcpAsync(service, Service(CoreWCF.TransferMode.Buffered));
        var sink = new CallbackSink();
        using var proxy = new Proxy<IEchoWithCallback>(Caller(Client.TransferMode.Buffered), new Client.EndpointAddress(host.TcpAddress), callback: sink);

        Assert.That(proxy.Channel.Subscribe("tax"), Is.EqualTo("answer to question about tax"));
        Assert.That(sink.News.Take(), Is.EqualTo("news of tax"));
        Assert.That(sink.Evidence, Has.Count.EqualTo(2).And.All.Not.Null);
    }

    [Test]
    public async Task Subscribe_ManyClientsAtOnce_EachHearsItsOwnNewsAlone()
    {
        const int Clients = 20;
        await using var host = await CoreWcfHost.StartTcpAsync(new CallbackEchoService(), Service(CoreWCF.TransferMode.Buffered));

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(() =>
        {
            var sink = new CallbackSink();
            using var proxy = new Proxy<IEchoWithCallback>(Caller(Client.TransferMode.Buffered), new Client.EndpointAddress(host.TcpAddress), callback: sink);
            for (var call = 0; call < 5; call++)
            {
                var topic = $"{number}.{call}";
                Assert.That(proxy.Channel.Subscribe(topic), Is.EqualTo("answer to question about " + topic));
                Assert.That(sink.News.Take(), Is.EqualTo("news of " + topic));
            }
        })));
    }

    [Test]
    public async Task Echo_EveryModeWithOneKeyForBoth_RoundTripsInASession([ValueSource(nameof(Symmetric))] SecurityPolicy policy)
    {
        await using var host = await CoreWcfHost.StartTcpAsync(new EchoService(), new CoreWCF.NetTcpBinding(CoreWCF.SecurityMode.None).WithMessageSecurity(policy, CoreWcfHost.Credentials));
        using var proxy = Proxy.For(Proxy.Patient(new Client.NetTcpBinding(Client.SecurityMode.None)).WithMessageSecurity(policy), host.TcpAddress, factory =>
        {
            factory.Credentials.UserName.UserName = "alice";
            factory.Credentials.UserName.Password = "secret";
        });

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(await proxy.Channel.EchoAsync("again"), Is.EqualTo("again"));
    }

    private static CoreWCF.Channels.CustomBinding Service(CoreWCF.TransferMode mode) =>
        new CoreWCF.NetTcpBinding(CoreWCF.SecurityMode.None) { TransferMode = mode }.WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials);

    private static Client.Channels.CustomBinding Caller(Client.TransferMode mode) =>
        Proxy.Patient(new Client.NetTcpBinding(Client.SecurityMode.None) { TransferMode = mode }).WithMessageSecurity(Policies.Mutual);
}
