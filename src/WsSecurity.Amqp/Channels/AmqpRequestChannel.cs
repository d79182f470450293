using System.ServiceModel;
using System.ServiceModel.Channels;
using AmqpMessage = Amqp.Message;

namespace WsSecurity.Amqp.Channels;

/// <summary>
/// Sends to a queue and waits for the reply, which comes by the factory's own queue and is known by its correlation id: the message's id (SOAP over
/// JMS 1.0, section 2.6). A call ends with its reply, with its timeout, or, where replies do not outlive the connection, with that.
/// </summary>
internal sealed class AmqpRequestChannel(ChannelManagerBase factory, AmqpChannelServices services, ReplyListener replies, EndpointAddress address, Uri via)
    : AmqpChannel(factory, services, address, via), IRequestChannel
{
    public Message? Request(Message message) => Request(message, DefaultSendTimeout);

    public Message? Request(Message message, TimeSpan timeout) => RequestAsync(message, timeout).GetAwaiter().GetResult();

    public IAsyncResult BeginRequest(Message message, AsyncCallback callback, object state) => BeginRequest(message, DefaultSendTimeout, callback, state);

    public IAsyncResult BeginRequest(Message message, TimeSpan timeout, AsyncCallback callback, object state) =>
        TaskToAsyncResult.Begin(RequestAsync(message, timeout), callback, state);

    public Message? EndRequest(IAsyncResult result) => TaskToAsyncResult.End<Message?>(result);

    private Task<Message?> RequestAsync(Message message, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(message);
        return WithinAsync(timeout, async cancellationToken =>
        {
            using (message)
            {
                var outgoing = Encode(message);
                var reply = replies.Expect(outgoing.Id);
                try
                {
                    return Decode(await AskAsync(outgoing, reply, cancellationToken).ConfigureAwait(false));
                }
                finally
                {
                    replies.Forget(outgoing.Id);
                }
            }
        });
    }

    private async Task<AmqpMessage> AskAsync(OutgoingMessage outgoing, Task<AmqpMessage> reply, CancellationToken cancellationToken)
    {
        var listening = await replies.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (!replies.OutlivesConnection)
        {
            await Queue.OpenAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await Queue.SendOnceAsync(() => outgoing.Create(listening.Address), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (BrokerCalls.IsTransient(exception))
            {
                throw Broken(exception);
            }

            await Task.WhenAny(reply, listening.Closed).WaitAsync(cancellationToken).ConfigureAwait(false);
            return reply.IsCompleted ? await reply.ConfigureAwait(false) : throw Broken(null);
        }

        await Queue.SendAsync(() => outgoing.Create(listening.Address), cancellationToken).ConfigureAwait(false);
        while (true)
        {
            await Task.WhenAny(reply, listening.Closed).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (reply.IsCompleted)
            {
                return await reply.ConfigureAwait(false);
            }

            listening = await replies.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private CommunicationException Broken(Exception? inner) =>
        new($"The connection to the broker broke while a reply of {Via} was waited for. Whether the request was handled is not known.", inner);

    // An empty message says that the request was handled and has no reply.
    private Message? Decode(AmqpMessage reply)
    {
        if (SoapJms.OctetsOf(reply) is not { } octets || SoapJms.Get(reply, SoapJms.ContentEncoding) is not null)
        {
            throw new ProtocolException($"A reply of {Via} has no octets for a body, or is compressed.");
        }

        if (octets.Length == 0)
        {
            return null;
        }

        var limit = Services.Transport.MaxReceivedMessageSize;
        if (octets.Length > limit)
        {
            var reason = $"A reply of {Via} has more octets than MaxReceivedMessageSize allows ({limit}).";
            throw new CommunicationException(reason, new QuotaExceededException(reason));
        }

        var contentType = SoapJms.ContentTypeOf(reply) ?? Services.Encoder.ContentType;
        if (!Services.Encoder.IsContentTypeSupported(contentType))
        {
            throw new ProtocolException($"A reply of {Via} has the content type '{contentType}', and the binding expects {Services.Encoder.ContentType}.");
        }

        var buffer = Services.BufferManager.TakeBuffer(octets.Length);
        octets.CopyTo(buffer, 0);
        return Services.Encoder.ReadMessage(new ArraySegment<byte>(buffer, 0, octets.Length), Services.BufferManager, contentType);
    }
}
