using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.Amqp.Channels;

/// <summary>Sends to a queue; a call ends when the broker has the message.</summary>
internal sealed class AmqpOutputChannel(ChannelManagerBase factory, AmqpChannelServices services, EndpointAddress address, Uri via)
    : AmqpChannel(factory, services, address, via), IOutputChannel
{
    public void Send(Message message) => Send(message, DefaultSendTimeout);

    public void Send(Message message, TimeSpan timeout) => SendAsync(message, timeout).GetAwaiter().GetResult();

    public IAsyncResult BeginSend(Message message, AsyncCallback callback, object state) => BeginSend(message, DefaultSendTimeout, callback, state);

    public IAsyncResult BeginSend(Message message, TimeSpan timeout, AsyncCallback callback, object state) =>
        TaskToAsyncResult.Begin(SendAsync(message, timeout), callback, state);

    public void EndSend(IAsyncResult result) => TaskToAsyncResult.End(result);

    private Task<bool> SendAsync(Message message, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(message);
        return WithinAsync(timeout, async cancellationToken =>
        {
            using (message)
            {
                var outgoing = Encode(message);
                await Queue.SendAsync(() => outgoing.Create(replyTo: null), cancellationToken).ConfigureAwait(false);
                return true;
            }
        });
    }
}
