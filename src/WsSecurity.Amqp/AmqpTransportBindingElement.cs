using System.Net;
using System.ServiceModel.Channels;
using WsSecurity.Amqp.Channels;

namespace WsSecurity.Amqp;

/// <summary>
/// Carries SOAP messages of a WCF client over queues of an AMQP 1.0 broker, with the message properties of SOAP over Java Message Service 1.0. The
/// endpoint's address is <c>amqp://host:port/queue</c> (amqps with <see cref="UseTls"/>); the queue's name at the broker is the path without its first slash.
/// </summary>
/// <remarks>
/// A call of a contract whose operations are all one-way returns when the broker has taken the message. Where the connection breaks before that, the same
/// octets are sent again until the send timeout ends: delivery is at least once, and receivers drop what they have seen. In a contract that has replies
/// every call waits for its reply, which for a one-way operation is an empty message; <see cref="ReplyQueue"/> says by which way.
/// </remarks>
public sealed class AmqpTransportBindingElement : TransportBindingElement
{
    /// <summary>Creates the element.</summary>
    public AmqpTransportBindingElement()
    {
    }

    private AmqpTransportBindingElement(AmqpTransportBindingElement other)
        : base(other)
    {
        UseTls = other.UseTls;
        Credentials = other.Credentials;
        IsDurable = other.IsDurable;
        TimeToLive = other.TimeToLive;
        ReplyQueue = other.ReplyQueue;
        ReplyQueues = other.ReplyQueues;
    }

    /// <summary>Whether the broker is reached over TLS.</summary>
    /// <value>false.</value>
    public bool UseTls { get; init; }

    /// <summary>The name and password for the broker (SASL PLAIN), which have nothing to do with those in the messages.</summary>
    /// <value>null: anonymous.</value>
    public NetworkCredential? Credentials { get; init; }

    /// <summary>Whether the broker keeps messages through a restart.</summary>
    /// <value>true.</value>
    public bool IsDurable { get; init; } = true;

    /// <summary>After which time the broker drops a message that nobody took. The policy's Timestamp must live as long.</summary>
    /// <value>null: never.</value>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// The queue that replies come by, which must be of one channel factory alone, since its replies are for nobody else; with an asterisk at its end a
    /// new queue for each factory, whose name begins so. Such queues outlive the connection: a call goes on waiting when the broker was away. Brokers
    /// that make queues for whoever asks keep them afterwards, until their own rules expire them.
    /// </summary>
    /// <value>null: the broker makes a queue for each factory, which goes with the connection (a dynamic source), and so do the calls that wait. RabbitMQ makes none before 4.</value>
    public string? ReplyQueue { get; init; }

    /// <inheritdoc/>
    public override string Scheme => UseTls ? "amqps" : "amqp";

    /// <summary>Shared by this element and its clones.</summary>
    internal ReplyQueueNames ReplyQueues { get; } = new();

    /// <inheritdoc/>
    public override BindingElement Clone() => new AmqpTransportBindingElement(this);

    /// <inheritdoc/>
    public override bool CanBuildChannelFactory<TChannel>(BindingContext context) =>
        typeof(TChannel) == typeof(IOutputChannel) || typeof(TChannel) == typeof(IRequestChannel);

    /// <inheritdoc/>
    public override IChannelFactory<TChannel> BuildChannelFactory<TChannel>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!CanBuildChannelFactory<TChannel>(context))
        {
            throw new InvalidOperationException($"A queue has no channels of the shape {typeof(TChannel).Name}; it has those of one-way operations, and of requests and replies.");
        }

        var encoding = context.BindingParameters.Find<MessageEncodingBindingElement>() ?? new TextMessageEncodingBindingElement();
        return new AmqpChannelFactory<TChannel>(context.Binding, this, encoding.CreateMessageEncoderFactory().Encoder);
    }

    /// <inheritdoc/>
    public override T GetProperty<T>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (typeof(T) == typeof(ISecurityCapabilities))
        {
            return (T)(object)new AmqpSecurityCapabilities(UseTls);
        }

        return base.GetProperty<T>(context);
    }
}
