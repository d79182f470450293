using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using Client = System.ServiceModel;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>The protection levels that the contracts of both ends state.</summary>
internal sealed class MessageProtectionAttributeTests
{
    [Test]
    public async Task Echo_ContractThatSigns_IsSignedAndNotEncrypted()
    {
        var service = new SignedEchoService();
        await using var host = await CoreWcfHost.StartHttpAsync<SignedEchoService, ISignedEchoService>(
            service, Wire.Soap12Addressing.ServiceHttp().WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials));
        using var proxy = new Proxy<ISignedEcho>(Wire.Soap12Addressing.ClientHttp().WithMessageSecurity(Policies.Mutual), new Client.EndpointAddress(host.HttpAddress));

        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
        Assert.That(service.Evidence!.Signatures, Has.Count.EqualTo(1));
        Assert.That(service.Evidence.EncryptedParts, Is.Empty);
    }

    [CoreWCF.ServiceContract(Namespace = Envelopes.Service, Name = "IEcho")]
    [MessageProtection(ProtectionLevel.Sign)]
    public interface ISignedEchoService
    {
        [CoreWCF.OperationContract]
        string Echo(string text);
    }

    [Client.ServiceContract(Namespace = Envelopes.Service, Name = "IEcho")]
    [WsSecurity.ServiceModel.MessageProtection(ProtectionLevel.Sign)]
    public interface ISignedEcho
    {
        [Client.OperationContract]
        string Echo(string text);
    }

    [CoreWCF.ServiceBehavior(InstanceContextMode = CoreWCF.InstanceContextMode.Single)]
    private sealed class SignedEchoService : ISignedEchoService
    {
        public ProtectionEvidence? Evidence { get; private set; }

        public string Echo(string text)
        {
            Evidence = CoreWCF.OperationContext.Current.IncomingMessageProperties.GetProtectionEvidence();
            return text;
        }
    }
}
