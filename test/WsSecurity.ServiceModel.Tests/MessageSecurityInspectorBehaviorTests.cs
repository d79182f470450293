using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Security;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests;

internal sealed class MessageSecurityInspectorBehaviorTests
{
    private static readonly SecurityPolicy BodyOnly = Policies.Mutual with
    {
        ProtectionLevel = ProtectionLevel.Sign,
        SignedParts = new MessageParts { Body = true },
    };

    private static readonly SecurityPolicy Signed = Policies.Mutual with { ProtectionLevel = ProtectionLevel.Sign };

    [Test]
    public async Task Echo_PolicyThatSigns_RoundTrips([Values] bool isBinary, [Values] bool isAsync)
    {
        MessageEncodingBindingElement encoding = isBinary ? new BinaryMessageEncodingBindingElement() : new TextMessageEncodingBindingElement();
        var service = new SecuredService(BodyOnly);
        await using var host = await HttpService.StartAsync(service, isBinary ? WireFormat.Of(encoding) : WireFormat.Text);
        using var proxy = Proxy.For(new CustomBinding(encoding, new HttpTransportBindingElement()), host.Address, Install(BodyOnly));

        Assert.That(isAsync ? await proxy.Channel.EchoAsync("text") : proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Evidence.Single().Signatures.Single().Parts.Select(part => part.Path), Does.Contain("/Envelope/Body"));
    }

    [Test]
    public async Task Echo_WithoutAddressing_MaySignByDefault()
    {
        await using var host = await HttpService.StartAsync(new SecuredService(Signed));
        using var proxy = Proxy.For(new BasicHttpBinding(), host.Address, Install(Signed));

        using var scope = new OperationContextScope(proxy.ClientChannel);
        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(OperationContext.Current.IncomingMessageProperties.GetProtectionEvidence()!.Signatures, Is.Not.Empty);
    }

