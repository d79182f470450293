using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests;

internal sealed class MessageProtectionAttributeTests
{
    [ServiceContract(Namespace = Envelopes.Service, Name = "IEcho")]
    [MessageProtection(ProtectionLevel.Sign)]
    public interface ISignedEcho
    {
        [OperationContract]
        string Echo(string text);

        [OperationContract]
        [MessageProtection(ProtectionLevel.EncryptAndSign)]
        string Subscribe(string topic);
    }

    [ServiceContract(Namespace = Envelopes.Service, Name = "IEcho")]
    public interface IPartlySignedEcho
    {
        [OperationContract]
        [MessageProtection(ProtectionLevel.Sign)]
        string Echo(string text);

        [OperationContract]
        string Subscribe(string topic);
    }

    [ServiceContract(Namespace = Envelopes.Service, Name = "IEcho", CallbackContract = typeof(IEchoCallback))]
    [MessageProtection(ProtectionLevel.Sign)]
    public interface ISignedEchoWithCallback
    {
        [OperationContract]
        string Echo(string text);
    }

    [Test]
    public async Task Level_OfTheOperation_ComesBeforeTheContracts()
    {
        var service = Service();
        await using var host = await HttpService.StartAsync(service);
        using var proxy = new Proxy<ISignedEcho>(Binding(), new EndpointAddress(host.Address));

        Assert.That(proxy.Channel.Echo("in the clear"), Is.EqualTo("in the clear"));
        Assert.That(proxy.Channel.Subscribe("hidden"), Is.EqualTo("hidden"));
        AssertFirstIsClearAndSecondIsNot(service);
    }

    [Test]
    public async Task Level_OfTheOperation_ComesBeforeThePolicys()
    {
        var service = Service();
        await using var host = await HttpService.StartAsync(service);
        using var proxy = new Proxy<IPartlySignedEcho>(Binding(), new EndpointAddress(host.Address));

        Assert.That(proxy.Channel.Echo("in the clear"), Is.EqualTo("in the clear"));
        Assert.That(proxy.Channel.Subscribe("hidden"), Is.EqualTo("hidden"));
        AssertFirstIsClearAndSecondIsNot(service);
    }

    [Test]
    public async Task Level_ServiceStatesALowerOne_ReplyIsRefused()
    {
        var service = Service();
        service.LevelOf = _ => null;
        await using var host = await HttpService.StartAsync(service);
        using var proxy = new Proxy<ISignedEcho>(Binding(), new EndpointAddress(host.Address));

        Assert.Throws<MessageSecurityException>(() => proxy.Channel.Echo("text"));
        Assert.That(service.Refusals.Single().Failure, Is.EqualTo(SecurityFailure.EncryptedPartMissing));
    }

    [Test]
    public void Build_EndpointWithoutMessageSecurity_IsRefused() => Assert.That(
        Assert.Throws<InvalidOperationException>(() => _ = new Proxy<ISignedEcho>(new BasicHttpBinding(), new EndpointAddress("http://127.0.0.1:9/")))!.Message,
        Does.Contain("would leave unprotected"));

    [Test]
    public void Build_CallbacksUnderASymmetricPolicy_IsRefused()
    {
        var binding = new NetTcpBinding(SecurityMode.None).WithMessageSecurity(Policies.Anonymous);
        var refusal = Assert.Throws<InvalidOperationException>(() => _ = new Proxy<ISignedEchoWithCallback>(binding, new EndpointAddress("net.tcp://127.0.0.1:9/"), callback: new CallbackSink()));
        Assert.That(refusal!.Message, Does.Contain("has callbacks"));
    }

    private static SecuredService Service() => new(Policies.Mutual)
    {
        LevelOf = action => action!.EndsWith("/Echo", StringComparison.Ordinal) ? ProtectionLevel.Sign : null,
    };

    private static CustomBinding Binding() => Proxy.Patient(new BasicHttpBinding()).WithMessageSecurity(Policies.Mutual);

    private static void AssertFirstIsClearAndSecondIsNot(SecuredService service)
    {
        var wire = service.Wire.Select(System.Text.Encoding.UTF8.GetString).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(wire[0], Does.Contain("in the clear"));
            Assert.That(wire[1], Does.Not.Contain("hidden"));
            Assert.That(service.Evidence.Select(evidence => evidence.Signatures.Count), Is.All.EqualTo(1));
        }
    }
}
