using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.Xml;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests;

internal sealed class MessageSecurityExtensionsTests
{
    private static readonly SecurityPolicy Policy = Policies.Mutual;

    private static readonly Func<Binding>[] Bindings =
    [
        () => new BasicHttpBinding { TransferMode = TransferMode.Streamed, ReaderQuotas = { MaxDepth = 17 }, MaxReceivedMessageSize = 12345 },
        () => new BasicHttpsBinding { ReaderQuotas = new XmlDictionaryReaderQuotas { MaxDepth = 17 }, MaxReceivedMessageSize = 12345 },
        () => new WSHttpBinding(SecurityMode.None) { ReaderQuotas = new XmlDictionaryReaderQuotas { MaxDepth = 17 }, MaxReceivedMessageSize = 12345 },
        () => new NetHttpBinding { ReaderQuotas = { MaxDepth = 17 }, MaxReceivedMessageSize = 12345 },
        () => new NetTcpBinding(SecurityMode.None) { ReaderQuotas = new XmlDictionaryReaderQuotas { MaxDepth = 17 }, MaxReceivedMessageSize = 12345 },
        () => new CustomBinding(
            new TextMessageEncodingBindingElement { ReaderQuotas = new XmlDictionaryReaderQuotas { MaxDepth = 17 } },
            new HttpTransportBindingElement { MaxReceivedMessageSize = 12345 }),
    ];

    [TestCaseSource(nameof(Bindings))]
    public void WithMessageSecurity_AnyBinding_LosesNothing(Func<Binding> create)
    {
        var original = create();
        original.Name = "TheName";
        original.Namespace = "urn:the-namespace";
        original.SendTimeout = TimeSpan.FromSeconds(11);
        original.ReceiveTimeout = TimeSpan.FromSeconds(12);
        original.OpenTimeout = TimeSpan.FromSeconds(13);
        original.CloseTimeout = TimeSpan.FromSeconds(14);
        var credentials = new SecurityCredentials { UserName = "alice" };

        var secured = original.WithMessageSecurity(Policy, credentials);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(secured.Name, Is.EqualTo("TheName"));
            Assert.That(secured.Namespace, Is.EqualTo("urn:the-namespace"));
            Assert.That(secured.SendTimeout, Is.EqualTo(TimeSpan.FromSeconds(11)));
            Assert.That(secured.ReceiveTimeout, Is.EqualTo(TimeSpan.FromSeconds(12)));
            Assert.That(secured.OpenTimeout, Is.EqualTo(TimeSpan.FromSeconds(13)));
            Assert.That(secured.CloseTimeout, Is.EqualTo(TimeSpan.FromSeconds(14)));
            Assert.That(secured.Scheme, Is.EqualTo(original.Scheme));
            Assert.That(secured.MessageVersion, Is.EqualTo(original.MessageVersion));
            Assert.That(secured.GetProperty<XmlDictionaryReaderQuotas>([])!.MaxDepth, Is.EqualTo(original.GetProperty<XmlDictionaryReaderQuotas>([])!.MaxDepth));
            Assert.That(secured.Elements.Find<TransportBindingElement>().MaxReceivedMessageSize, Is.EqualTo(12345));
            Assert.That(secured.Elements.Select(element => element.GetType()).Except([typeof(WsSecurityBindingElement)]), Is.EqualTo(original.CreateBindingElements().Select(element => element.GetType())));
            Assert.That(secured.Elements[secured.Elements.IndexOf(secured.Elements.Find<WsSecurityBindingElement>()) + 1], Is.InstanceOf<MessageEncodingBindingElement>());
            Assert.That(secured.Elements.Find<WsSecurityBindingElement>().Policy, Is.SameAs(Policy));
            Assert.That(secured.Elements.Find<WsSecurityBindingElement>().Credentials, Is.SameAs(credentials));
            Assert.That(original.CreateBindingElements().Find<WsSecurityBindingElement>(), Is.Null);
        }
    }

    [Test]
    public void WithMessageSecurity_BasicHttpBinding_KeepsTheTransferMode() => Assert.That(
        new BasicHttpBinding { TransferMode = TransferMode.StreamedResponse }.WithMessageSecurity(Policy).Elements.Find<HttpTransportBindingElement>().TransferMode,
        Is.EqualTo(TransferMode.StreamedResponse));

    [Test]
    public void WithMessageSecurity_SecurityModeMessage_IsRefused()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => new WSHttpBinding(SecurityMode.Message) { Security = { Message = { ClientCredentialType = MessageCredentialType.UserName } } }.WithMessageSecurity(Policy));
        Assert.That(refusal!.Message, Does.Contain("set its security mode to None or Transport"));
    }

    [Test]
    public void WithMessageSecurity_NoEncoding_IsRefused() => Assert.That(
        Assert.Throws<InvalidOperationException>(() => new CustomBinding(new HttpTransportBindingElement()).WithMessageSecurity(Policy))!.Message,
        Does.Contain("add one, for example TextMessageEncodingBindingElement"));

    [Test]
    public void WithMessageSecurity_Nulls_AreRefused()
    {
        Assert.Throws<ArgumentNullException>(() => ((Binding)null!).WithMessageSecurity(Policy));
        Assert.Throws<ArgumentNullException>(() => new BasicHttpBinding().WithMessageSecurity(null!));
        Assert.Throws<ArgumentNullException>(() => ((ServiceEndpoint)null!).AddMessageSecurity(Policy));
    }

    [Test]
    public async Task AddMessageSecurity_Endpoint_IsSecured()
    {
        var service = new SecuredService(Policy);
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(Proxy.Patient(new BasicHttpBinding()), host.Address, factory => factory.Endpoint.AddMessageSecurity(Policy));

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void AddMessageSecurity_NoBinding_IsRefused() => Assert.That(
        Assert.Throws<InvalidOperationException>(() => new ServiceEndpoint(ContractDescription.GetContract(typeof(IEcho))).AddMessageSecurity(Policy))!.Message,
        Does.Contain("has no binding yet"));

    [Test]
    public void AddMessageSecurity_CallbackContractUnderSymmetricPolicy_IsRefused()
    {
        var endpoint = new ServiceEndpoint(ContractDescription.GetContract(typeof(IEchoWithCallback)), new NetTcpBinding(SecurityMode.None), new EndpointAddress("net.tcp://127.0.0.1:9/"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Assert.Throws<InvalidOperationException>(() => endpoint.AddMessageSecurity(SecurityPolicy.AnonymousForCertificate))!.Message,
                Does.Contain("has callbacks").And.Contain("MutualCertificateDuplex"));
            Assert.Throws<InvalidOperationException>(() => endpoint.AddMessageSecurity(SecurityPolicy.MutualCertificate));
            Assert.DoesNotThrow(() => endpoint.AddMessageSecurity(Policy));
        }
    }
}
