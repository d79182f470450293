using System.ServiceModel.Security;
using CoreWCF;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>[Authorize] of operations is enforced against the verified caller.</summary>
internal sealed class AuthorizationTests
{
    [Test]
    public async Task Echo_AuthorizedForAnother_IsDenied()
    {
        var service = new GuardedService();
        await using var host = await StartAsync(service, "CN=somebody.else");
        using var proxy = Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(Policies.Mutual), host.HttpAddress);

        Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<SecurityAccessDeniedException>());
        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public async Task Echo_AuthorizedForTheCaller_Runs()
    {
        var service = new GuardedService();
        await using var host = await StartAsync(service, "CN=client.test");
        using var proxy = Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(Policies.Mutual), host.HttpAddress);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
    }

    [Test]
    public async Task Echo_AnonymousCallerOfAnAuthorizedOperation_IsDenied()
    {
        var service = new GuardedService();
        var policy = SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false };
        await using var host = await StartAsync(service, "CN=client.test", policy);
        using var proxy = Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(policy), host.HttpAddress);

        Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<SecurityAccessDeniedException>());
        Assert.That(service.Calls, Is.Empty);
    }

    private static Task<CoreWcfHost> StartAsync(GuardedService service, string name, SecurityPolicy? policy = null) => CoreWcfHost.StartHttpAsync<GuardedService>(
        service,
        Wire.Soap11.ServiceHttp().WithMessageSecurity(policy ?? Policies.Mutual, CoreWcfHost.Credentials),
        new HostSetup { Register = services => services.AddAuthorizationBuilder().AddPolicy("named", requirement => requirement.RequireUserName(name)) });

    [ServiceBehavior(InstanceContextMode = InstanceContextMode.Single)]
    private sealed class GuardedService : IEchoService
    {
        public List<string> Calls { get; } = [];

        [Authorize(Policy = "named")]
        public string Echo(string text)
        {
            Calls.Add(text);
            return text;
        }

        public Task NotifyAsync(string text) => Task.CompletedTask;

        public string Fail(string text) => text;
    }
}
