using AmqpMessage = Amqp.Message;

namespace WsSecurity.Amqp.Channels;

/// <summary>A message that is encoded, with the id that it keeps however often it is sent.</summary>
internal sealed class OutgoingMessage(AmqpTransportBindingElement transport, Uri requestUri, string node, byte[] octets, string contentType, string? action)
{
    public string Id { get; } = $"ID:{Guid.NewGuid()}";

    /// <summary>The message as it is sent, new for each attempt.</summary>
    /// <param name="replyTo">Where the reply goes; null where none is expected.</param>
    public AmqpMessage Create(string? replyTo)
    {
        var sent = SoapJms.Create(octets, contentType);
        sent.Header.Durable = transport.IsDurable;
        if (transport.TimeToLive is { } timeToLive)
        {
            sent.Header.Ttl = (uint)Math.Min(timeToLive.TotalMilliseconds, uint.MaxValue);
        }

        sent.Properties.MessageId = Id;
        sent.Properties.To = node;
        if (replyTo is not null)
        {
            sent.Properties.ReplyTo = replyTo;
        }

        sent.ApplicationProperties[SoapJms.RequestUri] = requestUri.ToString();
        if (!string.IsNullOrEmpty(action))
        {
            sent.ApplicationProperties[SoapJms.SoapAction] = action;
        }

        return sent;
    }
}
