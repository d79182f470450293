using NUnit.Framework;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using Client = System.ServiceModel;

namespace WsSecurity.CoreWcf.Tests.Transports;

/// <summary>Our client calls a CoreWCF host over HTTP.</summary>
internal sealed class HttpTests
{
    [Test]
    public async Task Echo_BasicHttp_RoundTripsAndTheServiceSeesTheCaller()
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(service, new CoreWCF.BasicHttpBinding().WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials));
        using var proxy = Proxy.For(Proxy.Patient(new Client.BasicHttpBinding()).WithMessageSecurity(Policies.Mutual), host.HttpAddress);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
        var call = service.Calls.First();
        Assert.That(call.Evidence!.Signatures, Has.Count.EqualTo(1));
        Assert.That(call.Identity, Is.EqualTo("CN=client.test"));
        Assert.That(call.Principal, Is.EqualTo("CN=client.test"));
        Assert.That(call.IsAuthenticated, Is.True);
    }
}
