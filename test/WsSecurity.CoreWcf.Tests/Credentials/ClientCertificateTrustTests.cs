using System.Security.Cryptography.X509Certificates;
using CoreWCF.Description;
using CoreWCF.IdentityModel.Selectors;
using CoreWCF.Security;
using Microsoft.Extensions.Logging;
using WsSecurity.CoreWcf.Credentials;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.CoreWcf.Tests.Refusals;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests.Credentials;

/// <summary>Whom each mode of ClientCertificate.Authentication lets in, with stores that are not this machine's.</summary>
internal sealed class ClientCertificateTrustTests
{
    private static readonly Uri Address = new("http://localhost/echo");

    [Test]
    public void PeerTrust_LetsInWhatIsInTrustedPeople()
    {
        var domains = Read(X509CertificateValidationMode.PeerTrust, StoreName.TrustedPeople, TestCertificates.Client);

        Assert.That(FailureOf(domains, TestCertificates.Client), Is.Null);
        Assert.That(FailureOf(domains, TestCertificates.Stranger), Is.EqualTo(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void ChainTrust_LetsInWhatLeadsToARoot()
    {
        var domains = Read(X509CertificateValidationMode.ChainTrust, StoreName.Root, TestCertificates.Authority);

        Assert.That(FailureOf(domains, TestCertificates.Client), Is.Null);
        Assert.That(FailureOf(domains, BadMessages.Stranger), Is.EqualTo(SecurityFailure.CertificateNotTrusted));
        Assert.That(FailureOf(Read(X509CertificateValidationMode.ChainTrust, StoreName.TrustedPeople, TestCertificates.Client), TestCertificates.Client), Is.EqualTo(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void PeerOrChainTrust_LetsInBoth([Values(StoreName.TrustedPeople, StoreName.Root)] StoreName store)
    {
        var domains = Read(X509CertificateValidationMode.PeerOrChainTrust, store, store == StoreName.Root ? TestCertificates.Authority : TestCertificates.Client);

        Assert.That(FailureOf(domains, TestCertificates.Client), Is.Null);
        Assert.That(FailureOf(domains, BadMessages.Stranger), Is.EqualTo(SecurityFailure.CertificateNotTrusted));
        Assert.That(domains.Select(domain => domain.Name), Is.Unique);
    }

    [Test]
    public void Untouched_LetsNobodyIn() => Assert.That(ClientCertificateTrust.Read(Settings(_ => { }), (_, _) => [TestCertificates.Client]), Is.Empty);

    [Test]
    public void None_IsRefusedAndSaysHowToSayIt() => Assert.That(
        () => ClientCertificateTrust.Read(Settings(settings => settings.CertificateValidationMode = X509CertificateValidationMode.None)),
        Throws.InvalidOperationException.With.Message.Contains("X509CertificateValidator.None"));

    [Test]
    public void Custom_WithoutValidator_IsRefused() => Assert.That(
        () => ClientCertificateTrust.Read(Settings(settings => settings.CertificateValidationMode = X509CertificateValidationMode.Custom)),
        Throws.InvalidOperationException.With.Message.Contains("CustomCertificateValidator"));

    [Test]
    public void Validator_ThatItsModeNeverAsks_IsRefused([Values] X509CertificateValidationMode mode)
    {
        Assume.That(mode, Is.Not.EqualTo(X509CertificateValidationMode.Custom));
        Assert.That(
            () => ClientCertificateTrust.Read(Settings(settings =>
            {
                settings.CertificateValidationMode = mode;
                settings.CustomCertificateValidator = X509CertificateValidator.ChainTrust;
            })),
            Throws.InvalidOperationException.With.Message.Contains("never asks"));
    }

    [Test]
    public async Task Custom_NoneOfWcf_LetsAnybodyInAndWarns()
    {
        using var log = new WarningLog();
        await using var host = await CoreWcfHost.StartHttpAsync(
            new EchoService(),
            Wire.Soap12Addressing.ServiceHttp().WithMessageSecurity(BadMessages.Policy),
            new HostSetup
            {
                Register = services => Microsoft.Extensions.DependencyInjection.LoggingServiceCollectionExtensions.AddLogging(services, logging => logging.AddProvider(log)),
                Configure = host =>
                {
                    var credentials = new ServiceCredentials();
                    credentials.ServiceCertificate.Certificate = TestCertificates.Service;
                    credentials.ClientCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.Custom;
                    credentials.ClientCertificate.Authentication.CustomCertificateValidator = X509CertificateValidator.None;
                    host.Description.Behaviors.Add(credentials);
                },
            });
        using var proxy = Proxy.For(
            WsSecurity.ServiceModel.MessageSecurityExtensions.WithMessageSecurity(Wire.Soap12Addressing.ClientHttp(), BadMessages.Policy),
            host.HttpAddress,
            factory => factory.Credentials.ClientCertificate.Certificate = BadMessages.Stranger);

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(log.Warnings, Has.Some.Contains("trusts anybody"));
    }

    private static IReadOnlyList<TrustDomain> Read(X509CertificateValidationMode mode, StoreName store, X509Certificate2 content) => ClientCertificateTrust.Read(
        Settings(settings =>
        {
            settings.CertificateValidationMode = mode;
            settings.RevocationMode = X509RevocationMode.NoCheck;
        }),
        (name, _) => name == store ? [TestCertificates.Public(content)] : []);

    private static X509ClientCertificateAuthentication Settings(Action<X509ClientCertificateAuthentication> change)
    {
        var settings = new ServiceCredentials().ClientCertificate.Authentication;
        change(settings);
        return settings;
    }

    private static SecurityFailure? FailureOf(IReadOnlyList<TrustDomain> domains, X509Certificate2 signer)
    {
        var recipient = new Recipient(BadMessages.Policy, new SecurityCredentials { Certificate = TestCertificates.Service, TrustDomains = domains });
        try
        {
            recipient.VerifyRequest(BadMessages.Protect(Address, signer), new MessageContext { EndpointAddress = Address }).Dispose();
            return null;
        }
        catch (WsSecurityException refusal)
        {
            return refusal.Failure;
        }
    }

    private sealed class WarningLog : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Warnings { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                Warnings.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
