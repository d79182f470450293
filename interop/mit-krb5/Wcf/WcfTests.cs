using System.Net;
using System.Security.Claims;
using System.ServiceModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using SoapCore;
using WsSecurity.AspNetCore;
using WsSecurity.Interop.MitKrb5.Realm;
using WsSecurity.ServiceModel;

namespace WsSecurity.Interop.MitKrb5.Wcf;

/// <summary>WCF proxies call a service over HTTP, in each mode, with the credentials that WCF users set.</summary>
[KerberosFixture]
public sealed class WcfTests
{
    private static readonly EndpointIdentity Localhost = new SpnEndpointIdentity(TemporaryRealm.Service);

    [TestCaseSource(nameof(Policies))]
    public async Task Proxy_ByPassword_CallsAndTheServiceKnowsTheCaller(SecurityPolicy policy)
    {
        await using var host = await Start(policy);
        using var factory = CreateFactory<IGreeter>(policy, host, Localhost);
        factory.Credentials.Windows.ClientCredential = new NetworkCredential("alice", TemporaryRealm.AlicePassword, "wss.test");

        Assert.That(factory.CreateChannel().Greet("hello"), Is.EqualTo("hello alice@WSS.TEST, of home, by Kerberos"));
        Assert.That(factory.CreateChannel().Greet("again"), Is.EqualTo("again alice@WSS.TEST, of home, by Kerberos"));
    }

    [TestCaseSource(nameof(Policies))]
    public async Task Proxy_Asynchronously_Calls(SecurityPolicy policy)
    {
        await using var host = await Start(policy);
        using var factory = CreateFactory<IGreeterAsync>(policy, host, new UpnEndpointIdentity("HTTP/localhost@WSS.TEST"));
        factory.Credentials.Windows.ClientCredential = new NetworkCredential("alice@WSS.TEST", TemporaryRealm.AlicePassword);

        Assert.That(await factory.CreateChannel().GreetAsync("hello"), Is.EqualTo("hello alice@WSS.TEST, of home, by Kerberos"));
    }

    [Test]
    public async Task Proxy_WithCredentialsOfOurs_Calls()
    {
        await using var host = await Start(SecurityPolicy.Kerberos);
        var credentials = new SecurityCredentials
        {
            KerberosClient = new KerberosClientCredential
            {
                ServicePrincipal = TemporaryRealm.Service,
                CredentialCache = SharedRealm.Instance.LogIn("bob@PARTNER.TEST", TemporaryRealm.BobPassword),
            },
        };
        var factory = new ChannelFactory<IGreeter>(new BasicHttpBinding().WithMessageSecurity(SecurityPolicy.Kerberos, credentials), new EndpointAddress(Address(host)));

        Assert.That(factory.CreateChannel().Greet("hello"), Is.EqualTo("hello bob@PARTNER.TEST, of partners, by Kerberos"));
        factory.Close();
    }