    [Test]
    public async Task Notify_OneWay_IsProtected()
    {
        var service = new SecuredService(Signed);
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(new BasicHttpBinding(), host.Address, Install(Signed));

        proxy.Channel.Notify("text");
        Assert.That(service.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fail_SecuredFault_IsTheTypedFault()
    {
        await using var host = await HttpService.StartAsync(new SecuredService(Signed));
        using var proxy = Proxy.For(new BasicHttpBinding(), host.Address, Install(Signed));

        Assert.That(Assert.Throws<FaultException<string>>(() => proxy.Channel.Fail("why"))!.Detail, Is.EqualTo("why"));
    }

    [Test]
    public async Task Echo_TamperedReply_IsRefused()
    {
        var service = new SecuredService(Signed)
        {
            Tamper = octets => System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(octets).Replace(">text<", ">tekst<", StringComparison.Ordinal)),
        };
        await using var host = await HttpService.StartAsync(service);
        using var proxy = Proxy.For(new BasicHttpBinding(), host.Address, Install(Signed));

        var refusal = Assert.Throws<MessageSecurityException>(() => proxy.Channel.Echo("text"));
        Assert.That(((WsSecurityException)refusal!.InnerException!).Failure, Is.EqualTo(SecurityFailure.DigestMismatch));
    }

    [Test]
    public async Task Echo_OwnCredentials_ComeBeforeClientCredentials([Values] bool byBehavior)
    {
        var own = new SecurityCredentials { Certificate = TestCertificates.Client, PeerCertificates = [TestCertificates.Public(TestCertificates.Service)] };
        await using var host = await HttpService.StartAsync(new SecuredService(Signed));
        using var proxy = Proxy.For(new BasicHttpBinding(), host.Address, factory =>
        {
            factory.Credentials.ClientCertificate.Certificate = TestCertificates.Stranger;
            factory.Credentials.ServiceCertificate.DefaultCertificate = null;
            factory.Endpoint.EndpointBehaviors.Add(new MessageSecurityInspectorBehavior(Signed) { Credentials = byBehavior ? null : own });
            if (byBehavior)
            {
                factory.Endpoint.EndpointBehaviors.Add(new SecurityCredentialsBehavior(own));
            }
        });

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
    }

    [Test]
    public void Build_PolicyThatEncrypts_NamesTheBindingElement()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Refusal(Policies.Mutual, new BasicHttpBinding()), Does.Contain("encrypts parts").And.Contain("use WsSecurityBindingElement"));
            Assert.That(Refusal(Signed with { EncryptedParts = new MessageParts { Headers = [new QualifiedName("urn:h", "h")] } }, new BasicHttpBinding()), Does.Contain("encrypts parts"));
            Assert.That(Refusal(Signed with { EncryptedParts = new ProtectedParts { Reply = new MessageParts { Body = true } } }, new BasicHttpBinding()), Does.Contain("encrypts parts"));
            Assert.That(Refusal<MessageProtectionAttributeTests.ISignedEcho>(Signed, new BasicHttpBinding()), Does.Contain("encrypts parts"));
        }
    }

    [Test]
    public void Build_PolicyThatSignsLateHeaders_NamesTheBindingElement()
    {
        var addressing = Envelopes.Addressing.NamespaceName;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Refusal(Signed, new WSHttpBinding(SecurityMode.None)), Does.Contain("signs To, MessageID or ReplyTo").And.Contain("use WsSecurityBindingElement"));
            foreach (var header in new[] { new QualifiedName(addressing), new QualifiedName(addressing, "To"), new QualifiedName(addressing, "MessageID") })
            {
                Assert.That(
                    Refusal(Signed with { SignedParts = new MessageParts { Body = true, Headers = [header] } }, new WSHttpBinding(SecurityMode.None)),
                    Does.Contain("signs To, MessageID or ReplyTo"));
            }
        }
    }

    [Test]
    public void Build_BindingElementBeside_IsRefused() =>
        Assert.That(Refusal(Signed, new BasicHttpBinding().WithMessageSecurity(Signed)), Does.Contain("remove the behavior"));

    [Test]
    public void Build_ContractWithCallbacks_NamesTheBindingElement()
    {
        var endpoint = new ServiceEndpoint(ContractDescription.GetContract(typeof(IEchoWithCallback)), new NetTcpBinding(SecurityMode.None), new EndpointAddress("net.tcp://127.0.0.1:9/"));
        IEndpointBehavior behavior = new MessageSecurityInspectorBehavior(BodyOnly);
        Assert.That(Assert.Throws<InvalidOperationException>(() => behavior.Validate(endpoint))!.Message, Does.Contain("callbacks"));
    }

    [Test]
    public void Build_NoBinding_IsRefused()
    {
        IEndpointBehavior behavior = new MessageSecurityInspectorBehavior(BodyOnly);
        Assert.That(
            Assert.Throws<InvalidOperationException>(() => behavior.Validate(new ServiceEndpoint(ContractDescription.GetContract(typeof(IEcho)))))!.Message,
            Does.Contain("has no binding yet"));
    }

    [Test]
    public void Constructor_NullPolicy_IsRefused() => Assert.Throws<ArgumentNullException>(() => _ = new MessageSecurityInspectorBehavior(null!));

    private static Action<ChannelFactory<IEcho>> Install(SecurityPolicy policy) => factory => factory.Endpoint.EndpointBehaviors.Add(new MessageSecurityInspectorBehavior(policy));

    private static string Refusal(SecurityPolicy policy, Binding binding) => Refusal<IEcho>(policy, binding);

    private static string Refusal<TContract>(SecurityPolicy policy, Binding binding)
        where TContract : class =>
        Assert.Throws<InvalidOperationException>(() => _ = new Proxy<TContract>(
            binding, new EndpointAddress("http://127.0.0.1:9/"), factory => factory.Endpoint.EndpointBehaviors.Add(new MessageSecurityInspectorBehavior(policy))))!.Message;
}
