using NUnit.Framework;
using System.IdentityModel.Claims;
using System.IdentityModel.Selectors;
using System.IdentityModel.Tokens;
using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;
using System.ServiceModel.Security;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Credentials;

/// <summary>Credentials as WCF users set them, and the identity of the address, over HTTP.</summary>
internal sealed class ClientCredentialsTests
{
    private const string PossessProperty = "http://schemas.xmlsoap.org/ws/2005/05/identity/right/possessproperty";

    private SecuredService _service;
    private HttpService _host;

    [SetUp]
    public async Task StartAsync()
    {
        _service = new SecuredService(Policies.Mutual);
        _host = await HttpService.StartAsync(_service);
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public void ScopedCertificate_OfTheAddress_ComesBeforeTheDefault() => Accepts(configure: factory =>
    {
        factory.Credentials.ServiceCertificate.DefaultCertificate = TestCertificates.Public(TestCertificates.Stranger);
        factory.Credentials.ServiceCertificate.ScopedCertificates[_host.Address] = TestCertificates.Public(TestCertificates.Service);
    });

    [Test]
    public void ScopedCertificate_OfAnotherAddress_IsNotUsed() => Refuses(
        new EndpointAddress(_host.Address),
        factory =>
        {
            factory.Credentials.ServiceCertificate.DefaultCertificate = TestCertificates.Public(TestCertificates.Stranger);
            factory.Credentials.ServiceCertificate.ScopedCertificates[new Uri("http://elsewhere.test/")] = TestCertificates.Public(TestCertificates.Service);
        });

    [Test]
    public void Identity_Certificate_IsTheServicesCertificateWhereNoneIsSet() => Accepts(
        new X509CertificateEndpointIdentity(TestCertificates.Public(TestCertificates.Service)), factory => factory.Credentials.ServiceCertificate.DefaultCertificate = null);

    [Test]
    public void Identity_RightOnes_AreAccepted()
    {
        Accepts(new DnsEndpointIdentity("service.test"));
        Accepts(new X509CertificateEndpointIdentity(TestCertificates.Public(TestCertificates.Service)));
        Accepts(EndpointIdentity.CreateIdentity(new Claim(ClaimTypes.Thumbprint, TestCertificates.Service.GetCertHash(), PossessProperty)));
        Accepts(EndpointIdentity.CreateIdentity(new Claim(ClaimTypes.Rsa, TestCertificates.Service.GetRSAPublicKey(), PossessProperty)));
    }

    [Test]
    public void Identity_WrongOnes_AreRefusedBeforeAnythingIsSent()
    {
        foreach (var identity in new[]
        {
            new DnsEndpointIdentity("other.test"),
            new X509CertificateEndpointIdentity(TestCertificates.Public(TestCertificates.Stranger)),
            EndpointIdentity.CreateIdentity(new Claim(ClaimTypes.Thumbprint, TestCertificates.Stranger.GetCertHash(), PossessProperty)),
            EndpointIdentity.CreateIdentity(new Claim(ClaimTypes.Rsa, TestCertificates.Stranger.GetRSAPublicKey(), PossessProperty)),
        })
        {
            Assert.That(Failure(new EndpointAddress(_host.Address, identity)), Is.EqualTo(SecurityFailure.PeerIdentityMismatch), identity.GetType().Name);
        }

        Assert.That(_service.Wire, Is.Empty);
    }

    [Test]
    public void Identity_ThatNoCertificateProves_IsRefused()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Call(new EndpointAddress(_host.Address, new SpnEndpointIdentity("host/service"))));
        Assert.That(refusal!.Message, Does.Contain("state a DNS name or a certificate"));
    }

    [Test]
    public void Identity_OfAReplySignedByAnotherTrustedParty_IsRefused()
    {
        // Encrypted for the service, answered by somebody whom the trust domain admits as well.
        var credentials = new SecurityCredentials
        {
            Certificate = TestCertificates.Client,
            PeerCertificates = [TestCertificates.Public(TestCertificates.Service), TestCertificates.Public(TestCertificates.Stranger)],
        };
        var service = new SecuredService(Policies.Mutual, SecuredService.DefaultCredentials with { Certificate = TestCertificates.Stranger, EncryptionCertificate = TestCertificates.Service });
        using var host = new Hosted(service);
        Assert.That(
            Failure(new EndpointAddress(host.Address, new DnsEndpointIdentity("service.test")), credentials: credentials),
            Is.EqualTo(SecurityFailure.PeerIdentityMismatch));
        Assert.That(service.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Authentication_Untouched_TrustsTheNamedCertificateAsItIs() => Accepts();

    [Test]
    public void Authentication_None_TrustsTheNamedCertificateAlone()
    {
        Accepts(configure: factory => factory.Credentials.ServiceCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.None);
        Refuses(new EndpointAddress(_host.Address), factory =>
        {
            factory.Credentials.ServiceCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.None;
            factory.Credentials.ServiceCertificate.DefaultCertificate = TestCertificates.Public(TestCertificates.Stranger);
        });
    }

    [Test]
    public void Authentication_PeerTrust_RefusesWhatIsNotInTheStore() => Assert.That(
        Failure(new EndpointAddress(_host.Address), factory => factory.Credentials.ServiceCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.PeerTrust),
        Is.EqualTo(SecurityFailure.CertificateNotTrusted));

    [Test]
    public void Authentication_ChainTrust_RefusesWhatLeadsToNoRootOfTheStore([Values(X509CertificateValidationMode.ChainTrust, X509CertificateValidationMode.PeerOrChainTrust)] X509CertificateValidationMode mode) => Assert.That(
        Failure(new EndpointAddress(_host.Address), factory =>
        {
            factory.Credentials.ServiceCertificate.Authentication.CertificateValidationMode = mode;
            factory.Credentials.ServiceCertificate.Authentication.RevocationMode = X509RevocationMode.NoCheck;
        }),
        Is.EqualTo(SecurityFailure.CertificateNotTrusted));

    [Test]
    public void Authentication_Custom_SeesTheCertificateAndDecides()
    {
        var accepting = new Validator(refuses: false);
        Accepts(configure: factory => Set(factory, accepting));
        Assert.That(accepting.Seen, Is.Not.Empty.And.All.EqualTo(TestCertificates.Service.Thumbprint));

        Assert.That(Failure(new EndpointAddress(_host.Address), factory => Set(factory, new Validator(refuses: true))), Is.EqualTo(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void Authentication_CustomThatFails_IsRefused() => Assert.That(
        Failure(new EndpointAddress(_host.Address), factory => Set(factory, new BrokenValidator())), Is.EqualTo(SecurityFailure.ValidatorFailed));

    [Test]
    public async Task Authentication_Custom_DecidesOnTheSignerOfAReplyToo([Values] bool refuses)
    {
        // The service decrypts with one certificate, and signs with another that the client was never given.
        var policy = Policies.Mutual with { AllowSerializedSigningTokenOnReply = true };
        var service = new SecuredService(policy, SecuredService.DefaultCredentials with
        {
            Certificate = TestCertificates.ServiceSigning,
            EncryptionCertificate = TestCertificates.Service,
        });
        await using var host = await HttpService.StartAsync(service);
        using var proxy = new Proxy<IEcho>(
            Proxy.Patient(new BasicHttpBinding()).WithMessageSecurity(policy),
            new EndpointAddress(host.Address, new DnsEndpointIdentity("service.test")),
            factory => Set(factory, new Validator(certificate => refuses && certificate.Thumbprint == TestCertificates.ServiceSigning.Thumbprint)));

        if (refuses)
        {
            var refusal = (WsSecurityException)Assert.Throws<MessageSecurityException>(() => proxy.Channel.Echo("text"))!.InnerException!;
            Assert.That(refusal.Failure, Is.EqualTo(SecurityFailure.CertificateNotTrusted));
        }
        else
        {
            Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        }
    }

    [Test]
    public void Authentication_CustomWithoutValidator_IsRefused() => Assert.That(
        Assert.Throws<InvalidOperationException>(() => Call(new EndpointAddress(_host.Address), factory =>
            factory.Credentials.ServiceCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.Custom))!.Message,
        Does.Contain("CustomCertificateValidator"));

    [Test]
    public async Task UserName_ForCertificate_ReachesTheService()
    {
        var policy = SecurityPolicy.UserNameForCertificate;
        var service = new SecuredService(policy);
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(new WSHttpBinding(SecurityMode.None).WithMessageSecurity(policy), host.Address, SetUser);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Evidence.Single().Tokens.OfType<UsernameVerifiedToken>().Single().Name, Is.EqualTo("alice"));
    }

    [Test]
    public async Task UserName_OverTransport_NeedsAndUsesTls()
    {
        var service = new SecuredService(SecurityPolicy.UserNameOverTransport) { IsTransportProtected = true };
        await using var host = await HttpService.StartAsync(service, tls: TestCertificates.Loopback);
        using var proxy = Proxy.For(new BasicHttpsBinding().WithMessageSecurity(SecurityPolicy.UserNameOverTransport), host.Address, factory =>
        {
            SetUser(factory);
            AcceptTls(factory);
        });

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Evidence.Single().Tokens.Single().Name, Is.EqualTo("alice"));
    }

    [Test]
    public async Task Certificate_OverTransport_EndorsesTheTimestamp()
    {
        var service = new SecuredService(SecurityPolicy.CertificateOverTransport) { IsTransportProtected = true };
        await using var host = await HttpService.StartAsync(service, tls: TestCertificates.Loopback);
        using var proxy = Proxy.For(new BasicHttpsBinding().WithMessageSecurity(SecurityPolicy.CertificateOverTransport), host.Address, AcceptTls);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Evidence.Single().Tokens.OfType<X509VerifiedToken>().Single().Certificate.Thumbprint, Is.EqualTo(TestCertificates.Client.Thumbprint));
    }

    [Test]
    public async Task Identity_OverTransport_IsTheTransportsToCheck()
    {
        await using var host = await HttpService.StartAsync(new SecuredService(SecurityPolicy.UserNameOverTransport) { IsTransportProtected = true }, tls: TestCertificates.Loopback);
        var binding = Proxy.Patient(new BasicHttpsBinding()).WithMessageSecurity(SecurityPolicy.UserNameOverTransport);
        using var proxy = new Proxy<IEcho>(binding, new EndpointAddress(host.Address, new SpnEndpointIdentity("host/service")), factory =>
        {
            SetUser(factory);
            AcceptTls(factory);
        });

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
    }

    [Test]
    public void UserName_OverATransportInTheClear_IsRefusedBeforeAnythingIsSent()
    {
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(SecurityPolicy.UserNameOverTransport), _host.Address, SetUser);
        var refusal = Assert.Throws<MessageSecurityException>(() => proxy.Channel.Echo("text"));
        Assert.That(((WsSecurityException)refusal!.InnerException!).Failure, Is.EqualTo(SecurityFailure.TransportNotProtected));
        Assert.That(_service.Wire, Is.Empty);
    }

    private static void AcceptTls(ChannelFactory factory) =>
        factory.Credentials.ServiceCertificate.SslCertificateAuthentication = new X509ServiceCertificateAuthentication
        {
            CertificateValidationMode = X509CertificateValidationMode.Custom,
            CustomCertificateValidator = new Validator(refuses: false),
        };

    private static void SetUser(ChannelFactory factory)
    {
        factory.Credentials.UserName.UserName = "alice";
        factory.Credentials.UserName.Password = "secret";
    }

    private static void Set(ChannelFactory factory, X509CertificateValidator validator)
    {
        factory.Credentials.ServiceCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.Custom;
        factory.Credentials.ServiceCertificate.Authentication.CustomCertificateValidator = validator;
    }

    private void Accepts(EndpointIdentity? identity = null, Action<ChannelFactory<IEcho>>? configure = null) =>
        Assert.That(Call(new EndpointAddress(_host.Address, identity), configure), Is.EqualTo("text"));

    private static void Refuses(EndpointAddress address, Action<ChannelFactory<IEcho>> configure) =>
        Assert.Throws<MessageSecurityException>(() => Call(address, configure));

    private static SecurityFailure Failure(EndpointAddress address, Action<ChannelFactory<IEcho>>? configure = null, SecurityCredentials? credentials = null) =>
        ((WsSecurityException)Assert.Throws<MessageSecurityException>(() => Call(address, configure, credentials))!.InnerException!).Failure;

    private static string Call(EndpointAddress address, Action<ChannelFactory<IEcho>>? configure = null, SecurityCredentials? credentials = null)
    {
        using var proxy = new Proxy<IEcho>(Proxy.Patient(new BasicHttpBinding()).WithMessageSecurity(Policies.Mutual, credentials), address, configure);
        return proxy.Channel.Echo("text");
    }

    private sealed class Hosted(SecuredService service) : IDisposable
    {
        private readonly HttpService _host = HttpService.StartAsync(service).GetAwaiter().GetResult();

        public Uri Address => _host.Address;

        public void Dispose() => _host.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private sealed class BrokenValidator : X509CertificateValidator
    {
        public override void Validate(X509Certificate2 certificate) => throw new TimeoutException("the directory is down");
    }

    private sealed class Validator(Func<X509Certificate2, bool> refuses) : X509CertificateValidator
    {
        public Validator(bool refuses)
            : this(_ => refuses)
        {
        }

        public List<string> Seen { get; } = [];

        public override void Validate(X509Certificate2 certificate)
        {
            Seen.Add(certificate.Thumbprint);
            if (refuses(certificate))
            {
                throw new SecurityTokenValidationException("Not this one.");
            }
        }
    }
}
