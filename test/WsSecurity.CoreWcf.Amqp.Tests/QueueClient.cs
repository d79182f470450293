using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using WsSecurity.AspNetCore.Tests;
using WsSecurity.ServiceModel;

namespace WsSecurity.CoreWcf.Amqp.Tests;

/// <summary>A WCF client of a queue.</summary>
internal sealed class QueueClient<TContract> : IDisposable
{
    private readonly ChannelFactory<TContract> _factory;

    public QueueClient(Uri queue, SecurityPolicy policy, bool addressing = false, SecurityCredentials? credentials = null, TimeSpan? timeout = null)
    {
        var version = addressing ? MessageVersion.Soap12WSAddressing10 : MessageVersion.Soap11;
        var binding = new CustomBinding(
            new TextMessageEncodingBindingElement(version, Encoding.UTF8),
            new WsSecurity.Amqp.AmqpTransportBindingElement { Credentials = QueueTests.Guest, ReplyQueue = "replies.*" })
        {
            SendTimeout = timeout ?? TimeSpan.FromMinutes(1),
        };
        _factory = new ChannelFactory<TContract>(binding.WithMessageSecurity(policy, credentials ?? TestKeys.ClientCredentials), new EndpointAddress(queue));
        Channel = _factory.CreateChannel();
    }

    public TContract Channel { get; }

    public void Dispose() => _factory.Abort();
}
