using System.ServiceModel.Security;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using Client = System.ServiceModel;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>The second way in: an inspector at a host whose binding stays as it is.</summary>
internal sealed class MessageSecurityInspectorBehaviorTests
{
    private static readonly SecurityPolicy Signed = SecurityPolicy.CertificateSignature with { RequireSignatureConfirmation = true };

    [Test]
    public async Task Echo_SignedPolicy_RoundTripsAndTheServiceSeesTheCaller([Values] bool asServiceBehavior)
    {
        var service = new EchoService();
        await using var host = await StartAsync(service, Wire.Soap11, Signed, asServiceBehavior);
        using var proxy = Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(Signed), host.HttpAddress);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        proxy.Channel.Notify("one way");
        Assert.That(() => service.Calls.Count, Is.EqualTo(2).After(5000, 20));
        Assert.That(service.Calls.Select(call => call.Identity), Has.All.EqualTo("CN=client.test"));
        Assert.That(Assert.Throws<Client.FaultException<string>>(() => proxy.Channel.Fail("detail")).Detail, Is.EqualTo("detail"));
    }

    [Test]
    public async Task Echo_UnsecuredClient_GetsTheStandardFault()
    {
        var service = new EchoService();
        await using var host = await StartAsync(service, Wire.Soap11, Signed);
        using var proxy = Proxy.For(Wire.Soap11.ClientHttp(), host.HttpAddress);

        var fault = Assert.Throws<Client.FaultException>(() => proxy.Channel.Echo("text"));
        Assert.That(fault.Code.Name, Is.EqualTo("InvalidSecurity"));
        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public async Task Echo_ClientThatNobodyTrusts_IsRefused()
    {
        var service = new EchoService();
        await using var host = await StartAsync(service, Wire.Soap11, Signed);
        using var proxy = Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(Signed), host.HttpAddress, factory =>
            factory.Credentials.ClientCertificate.Certificate = Refusals.BadMessages.Stranger);

        Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<MessageSecurityException>());
        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public Task StartAsync_PolicyThatEncrypts_IsRefusedNamingTheBindingElement() => Assert.ThatAsync(
        async () =>
        {
            await using var host = await StartAsync(new EchoService(), Wire.Soap11, Policies.Mutual);
        },
        Throws.InvalidOperationException.With.Message.Contains(nameof(WsSecurityBindingElement)));

    [Test]
    public Task StartAsync_PolicyThatSignsLateHeaders_IsRefused() => Assert.ThatAsync(
        async () =>
        {
            await using var host = await StartAsync(new EchoService(), Wire.Soap12Addressing, Signed);
        },
        Throws.InvalidOperationException.With.Message.Contains(nameof(WsSecurityBindingElement)));

    private static Task<CoreWcfHost> StartAsync(EchoService service, Wire wire, SecurityPolicy policy, bool asServiceBehavior = false) => CoreWcfHost.StartHttpAsync(
        service,
        wire.ServiceHttp(),
        new HostSetup
        {
            Configure = host =>
            {
                var behavior = new MessageSecurityInspectorBehavior(policy) { Credentials = CoreWcfHost.Credentials };
                if (asServiceBehavior)
                {
                    host.Description.Behaviors.Add(behavior);
                    return;
                }

                foreach (var endpoint in host.Description.Endpoints)
                {
                    endpoint.EndpointBehaviors.Add(behavior);
                }
            },
        });
}
