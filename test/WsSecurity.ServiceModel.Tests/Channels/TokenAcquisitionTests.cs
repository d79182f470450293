using System.ServiceModel;
using System.ServiceModel.Security;
using NUnit.Framework;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Channels;

/// <summary>Tokens that need I/O, as a WCF client meets them: they are acquired before the message leaves, or it does not leave.</summary>
internal sealed class TokenAcquisitionTests
{
    private const string ValueType = "urn:test:ticket";

    private static readonly SecurityPolicy Policy = SecurityPolicy.AnonymousForCertificate with { SupportingTokens = [Ticket(SupportingTokenKind.SignedEncrypted)] };

    [Test]
    public async Task Echo_TokenOfAProvider_IsTheCaller([Values] bool isAsync)
    {
        var provider = new Provider();
        var service = Service(Policy);
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Proxy.Patient(new WSHttpBinding(SecurityMode.None)).WithMessageSecurity(Policy, Credentials(provider)), host.Address);

        Assert.That(isAsync ? await proxy.Channel.EchoAsync("text") : proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(isAsync ? await proxy.Channel.EchoAsync("text") : proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Evidence.First().Tokens.OfType<CustomVerifiedToken>().Single().Name, Is.EqualTo("alice"));
        Assert.That(provider.Calls, Is.EqualTo(1), "It is kept while it is good.");
    }

    [Test]
    public async Task Echo_ProviderThatFails_TellsTheCallerAndSendsNothing()
    {
        var service = Service(Policy);
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Proxy.Patient(new WSHttpBinding(SecurityMode.None)).WithMessageSecurity(Policy, Credentials(new Provider { Fails = true })), host.Address);

        Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<MessageSecurityException>().With.InnerException.InstanceOf<HttpRequestException>());
        Assert.That(() => proxy.Channel.EchoAsync("text"), Throws.InstanceOf<MessageSecurityException>().With.InnerException.InstanceOf<HttpRequestException>());
        Assert.That(service.Wire, Is.Empty);
    }

    [Test]
    public async Task Echo_ProviderThatDoesNotAnswer_TimesOutAndSendsNothing()
    {
        var service = Service(Policy);
        await using var host = await HttpService.StartAsync(service);
        var binding = Proxy.Patient(new WSHttpBinding(SecurityMode.None)).WithMessageSecurity(Policy, Credentials(new Provider { Hangs = true }));
        binding.SendTimeout = TimeSpan.FromSeconds(1);
        using var proxy = Proxy.For(binding, host.Address);

        Assert.That(() => proxy.Channel.EchoAsync("text"), Throws.InstanceOf<TimeoutException>());
        Assert.That(service.Wire, Is.Empty);
    }

    [Test]
    public async Task Echo_InspectorsWay_AcquiresToo()
    {
        var policy = SecurityPolicy.CertificateSignature with { RequireSignatureConfirmation = true, SignedParts = new MessageParts { Body = true }, SupportingTokens = [Ticket(SupportingTokenKind.SignedEncrypted)] };
        var service = Service(policy);
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Proxy.Patient(new BasicHttpBinding()), host.Address, factory =>
            factory.Endpoint.EndpointBehaviors.Add(new MessageSecurityInspectorBehavior(policy) { Credentials = Credentials(new Provider()) with { Certificate = TestCertificates.Client } }));

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Evidence.Single().Tokens.OfType<CustomVerifiedToken>(), Is.Not.Empty);
    }

    private static SupportingToken Ticket(SupportingTokenKind kind) => new() { Kind = kind, Type = SecurityTokenType.Custom, Name = "Ticket" };

    private static SecuredService Service(SecurityPolicy policy) => new(policy, SecuredService.DefaultCredentials with { CustomTokenHandlers = [new Handler()] });

    private static SecurityCredentials Credentials(ISecurityTokenProvider provider) => new()
    {
        PeerCertificates = [TestCertificates.Public(TestCertificates.Service)],
        TokenProvider = provider,
    };

    private sealed class Provider : ISecurityTokenProvider
    {
        public int Calls { get; private set; }

        public bool Fails { get; init; }

        public bool Hangs { get; init; }

        public async ValueTask<SecurityTokenCredential?> GetTokenAsync(SupportingToken token, CancellationToken cancellationToken)
        {
            Calls++;
            await Task.Yield();
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return Fails
                ? throw new HttpRequestException("the issuer does not answer")
                : CustomTokenCredential.Binary(ValueType, System.Text.Encoding.UTF8.GetBytes("alice"), TimeProvider.System.GetUtcNow().AddHours(1));
        }
    }

    private sealed class Handler : ICustomTokenHandler
    {
        public string Name => "Ticket";

        public CustomTokenFormat Format => CustomTokenFormat.Binary(ValueType);

        public CustomTokenKey? ReadKey(CustomToken token) => null;

        public ValueTask<CustomTokenIdentity> ValidateAsync(CustomToken token, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new CustomTokenIdentity { Name = System.Text.Encoding.UTF8.GetString(token.Octets.Span) });
    }
}
