using System.ServiceModel.Security;
using CoreWCF.Description;
using CoreWCF.IdentityModel.Selectors;
using CoreWCF.IdentityModel.Tokens;
using Microsoft.Extensions.DependencyInjection;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests.Credentials;

/// <summary>Credentials that a host states as WCF users do, or that its services hold.</summary>
internal sealed class HostCredentialsTests
{
    private static readonly SecurityPolicy UserName = SecurityPolicy.UserNameForCertificate with { RequireDerivedKeys = false };

    [Test]
    public async Task Echo_ClientCertificateOfServiceCredentials_IsTrustedAsItIs()
    {
        var service = new EchoService();
        await using var host = await StartAsync(service, Policies.Mutual, credentials => credentials.ClientCertificate.Certificate = TestCertificates.Public(TestCertificates.Client));
        using var proxy = Call(host, Policies.Mutual);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Calls.Single().Identity, Is.EqualTo("CN=client.test"));
    }

    [Test]
    public async Task Echo_UntouchedClientCertificateAuthentication_TrustsNobody()
    {
        await using var host = await StartAsync(new EchoService(), Policies.Mutual, _ => { });
        using var proxy = Call(host, Policies.Mutual);

        Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<MessageSecurityException>());
    }

    [Test]
    public async Task Echo_CustomUserNamePasswordValidator_Decides([Values("secret", "wrong")] string password)
    {
        var service = new EchoService();
        await using var host = await StartAsync(service, UserName, credentials => credentials.UserNameAuthentication.CustomUserNamePasswordValidator = new Validator());
        using var proxy = Call(host, UserName, password);

        if (password == "secret")
        {
            Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
            Assert.That(service.Calls.Single().Identity, Is.EqualTo("alice"));
        }
        else
        {
            Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<MessageSecurityException>());
            Assert.That(service.Calls, Is.Empty);
        }
    }

    [Test]
    public async Task Echo_ValidatorOfTheHostsServices_IsAskedWhereNobodyElseIsNamed()
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(
            service,
            Wire.Soap11.ServiceHttp().WithMessageSecurity(UserName, CoreWcfHost.Credentials with { UsernameTokenValidator = null }),
            new HostSetup { Register = services => services.AddSingleton(CoreWcfHost.Credentials.UsernameTokenValidator!) });
        using var proxy = Call(host, UserName);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
    }

    [Test]
    public async Task StartAsync_NoCertificate_SaysWhatIsMissing()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => CoreWcfHost.StartHttpAsync(new EchoService(), Wire.Soap11.ServiceHttp().WithMessageSecurity(Policies.Mutual)));

        Assert.That(refusal!.Message, Does.Contain(nameof(ServiceCredentials)));
    }

    [Test]
    public async Task StartAsync_ClientCertificateModeThatNamesNobody_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            new EchoService(),
            Policies.Mutual,
            credentials => credentials.ClientCertificate.Authentication.CertificateValidationMode = CoreWCF.Security.X509CertificateValidationMode.None));

        Assert.That(refusal!.Message, Does.Contain(nameof(TrustDomain)));
    }

    private static Task<CoreWcfHost> StartAsync(EchoService service, SecurityPolicy policy, Action<ServiceCredentials> configure) => CoreWcfHost.StartHttpAsync(
        service,
        Wire.Soap11.ServiceHttp().WithMessageSecurity(policy),
        new HostSetup
        {
            Configure = host =>
            {
                var credentials = new ServiceCredentials();
                credentials.ServiceCertificate.Certificate = TestCertificates.Service;
                configure(credentials);
                host.Description.Behaviors.Add(credentials);
            },
        });

    private static Proxy<IEcho> Call(CoreWcfHost host, SecurityPolicy policy, string password = "secret") =>
        Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(policy), host.HttpAddress, factory =>
        {
            factory.Credentials.UserName.UserName = "alice";
            factory.Credentials.UserName.Password = password;
        });

    private sealed class Validator : UserNamePasswordValidator
    {
        public override ValueTask ValidateAsync(string userName, string password) =>
            userName == "alice" && password == "secret" ? ValueTask.CompletedTask : throw new SecurityTokenValidationException("no");
    }
}
