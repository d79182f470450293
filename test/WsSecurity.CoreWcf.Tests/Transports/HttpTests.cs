using System.ServiceModel.Security;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using Client = System.ServiceModel;

namespace WsSecurity.CoreWcf.Tests.Transports;

/// <summary>Our client calls a CoreWCF host over HTTP and HTTPS.</summary>
internal sealed class HttpTests
{
    private static readonly SecurityPolicy[] PlainModes =
    [
        Policies.Mutual,
        SecurityPolicy.MutualCertificateDuplex with { MessageSecurityVersion = MessageSecurityVersion.Wss10 },
        SecurityPolicy.MutualCertificate,
        SecurityPolicy.MutualCertificate with { RequireDerivedKeys = false },
        SecurityPolicy.MutualCertificate with { RequireSignatureConfirmation = true },
        SecurityPolicy.MutualCertificate with { MessageSecurityVersion = MessageSecurityVersion.Wss10 },
        SecurityPolicy.CertificateSignature with { RequireSignatureConfirmation = true },
        SecurityPolicy.AnonymousForCertificate,
        SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false },
        SecurityPolicy.UserNameForCertificate,
        SecurityPolicy.UserNameForCertificate with { RequireDerivedKeys = false },
        SecurityPolicy.UserNameForCertificate with { DefaultAlgorithmSuite = AlgorithmSuite.Basic256, MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt },
    ];

    private static readonly SecurityPolicy[] TransportModes = [SecurityPolicy.UserNameOverTransport, SecurityPolicy.CertificateOverTransport];

    [Test]
    public async Task Echo_EveryModeOverHttp_RoundTrips([ValueSource(nameof(PlainModes))] SecurityPolicy policy)
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(service, Wire.Soap12Addressing.ServiceHttp().WithMessageSecurity(policy, CoreWcfHost.Credentials));
        using var proxy = Proxy.For(Wire.Soap12Addressing.ClientHttp().WithMessageSecurity(policy), host.HttpAddress, UseAlice);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Calls.Single().Principal, Is.EqualTo(CallerOf(policy)));
        Assert.That(service.Calls.Single().IsAuthenticated, Is.EqualTo(CallerOf(policy) is not null));
    }

    [Test]
    public async Task Echo_EveryModeOverTls_RoundTrips([ValueSource(nameof(TransportModes))] SecurityPolicy policy)
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(
            service, Wire.Soap12Addressing.ServiceHttps().WithMessageSecurity(policy, CoreWcfHost.Credentials), new HostSetup { Tls = TestCertificates.Loopback });
        using var proxy = Proxy.For(Wire.Soap12Addressing.ClientHttps().WithMessageSecurity(policy), host.HttpAddress, factory =>
        {
            UseAlice(factory);
            factory.Credentials.ServiceCertificate.SslCertificateAuthentication = new X509ServiceCertificateAuthentication
            {
                CertificateValidationMode = X509CertificateValidationMode.None,
            };
        });

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Calls.Single().Principal, Is.EqualTo(CallerOf(policy)));
    }

    [Test]
    public async Task Echo_EveryEncodingAndTransferMode_RoundTrips([ValueSource(typeof(Wire), nameof(Wire.All))] Wire wire, [Values] bool isStreamed)
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(service, wire.ServiceHttp(isStreamed).WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials));
        using var proxy = Proxy.For(wire.ClientHttp(isStreamed).WithMessageSecurity(Policies.Mutual), host.HttpAddress);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(await proxy.Channel.EchoAsync(new string('x', 8000)), Has.Length.EqualTo(8000));
        proxy.Channel.Notify("one way");
        Assert.That(() => service.Calls.Count, Is.EqualTo(3).After(5000, 20));
        Assert.That(service.Calls.Select(call => call.Evidence), Has.All.Not.Null);
        Assert.That(service.Calls.Select(call => call.Identity), Has.All.EqualTo("CN=client.test"));
    }

    [Test]
    public async Task Fail_DeclaredFault_ArrivesProtected([ValueSource(typeof(Wire), nameof(Wire.All))] Wire wire)
    {
        await using var host = await CoreWcfHost.StartHttpAsync(new EchoService(), wire.ServiceHttp().WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials));
        using var proxy = Proxy.For(wire.ClientHttp().WithMessageSecurity(Policies.Mutual), host.HttpAddress);

        var fault = Assert.Throws<Client.FaultException<string>>(() => proxy.Channel.Fail("detail"));
        Assert.That(fault.Detail, Is.EqualTo("detail"));
        Assert.That(proxy.Channel.Echo("after"), Is.EqualTo("after"));
    }

    [Test]
    public async Task Get_MetadataAndHealth_StayReachable()
    {
        await using var host = await CoreWcfHost.StartHttpAsync(new EchoService(), Wire.Soap11.ServiceHttp().WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials));
        using var http = new HttpClient();

        Assert.That(await http.GetStringAsync(new Uri(host.HttpAddress, "/health")), Is.EqualTo("healthy"));
        Assert.That(await http.GetStringAsync(new Uri(host.HttpAddress, "/echo?wsdl")), Does.Contain("wsdl:definitions").And.Contains("IEcho/Echo"));
    }

    [Test]
    public async Task Echo_HeaderThatNobodyUnderstands_IsAnsweredAsWithoutProtection()
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(
            service,
            Wire.Soap12Addressing.ServiceHttp().WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials),
            new HostSetup { AddEndpoints = services => services.AddServiceEndpoint<EchoService, IEchoService>(Wire.Soap12Addressing.ServiceHttp(), "/plain") });
        using var plain = Proxy.For(Wire.Soap12Addressing.ClientHttp(), new Uri(host.HttpAddress, "/plain"));
        using var secured = Proxy.For(Wire.Soap12Addressing.ClientHttp().WithMessageSecurity(Policies.Mutual), host.HttpAddress);

        Assert.That(Fault(secured), Is.EqualTo(Fault(plain)));
        Assert.That(service.Calls, Is.Empty);

        static string Fault(Proxy<IEcho> proxy)
        {
            using var scope = new Client.OperationContextScope(proxy.ClientChannel);
            Client.OperationContext.Current.OutgoingMessageHeaders.Add(Client.Channels.MessageHeader.CreateHeader("other", "urn:other", 1, mustUnderstand: true));
            var error = Assert.Catch<Client.CommunicationException>(() => proxy.Channel.Echo("text"))!;
            return $"{error.GetType()}: {error.Message}";
        }
    }

    [Test]
    public async Task Echo_UnprotectedEndpointOfTheSameService_StaysAsItIsAndTheOtherStaysProtected()
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(
            service,
            Wire.Soap12Addressing.ServiceHttp().WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials),
            new HostSetup { AddEndpoints = services => services.AddServiceEndpoint<EchoService, IEchoService>(Wire.Soap12Addressing.ServiceHttp(), "/plain") });
        using var plain = Proxy.For(Wire.Soap12Addressing.ClientHttp(), new Uri(host.HttpAddress, "/plain"));
        using var stray = Proxy.For(Wire.Soap12Addressing.ClientHttp(), host.HttpAddress);
        using var secured = Proxy.For(Wire.Soap12Addressing.ClientHttp().WithMessageSecurity(Policies.Mutual), host.HttpAddress);

        Assert.That(plain.Channel.Echo("plain"), Is.EqualTo("plain"));
        Assert.That(() => stray.Channel.Echo("stray"), Throws.InstanceOf<Client.FaultException>());
        Assert.That(secured.Channel.Echo("secured"), Is.EqualTo("secured"));
        Assert.That(service.Calls.Select(call => call.Evidence is null), Is.EqualTo(new[] { true, false }));
    }

    private static void UseAlice(Client.ChannelFactory factory)
    {
        factory.Credentials.UserName.UserName = "alice";
        factory.Credentials.UserName.Password = "secret";
    }

    private static string? CallerOf(SecurityPolicy policy) => policy.AuthenticationMode switch
    {
        AuthenticationMode.AnonymousForCertificate => null,
        AuthenticationMode.UserNameForCertificate or AuthenticationMode.UserNameOverTransport => "alice",
        _ => "CN=client.test",
    };
}
