using System.Xml.Linq;
using CoreWCF.Channels;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.CoreWcf.Tests.Refusals;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using WsSecurity.Tests;
using WsSecurity.Tests.Policy.AppConfig;
using Client = System.ServiceModel;
using Configurations = WsSecurity.Tests.Policy.AppConfig.RequestedConfigurationTests;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>
/// The configurations that users ask for most, in a host and a client: an ordinary proxy calls the service, which refuses whoever proves less.
/// </summary>
internal sealed class RequestedConfigurationTests
{
    [TestCaseSource(typeof(Configurations), nameof(Configurations.Requested))]
    public async Task Echo_BothConfiguredSo_RoundTrips(Func<SecurityPolicy, SecurityPolicy> contract, string configuration)
    {
        var policy = contract(AppConfigText.ReadPolicy(configuration, "Orders"));
        var wire = WireOf(configuration);
        var service = new EchoService();
        await using var host = await StartAsync(service, wire, policy);
        using var proxy = Call(host, wire, policy);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Calls.Single().IsAuthenticated, Is.True);
        Assert.That(() => proxy.Channel.Fail("detail"), Throws.InstanceOf<Client.FaultException<string>>());
    }

    [TestCaseSource(typeof(Configurations), nameof(Configurations.Requested))]
    public async Task Echo_ClientThatProvesLess_IsRefused(Func<SecurityPolicy, SecurityPolicy> contract, string configuration)
    {
        var policy = contract(AppConfigText.ReadPolicy(configuration, "Orders"));
        var wire = WireOf(configuration);
        var service = new EchoService();
        await using var host = await StartAsync(service, wire, policy);
        using var plain = Proxy.For(wire.ClientHttp(), host.HttpAddress);
        using var lesser = Call(host, wire, policy with { ProtectionLevel = policy.ProtectionLevel - 1 });
        using var stranger = Call(host, wire, policy, factory =>
        {
            factory.Credentials.ClientCertificate.Certificate = policy.SignatureAlgorithms.Count > 0 ? TestKeys.EcClient : BadMessages.Stranger;
            factory.Credentials.UserName.Password = "wrong";
        }, trusted: false);

        Assert.That(() => plain.Channel.Echo("text"), Throws.InstanceOf<Client.FaultException>());
        Assert.That(() => lesser.Channel.Echo("text"), Throws.InstanceOf<Client.CommunicationException>());
        Assert.That(() => stranger.Channel.Echo("text"), Throws.InstanceOf<Client.CommunicationException>());
        Assert.That(service.Calls, Is.Empty);
    }

    // The message version of the configuration; that of wsHttpBinding is fixed. TLS is another matter, tried elsewhere.
    private static Wire WireOf(string configuration)
    {
        var version = (string?)XDocument.Parse(configuration).Descendants("textMessageEncoding").SingleOrDefault()?.Attribute("messageVersion");
        return version switch
        {
            "Soap11WSAddressing10" => Wire.Soap11Addressing,
            "Soap11" => Wire.Soap11,
            _ when configuration.Contains("wsHttpBinding", StringComparison.Ordinal) => Wire.Soap12Addressing,
            _ => Wire.Soap11,
        };
    }

    private static Task<CoreWcfHost> StartAsync(EchoService service, Wire wire, SecurityPolicy policy) => CoreWcfHost.StartHttpAsync(
        service,
        wire.ServiceHttp().WithMessageSecurity(policy, CoreWcfHost.Credentials with
        {
            TrustDomains = [.. CoreWcfHost.Credentials.TrustDomains, new TrustDomain { Name = "pinned", Certificates = [TestCertificates.EcClient] }],
        }));

    private static Proxy<IEcho> Call(CoreWcfHost host, Wire wire, SecurityPolicy policy, Action<Client.ChannelFactory<IEcho>>? configure = null, bool trusted = true)
    {
        // WSS 1.0 without WS-Addressing has nothing that binds a reply to its request; .NET Framework's clients never asked.
        var isUnbound = policy.MessageSecurityVersion == MessageSecurityVersion.Wss10 || !policy.RequireSignatureConfirmation;
        var own = wire.Service.MessageVersion.Addressing == AddressingVersion.None && isUnbound && !policy.EnableUnsecuredResponse
            ? policy with { Tolerances = policy.Tolerances with { UnboundReply = true } }
            : policy;
        return Proxy.For(wire.ClientHttp().WithMessageSecurity(own), host.HttpAddress, factory =>
        {
            factory.Credentials.UserName.UserName = "alice";
            factory.Credentials.UserName.Password = "secret";
            if (trusted && policy.SignatureAlgorithms.Count > 0)
            {
                factory.Credentials.ClientCertificate.Certificate = TestCertificates.EcClient;
            }

            configure?.Invoke(factory);
        });
    }
}
