using System.Net.Mime;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using WsSecurity.Messaging;

namespace WsSecurity.Amqp;

/// <summary>
/// The properties of a message that carries SOAP (SOAP over Java Message Service 1.0, section 2.2), where the JMS mapping of AMQP 1.0 has them: in
/// the application properties.
/// </summary>
internal static class SoapJms
{
    public const string BindingVersion = "SOAPJMS_bindingVersion";
    public const string ContentTypeProperty = "SOAPJMS_contentType";
    public const string ContentEncoding = "SOAPJMS_contentEncoding";
    public const string SoapAction = "SOAPJMS_soapAction";
    public const string RequestUri = "SOAPJMS_requestURI";
    public const string IsFault = "SOAPJMS_isFault";

    // AMQP JMS Mapping 1.0, section 3.2: a BytesMessage.
    private static readonly Symbol MessageType = "x-opt-jms-msg-type";
    private const sbyte BytesMessage = 3;

    /// <summary>A message with a SOAP envelope, as JMS reads it.</summary>
    public static Message Create(ReadOnlyMemory<byte> envelope, string contentType)
    {
        var message = new Message
        {
            BodySection = new Data { Binary = envelope.ToArray() },
            Header = new Header { Durable = true },
            Properties = new Properties { ContentType = contentType },
            MessageAnnotations = new MessageAnnotations(),
            ApplicationProperties = new ApplicationProperties(),
        };
        message.MessageAnnotations[MessageType] = BytesMessage;
        message.ApplicationProperties[BindingVersion] = "1.0";
        message.ApplicationProperties[ContentTypeProperty] = contentType;
        return message;
    }

    /// <summary>The answer to a request (SOAP over JMS 1.0, section 2.6): its delivery mode, priority and time to live, and its message id for a correlation id.</summary>
    public static Message CreateReply(Message request, DeliveryReply reply)
    {
        var message = Create(reply.Envelope, reply.SoapVersion == SoapVersion.Soap12 ? "application/soap+xml; charset=utf-8" : "text/xml; charset=utf-8");
        message.Header.Durable = request.Header?.Durable ?? false;
        if (request.Header is { } header)
        {
            message.Header.Priority = header.Priority;
            if (header.Ttl > 0)
            {
                message.Header.Ttl = header.Ttl;
            }
        }

        message.Properties.MessageId = $"ID:{Guid.NewGuid()}";
        message.Properties.To = request.Properties.ReplyTo;
        if ((request.Properties.GetMessageId() ?? request.Properties.GetCorrelationId()) is { } correlation)
        {
            // In the type that the asker chose.
            message.Properties.SetCorrelationId(correlation);
        }

        if (Get(request, RequestUri) is { } uri)
        {
            message.ApplicationProperties[RequestUri] = uri;
        }

        if (reply.IsFault)
        {
            message.ApplicationProperties[IsFault] = true;
        }

        return message;
    }

    public static string? Get(Message message, string property) => message.ApplicationProperties?[property]?.ToString();

    /// <summary>The media type: SOAP over JMS's, or the AMQP property.</summary>
    public static string? ContentTypeOf(Message message) => Get(message, ContentTypeProperty) ?? message.Properties?.ContentType?.ToString();

    public static string? CharsetOf(string? contentType)
    {
        try
        {
            return contentType is null ? null : new ContentType(contentType).CharSet;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The octets of a BytesMessage, or of a TextMessage, which says nothing of its encoding.</summary>
    /// <returns>null where the body is neither.</returns>
    public static byte[]? OctetsOf(Message message) => message.BodySection switch
    {
        Data { Binary: { } binary } => binary,
        Data { Buffer: { } buffer } => buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray(),
        AmqpValue { Value: byte[] binary } => binary,
        AmqpValue { Value: string text } => System.Text.Encoding.UTF8.GetBytes(text),
        _ => null,
    };
}
