using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.Xml;
using System.Xml.Linq;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.CoreWcf.Tests.Refusals;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using Client = System.ServiceModel;

namespace WsSecurity.CoreWcf.Tests.Transports;

/// <summary>How a session may end while an operation runs.</summary>
internal sealed class SessionEndTests
{
    [Test]
    public async Task Abort_WhileAnOperationRuns_LeavesTheHostServing()
    {
        using var service = new GatedService();
        await using var host = await StartAsync(service);
        using var factory = new Channels();
        var channel = factory.Open(host.TcpAddress);

        channel.Send(Request(host.TcpAddress));
        await service.Entered;
        channel.Abort();
        service.Open();

        using var proxy = Proxy.For(ClientBinding(), host.TcpAddress);
        Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
    }

    private static Task<CoreWcfHost> StartAsync(EchoService service) => CoreWcfHost.StartTcpAsync(
        service, new CoreWCF.NetTcpBinding(CoreWCF.SecurityMode.None).WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials));

    private static CustomBinding ClientBinding() => Proxy.Patient(new Client.NetTcpBinding(Client.SecurityMode.None)).WithMessageSecurity(Policies.Mutual);

    private static Message Request(Uri address)
    {
        var body = new XElement(Envelopes.Contract + "Echo", new XElement(Envelopes.Contract + "text", "falsify"));
        var request = Message.CreateMessage(MessageVersion.Soap12WSAddressing10, BadMessages.Action, body.CreateReader());
        request.Headers.MessageId = new UniqueId();
        request.Headers.ReplyTo = new Client.EndpointAddress(Client.EndpointAddress.AnonymousUri);
        request.Headers.To = address;
        return request;
    }

    private sealed class Channels : IDisposable
    {
        private readonly IChannelFactory<IDuplexSessionChannel> _factory;

        public Channels()
        {
            var credentials = new ClientCredentials();
            credentials.ClientCertificate.Certificate = TestCertificates.Client;
            credentials.ServiceCertificate.DefaultCertificate = TestCertificates.Public(TestCertificates.Service);
            _factory = ClientBinding().BuildChannelFactory<IDuplexSessionChannel>(credentials);
            _factory.Open();
        }

        public IDuplexSessionChannel Open(Uri address)
        {
            var channel = _factory.CreateChannel(new Client.EndpointAddress(address));
            channel.Open();
            return channel;
        }

        public void Dispose() => _factory.Abort();
    }

    /// <summary>Answers when it may.</summary>
    [CoreWCF.ServiceBehavior(InstanceContextMode = CoreWCF.InstanceContextMode.Single, ConcurrencyMode = CoreWCF.ConcurrencyMode.Multiple)]
    private sealed class GatedService : EchoService, IEchoService, IDisposable
    {
        private readonly ManualResetEventSlim _gate = new();
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public void Open() => _gate.Set();

        public void Dispose() => _gate.Dispose();

        string IEchoService.Echo(string text)
        {
            _entered.TrySetResult();
            _gate.Wait(TimeSpan.FromSeconds(30));
            return Note(text);
        }
    }
}
