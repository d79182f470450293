using System.Net;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using WsSecurity.Amqp;
using WsSecurity.ServiceModel;

namespace WsSecurity.Interop.Wss4j.Proton;

/// <summary>A WCF client of a queue that sends envelopes as they are.</summary>
internal sealed class QueueClient : IDisposable
{
    private readonly IChannelFactory<IRequestChannel> _factory;
    private readonly IRequestChannel _channel;
    private readonly MessageVersion _version;

    public QueueClient(Uri queue, Binding binding, string version, NetworkCredential? credentials, string? replyQueue)
    {
        _version = MessageVersion.CreateVersion(version == "soap12" ? EnvelopeVersion.Soap12 : EnvelopeVersion.Soap11, AddressingVersion.None);
        _factory = new CustomBinding(new TextMessageEncodingBindingElement(_version, Encoding.UTF8), new AmqpTransportBindingElement { Credentials = credentials, ReplyQueue = replyQueue })
            .WithMessageSecurity(binding.Policy, binding.Client)
            .BuildChannelFactory<IRequestChannel>(new BindingParameterCollection());
        _factory.Open();
        _channel = _factory.CreateChannel(new EndpointAddress(queue));
        _channel.Open();
    }

    /// <summary>Sends the envelope and gives the reply's.</summary>
    public async Task<byte[]> CallAsync(byte[] envelope)
    {
        using var reader = XmlReader.Create(new MemoryStream(envelope));
        using var message = Message.CreateMessage(reader, int.MaxValue, _version);
        message.Headers.Action = "urn:wssecurity:interop/Echo";
        using var reply = await Task.Factory.FromAsync(_channel.BeginRequest, _channel.EndRequest, message, null);
        var document = new XDocument();
        using (var writer = document.CreateWriter())
        {
            reply.WriteMessage(writer);
        }

        return Messages.Write(document.Root!);
    }

    public void Dispose() => _factory.Abort();
}
