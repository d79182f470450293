using System.Security.Cryptography.X509Certificates;
using System.ServiceModel.Security;
using System.Text;
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

    private static readonly SecurityPolicy Digest = UserName with
    {
        SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Username, PasswordType = PasswordType.Digest }],
    };

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
    public async Task Echo_CustomCertificateValidator_Decides([Values] bool isTrusted)
    {
        var service = new EchoService();
        var validator = new CertificateValidator(certificate => isTrusted ? certificate : throw new SecurityTokenValidationException("no"));
        await using var host = await StartAsync(service, Policies.Mutual, credentials => Set(credentials, validator));
        using var proxy = Call(host, Policies.Mutual, configure: factory => factory.Credentials.ClientCertificate.Certificate = Refusals.BadMessages.Stranger);

        if (isTrusted)
        {
            Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
            Assert.That(service.Calls.Single().Identity, Is.EqualTo("CN=client.test"));
        }
        else
        {
            Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<MessageSecurityException>());
            Assert.That(service.Calls, Is.Empty);
        }
    }

    [Test]
    public async Task Echo_ValidatorThatFails_IsADullFault([Values] bool ofCertificates)
    {
        var service = new EchoService();
        var policy = ofCertificates ? Policies.Mutual : UserName;
        await using var host = await StartAsync(service, policy, credentials =>
        {
            Set(credentials, new CertificateValidator(_ => throw new TimeoutException("ldap.internal is down")));
            credentials.UserNameAuthentication.CustomUserNamePasswordValidator = new BrokenValidator();
        });
        using var proxy = Call(host, policy);

        var refusal = Assert.Throws<MessageSecurityException>(() => proxy.Channel.Echo("text"))!;

        var fault = (System.ServiceModel.FaultException)refusal.InnerException!;
        Assert.That(fault.Code.Name, Is.EqualTo(ofCertificates ? "FailedCheck" : "FailedAuthentication"));
        Assert.That(refusal.ToString(), Does.Not.Contain("ldap.internal"));
        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public async Task Echo_ValidatorThatNeverAnswers_IsGivenUpAfterSendTimeout()
    {
        var service = new EchoService();
        var binding = Wire.Soap11.ServiceHttp();
        binding.SendTimeout = TimeSpan.FromMilliseconds(200);
        await using var host = await CoreWcfHost.StartHttpAsync(
            service, binding.WithMessageSecurity(UserName, CoreWcfHost.Credentials with { UsernameTokenValidator = new SilentValidator() }));
        using var proxy = Call(host, UserName);

        Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<MessageSecurityException>());
        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public async Task StartAsync_PasswordDigestsForAValidatorOfClearPasswords_SaysWhatIsNeeded()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            new EchoService(), Digest, credentials => credentials.UserNameAuthentication.CustomUserNamePasswordValidator = new Validator()));

        Assert.That(refusal!.Message, Does.Contain("digest").And.Contain(nameof(IUsernameTokenValidator)));
    }

    [Test]
    public async Task Echo_PasswordDigest_IsComparedByTheValidatorOfTheHostsServices([Values("secret", "wrong")] string password)
    {
        var service = new EchoService();
        await using var host = await StartAsync(
            service,
            Digest,
            credentials => credentials.UserNameAuthentication.CustomUserNamePasswordValidator = new Validator(),
            services => services.AddSingleton(CoreWcfHost.Credentials.UsernameTokenValidator!));
        using var proxy = Call(host, Digest, password);

        if (password == "secret")
        {
            Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        }
        else
        {
            Assert.That(() => proxy.Channel.Echo("text"), Throws.InstanceOf<MessageSecurityException>());
        }
    }

    [Test]
    public async Task Echo_TokenOfOnesOwn_IsValidatedByTheHandlerOfTheHostsServices([Values("alice", "mallory")] string user)
    {
        var policy = Policies.Anonymous with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Custom, Name = "Badge" }] };
        var service = new EchoService();
        await using var host = await StartAsync(service, policy, _ => { }, services => services.AddSingleton<ICustomTokenHandler>(new Badge("alice")));
        var credentials = new SecurityCredentials { PeerCertificates = [TestCertificates.Public(TestCertificates.Service)], TokenProvider = new Badge(user) };
        using var proxy = Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(policy, credentials), host.HttpAddress);

        if (user == "alice")
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

    private static Task<CoreWcfHost> StartAsync(
        EchoService service, SecurityPolicy policy, Action<ServiceCredentials> configure, Action<IServiceCollection>? register = null) => CoreWcfHost.StartHttpAsync(
        service,
        Wire.Soap11.ServiceHttp().WithMessageSecurity(policy),
        new HostSetup
        {
            Register = register ?? (_ => { }),
            Configure = host =>
            {
                var credentials = new ServiceCredentials();
                credentials.ServiceCertificate.Certificate = TestCertificates.Service;
                configure(credentials);
                host.Description.Behaviors.Add(credentials);
            },
        });

    private static Proxy<IEcho> Call(CoreWcfHost host, SecurityPolicy policy, string password = "secret", Action<System.ServiceModel.ChannelFactory>? configure = null) =>
        Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(policy), host.HttpAddress, factory =>
        {
            factory.Credentials.UserName.UserName = "alice";
            factory.Credentials.UserName.Password = password;
            configure?.Invoke(factory);
        });

    private static void Set(ServiceCredentials credentials, X509CertificateValidator validator)
    {
        credentials.ClientCertificate.Authentication.CertificateValidationMode = CoreWCF.Security.X509CertificateValidationMode.Custom;
        credentials.ClientCertificate.Authentication.CustomCertificateValidator = validator;
    }

    private sealed class Validator : UserNamePasswordValidator
    {
        public override ValueTask ValidateAsync(string userName, string password) =>
            userName == "alice" && password == "secret" ? ValueTask.CompletedTask : throw new SecurityTokenValidationException("no");
    }

    private sealed class BrokenValidator : UserNamePasswordValidator
    {
        public override ValueTask ValidateAsync(string userName, string password) => throw new TimeoutException("ldap.internal is down");
    }

    private sealed class Badge(string user) : ICustomTokenHandler, ISecurityTokenProvider
    {
        public string Name => "Badge";

        public CustomTokenFormat Format => CustomTokenFormat.Binary("urn:badge");

        public CustomTokenKey? ReadKey(CustomToken token) => null;

        public ValueTask<CustomTokenIdentity> ValidateAsync(CustomToken token, CancellationToken cancellationToken) => token.Octets.Span.SequenceEqual(Encoding.UTF8.GetBytes(user))
            ? ValueTask.FromResult(new CustomTokenIdentity { Name = user })
            : throw new WsSecurityException(SecurityFailure.AuthenticationFailed, "The badge is somebody else's.");

        public ValueTask<SecurityTokenCredential?> GetTokenAsync(SupportingToken token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<SecurityTokenCredential?>(CustomTokenCredential.Binary("urn:badge", Encoding.UTF8.GetBytes(user)));
    }

    private sealed class SilentValidator : IUsernameTokenValidator
    {
        public async ValueTask<IReadOnlyList<System.Security.Claims.Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        }
    }

    private sealed class CertificateValidator(Func<X509Certificate2, X509Certificate2> validate) : X509CertificateValidator
    {
        public override void Validate(X509Certificate2 certificate) => validate(certificate);
    }
}