    [Test]
    public async Task Proxy_WhereNobodyIsLoggedIn_FailsBeforeItSends()
    {
        await using var host = await Start(SecurityPolicy.Kerberos);
        using var factory = CreateFactory<IGreeter>(SecurityPolicy.Kerberos, host, Localhost);

        Assert.That(
            () => factory.CreateChannel().Greet("hello"),
            Throws.InstanceOf<CommunicationException>().With.InnerException.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.TicketUnavailable));
    }

    [Test]
    public async Task Proxy_WithATicketForAnotherService_IsRefused()
    {
        await using var host = await Start(SecurityPolicy.Kerberos);
        using var factory = CreateFactory<IGreeter>(SecurityPolicy.Kerberos, host, new SpnEndpointIdentity("HTTP/other.wss.test"));
        factory.Credentials.Windows.ClientCredential = new NetworkCredential("alice", TemporaryRealm.AlicePassword, "WSS.TEST");

        Assert.That(() => factory.CreateChannel().Greet("hello"), Throws.InstanceOf<CommunicationException>());
    }

    [TestCase("Kerberos")]
    [TestCase("KerberosOverTransport")]
    public async Task Proxy_ConfiguredByJson_Calls(string mode)
    {
        var realm = SharedRealm.Instance;
        var file = realm.PathOf("bindings.json");
        await File.WriteAllTextAsync(file, $$"""
            { "WsSecurity": { "Bindings": {
              "Client": {
                "AuthenticationMode": "{{mode}}", "AllowInsecureTransport": {{(mode != "Kerberos").ToString().ToLowerInvariant()}},
                "Credentials": { "KerberosClient": { "ServicePrincipal": "HTTP/localhost", "Principal": "alice@WSS.TEST", "Keytab": "alice.keytab" } }
              },
              "Service": {
                "AuthenticationMode": "{{mode}}", "AllowInsecureTransport": {{(mode != "Kerberos").ToString().ToLowerInvariant()}},
                "Credentials": { "KerberosService": { "Principal": "HTTP/localhost", "Keytab": "service.keytab" } },
                "TrustDomains": { "home": { "KerberosRealms": [ "WSS.TEST" ] } }
              }
            } } }
            """);
        var configuration = new ConfigurationBuilder().AddJsonFile(file).Build();
        var options = new BindingConfigurationOptions { BasePath = Path.GetDirectoryName(file)! };
        var client = BindingConfiguration.Load(configuration, "Client", options);
        var service = BindingConfiguration.Load(configuration, "Service", options);
        await using var host = await Start(service.Policy, service.Credentials);
        var factory = new ChannelFactory<IGreeter>(new BasicHttpBinding().WithMessageSecurity(client.Policy, client.Credentials), new EndpointAddress(Address(host)));

        Assert.That(factory.CreateChannel().Greet("hello"), Is.EqualTo("hello alice@WSS.TEST, of home, by Kerberos"));
        factory.Close();
    }

    private static IEnumerable<TestCaseData> Policies =>
    [
        new TestCaseData(SecurityPolicy.Kerberos).SetArgDisplayNames("Kerberos"),
        new TestCaseData(SecurityPolicy.Kerberos with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128, RequireDerivedKeys = false }).SetArgDisplayNames("Kerberos, as WCF's Basic128"),
        new TestCaseData(SecurityPolicy.KerberosOverTransport with { AllowInsecureTransport = true }).SetArgDisplayNames("KerberosOverTransport"),
    ];

    private static Uri Address(WebApplication host) => new($"{host.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/Greeter.svc");

    private static ChannelFactory<TContract> CreateFactory<TContract>(SecurityPolicy policy, WebApplication host, EndpointIdentity identity) =>
        new(new BasicHttpBinding().WithMessageSecurity(policy), new EndpointAddress(Address(host), identity));

    private static async Task<WebApplication> Start(SecurityPolicy policy, SecurityCredentials? credentials = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSoapCore();
        builder.Services.AddSingleton<IGreeter, Greeter>();
        builder.Services.AddWsSecurity("Greeter", new WsSecurityEndpoint
        {
            Policy = policy,
            Credentials = credentials ?? new SecurityCredentials
            {
                KerberosService = new KerberosServiceCredential { Keytab = SharedRealm.Instance.ServiceKeytab, Principal = TemporaryRealm.Service },
                TrustDomains =
                [
                    new TrustDomain { Name = "home", KerberosRealms = [TemporaryRealm.Name] },
                    new TrustDomain { Name = "partners", KerberosRealms = [TemporaryRealm.Partner] },
                ],
            },
        });
        var host = builder.Build();
        host.UseWsSecurity("/Greeter.svc", "Greeter");
        ((IApplicationBuilder)host).UseSoapEndpoint<IGreeter>("/Greeter.svc", new SoapEncoderOptions());
        await host.StartAsync();
        return host;
    }

    private sealed class Greeter(IHttpContextAccessor http) : IGreeter
    {
        public string Greet(string what)
        {
            var caller = (ClaimsIdentity)http.HttpContext!.User.Identity!;
            return $"{what} {caller.Name}, of {caller.FindFirst(ClaimTypes.Upn)!.Issuer}, by {caller.AuthenticationType}";
        }
    }
}
