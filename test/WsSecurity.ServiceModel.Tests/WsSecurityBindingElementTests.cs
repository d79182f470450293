using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Security;
using System.Xml;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests;

internal sealed class WsSecurityBindingElementTests
{
    private static readonly SecurityPolicy Policy = Policies.Mutual;

    [Test]
    public void Constructor_NullPolicy_IsRefused() => Assert.Throws<ArgumentNullException>(() => _ = new WsSecurityBindingElement(null!));

    [Test]
    public void Clone_KeepsEverything()
    {
        var element = new WsSecurityBindingElement(Policy)
        {
            Credentials = new SecurityCredentials { UserName = "alice" },
            Services = new SecurityServices(),
            Transit = new TransitSecurity { Added = TransitNode.ForNode },
        };
        var clone = (WsSecurityBindingElement)element.Clone();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(clone, Is.Not.SameAs(element));
            Assert.That(clone.Policy, Is.SameAs(element.Policy));
            Assert.That(clone.Credentials, Is.SameAs(element.Credentials));
            Assert.That(clone.Services, Is.SameAs(element.Services));
            Assert.That(clone.Transit, Is.SameAs(element.Transit));
        }
    }

    [TestCase(null, null)]
    [TestCase("", null)]
    [TestCase("http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver", null)]
    [TestCase("urn:node", "urn:node")]
    public void Transit_ForTheActorOfThePolicy_IsRefused(string? transit, string? policy)
    {
        var header = SecurityPolicy.CertificateSignature with { Actor = transit };
        foreach (var security in new[] { new TransitSecurity { Added = header }, new TransitSecurity { Verified = header } })
        {
            var refusal = Assert.Throws<ArgumentException>(() => _ = new WsSecurityBindingElement(Policy with { Actor = policy }) { Transit = security });
            Assert.That(refusal!.Message, Does.Contain("same Actor").And.Contain(policy ?? "the ultimate receiver"));
        }
    }

    [Test]
    public void Transit_ThatDoesNothing_IsRefused() => Assert.That(
        () => new WsSecurityBindingElement(Policy) { Transit = new TransitSecurity() }, Throws.ArgumentException.With.Message.Contains("nothing would be done"));

    [Test]
    public void CreateChannel_TransitPolicyThatWouldChangeTheMessage_IsRefused([Values] bool isSymmetric)
    {
        var header = (isSymmetric ? SecurityPolicy.AnonymousForCertificate : SecurityPolicy.MutualCertificateDuplex) with { Actor = "urn:node" };
        var binding = new BasicHttpBinding().WithMessageSecurity(Policy, SecuredService.DefaultCredentials, new TransitSecurity { Added = header });
        using var proxyFactory = new ChannelFactoryScope<IEcho>(binding, "http://127.0.0.1:9/");

        var refusal = Assert.Throws<InvalidOperationException>(() => proxyFactory.Factory.CreateChannel());
        Assert.That(refusal!.Message, Does.Contain("CertificateSignature"));
    }

    [Test]
    public void GetProperty_OfTheEncodingBelow_IsFound()
    {
        var encoding = new TextMessageEncodingBindingElement { ReaderQuotas = new XmlDictionaryReaderQuotas { MaxDepth = 7 } };
        var binding = new CustomBinding(new WsSecurityBindingElement(Policy), encoding, new HttpTransportBindingElement());

        Assert.That(binding.GetProperty<XmlDictionaryReaderQuotas>([])!.MaxDepth, Is.EqualTo(7));
        Assert.That(binding.MessageVersion, Is.EqualTo(encoding.MessageVersion));
    }

    [Test]
    public void Build_EncodingLeftToTheTransport_IsRefused() =>
        Assert.That(Refusal(new WsSecurityBindingElement(Policy), new HttpTransportBindingElement()), Does.Contain("add one, for example TextMessageEncodingBindingElement, below WsSecurityBindingElement"));

    [Test]
    public void Build_EncodingAbove_IsRefused() =>
        Assert.That(
            Refusal(new TextMessageEncodingBindingElement(), new WsSecurityBindingElement(Policy), new HttpTransportBindingElement()),
            Does.Contain("move WsSecurityBindingElement directly above the encoding"));

    [Test]
    public void Build_TwoOfOurs_IsRefused() =>
        Assert.That(
            Refusal(new WsSecurityBindingElement(Policy), new WsSecurityBindingElement(Policy), new TextMessageEncodingBindingElement(), new HttpTransportBindingElement()),
            Does.Contain("more than one WsSecurityBindingElement"));

    [Test]
    public void Build_TransportWithMessageCredential_IsRefused([Values] bool isAbove)
    {
        BindingElement other = SecurityBindingElement.CreateUserNameOverTransportBindingElement();
        BindingElement ours = new WsSecurityBindingElement(Policy);
        Assert.That(
            Refusal(isAbove ? other : ours, isAbove ? ours : other, new TextMessageEncodingBindingElement(), new HttpsTransportBindingElement()),
            Does.Contain("set its security mode to Transport, and use SecurityPolicy.UserNameOverTransport"));
    }

    [Test]
    public void Build_TransportWithMessageCredentialOfABinding_IsRefused()
    {
        var binding = new BasicHttpsBinding(BasicHttpsSecurityMode.TransportWithMessageCredential) { Security = { Message = { ClientCredentialType = BasicHttpMessageCredentialType.UserName } } };
        Assert.That(Refusal(binding.WithMessageSecurity(Policy)), Does.Contain("set its security mode to Transport"));
    }

    [Test]
    public void Build_MessageVersionNone_IsRefused() =>
        Assert.That(
            Refusal(new WsSecurityBindingElement(Policy), new TextMessageEncodingBindingElement(MessageVersion.None, System.Text.Encoding.UTF8), new HttpTransportBindingElement()),
            Does.Contain("MessageVersion.None"));

    [Test]
    public void Build_ShapeThatTheTransportLacks_IsRefused()
    {
        var binding = new CustomBinding(new WsSecurityBindingElement(Policy), new TextMessageEncodingBindingElement(), new HttpTransportBindingElement());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(binding.CanBuildChannelFactory<IRequestChannel>(), Is.True);
            Assert.That(binding.CanBuildChannelFactory<IDuplexChannel>(), Is.False);
            Assert.That(Assert.Throws<InvalidOperationException>(() => binding.BuildChannelFactory<IDuplexChannel>())!.Message, Does.Contain("IDuplexChannel"));
        }
    }

    [Test]
    public void Build_CredentialsOfAForeignManager_IsRefused()
    {
        var binding = new CustomBinding(new WsSecurityBindingElement(Policy), new TextMessageEncodingBindingElement(), new HttpTransportBindingElement());
        var refusal = Assert.Throws<InvalidOperationException>(() => binding.BuildChannelFactory<IRequestChannel>(new ForeignCredentials()));
        Assert.That(refusal!.Message, Does.Contain(nameof(ForeignCredentials)).And.Contain(nameof(ClientCredentials)));
    }

    [Test]
    public void CreateChannel_CredentialsLackWhatThePolicyNeeds_IsRefused()
    {
        using var proxyFactory = new ChannelFactoryScope<IEcho>(new BasicHttpBinding().WithMessageSecurity(Policy), "http://127.0.0.1:9/");
        var refusal = Assert.Throws<InvalidOperationException>(() => proxyFactory.Factory.CreateChannel());
        Assert.That(refusal!.Message, Does.Contain("ChannelFactory.Credentials"));
        Assert.That(refusal!.InnerException, Is.InstanceOf<ArgumentException>());
    }

    [Test]
    public async Task Credentials_OnTheElement_ComeBeforeClientCredentials()
    {
        var service = new SecuredService(Policy);
        await using var host = await HttpService.StartAsync(service);
        var own = new SecurityCredentials { Certificate = TestCertificates.Client, PeerCertificates = [TestCertificates.Public(TestCertificates.Service)] };
        using var proxy = Proxy.For(new BasicHttpBinding().WithMessageSecurity(Policy, own), host.Address, factory =>
        {
            factory.Credentials.ClientCertificate.Certificate = TestCertificates.Stranger;
            factory.Credentials.ServiceCertificate.DefaultCertificate = TestCertificates.Public(TestCertificates.Stranger);
        });

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
    }

    [Test]
    public async Task Behavior_WithCredentials_ComesBeforeTheElement()
    {
        await using var host = await HttpService.StartAsync(new SecuredService(Policy));
        var wrong = new SecurityCredentials { Certificate = TestCertificates.Stranger, PeerCertificates = [TestCertificates.Public(TestCertificates.Stranger)] };
        var right = new SecurityCredentials { Certificate = TestCertificates.Client, PeerCertificates = [TestCertificates.Public(TestCertificates.Service)] };
        using var proxy = Proxy.For(
            new BasicHttpBinding().WithMessageSecurity(Policy, wrong), host.Address, factory => factory.Endpoint.EndpointBehaviors.Add(new SecurityCredentialsBehavior(right)));

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
    }

    [Test]
    public void Behavior_OnAnEndpointWithoutMessageSecurity_IsRefused() => Assert.That(
        Assert.Throws<InvalidOperationException>(() => _ = Proxy.For(
            new BasicHttpBinding(), new Uri("http://127.0.0.1:9/"), factory => factory.Endpoint.EndpointBehaviors.Add(new SecurityCredentialsBehavior(new SecurityCredentials()))))!.Message,
        Does.Contain("would leave unprotected"));

    [Test]
    public void Behavior_NullCredentials_IsRefused() => Assert.Throws<ArgumentNullException>(() => _ = new SecurityCredentialsBehavior(null!));

    private static string Refusal(params BindingElement[] elements) => Refusal(new CustomBinding(elements));

    private static string Refusal(Binding binding) =>
        Assert.Throws<InvalidOperationException>(() => binding.BuildChannelFactory<IRequestChannel>(new ClientCredentials()))!.Message;

    private sealed class ForeignCredentials : SecurityCredentialsManager
    {
        public override System.IdentityModel.Selectors.SecurityTokenManager CreateSecurityTokenManager() => throw new NotSupportedException();
    }

    private sealed class ChannelFactoryScope<TContract>(Binding binding, string address) : IDisposable
    {
        public ChannelFactory<TContract> Factory { get; } = new(binding, new EndpointAddress(address));

        public void Dispose() => Factory.Abort();
    }
}
