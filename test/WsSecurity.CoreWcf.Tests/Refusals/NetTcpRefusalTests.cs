using System.ServiceModel.Security;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using Client = System.ServiceModel;

namespace WsSecurity.CoreWcf.Tests.Refusals;

/// <summary>A refused message of a session fails its own call; the session, and the host, go on.</summary>
internal sealed class NetTcpRefusalTests
{
    [Test]
    public async Task Echo_UnsecuredClient_GetsTheStandardFaultWithinItsSession([Values] bool isStreamed)
    {
        var service = new EchoService();
        await using var host = await StartAsync(service, isStreamed);
        using var proxy = Proxy.For(Plain(isStreamed), host.TcpAddress);

        for (var call = 0; call < 2; call++)
        {
            var fault = Assert.Throws<Client.FaultException>(() => proxy.Channel.Echo("text"));
            Assert.That(fault.Code.SubCode.Name, Is.EqualTo("InvalidSecurity"));
        }

        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public async Task Notify_UnsecuredOneWay_IsDroppedAndTheSessionGoesOn()
    {
        var service = new EchoService();
        await using var host = await StartAsync(service, isStreamed: false);
        using var proxy = Proxy.For(Plain(isStreamed: false), host.TcpAddress);

        proxy.Channel.Notify("one way");
        Assert.Throws<Client.FaultException>(() => proxy.Channel.Echo("text"));
        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public async Task Echo_ClientThatNobodyTrusts_IsRefusedAndOthersAreServed()
    {
        var service = new EchoService();
        await using var host = await StartAsync(service, isStreamed: false);
        using var stranger = Proxy.For(Plain(isStreamed: false).WithMessageSecurity(Policies.Mutual), host.TcpAddress, factory =>
            factory.Credentials.ClientCertificate.Certificate = BadMessages.Stranger);
        using var client = Proxy.For(Plain(isStreamed: false).WithMessageSecurity(Policies.Mutual), host.TcpAddress);

        Assert.That(() => stranger.Channel.Echo("text"), Throws.InstanceOf<MessageSecurityException>());
        Assert.That(client.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task StartAsync_CallbackContractUnderASymmetricPolicy_IsRefused()
    {
        var policy = SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false };

        await Assert.ThatAsync(
            async () =>
            {
                await using var host = await CoreWcfHost.StartTcpAsync(
                    new CallbackEchoService(), new CoreWCF.NetTcpBinding(CoreWCF.SecurityMode.None).WithMessageSecurity(policy, CoreWcfHost.Credentials));
            },
            Throws.InvalidOperationException.With.Message.Contains("callbacks"));
    }

    private static Task<CoreWcfHost> StartAsync(EchoService service, bool isStreamed) => CoreWcfHost.StartTcpAsync(
        service,
        new CoreWCF.NetTcpBinding(CoreWCF.SecurityMode.None) { TransferMode = isStreamed ? CoreWCF.TransferMode.Streamed : CoreWCF.TransferMode.Buffered }
            .WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials));

    private static Client.NetTcpBinding Plain(bool isStreamed) => Proxy.Patient(
        new Client.NetTcpBinding(Client.SecurityMode.None) { TransferMode = isStreamed ? Client.TransferMode.Streamed : Client.TransferMode.Buffered });
}
