using System.Net;
using CoreWCF.Channels;
using CoreWCF.Configuration;

namespace WsSecurity.CoreWcf.Amqp;

/// <summary>
/// Brings messages of a queue of an AMQP 1.0 broker to a CoreWCF service, and its replies back to who asked, with the message properties of SOAP over Java
/// Message Service 1.0. An endpoint's address is <c>amqp://host:port/queue</c> (amqps with <see cref="UseTls"/>); the queue's name at the broker is the path
/// without its first slash. Hosts call <see cref="Microsoft.Extensions.DependencyInjection.AmqpServiceCollectionExtensions.AddAmqpQueues"/>.
/// </summary>
/// <remarks>
/// A message is acknowledged when its operation has ended and the broker has the reply. One whose operation throws comes again, unless somebody waits for its
/// reply, who gets a fault; a <see cref="CoreWCF.FaultException"/> says that another attempt would end alike. Refused messages are rejected, for the broker's dead-letter
/// queue. So a message comes at least once: <see cref="DeliveryKeyProperty"/> names it, so that its effect happens once.
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
        Concurrency = other.Concurrency;
        RetryDelay = other.RetryDelay;
        ReplyQueues = other.ReplyQueues;
        ReplyTimeout = other.ReplyTimeout;
    }

    /// <summary>Whether the broker is reached over TLS.</summary>
    /// <value>false.</value>
    public bool UseTls { get; init; }

    /// <summary>The name and password for the broker (SASL PLAIN), which have nothing to do with those in the messages.</summary>
    /// <value>null: anonymous.</value>
    public NetworkCredential? Credentials { get; init; }

    /// <summary>How many messages are at work at the same time, at most. The service's throttle and concurrency mode may allow fewer.</summary>
    /// <value>8.</value>
    public int Concurrency { get; init; } = 8;

    /// <summary>How long a message whose operation failed rests before it may come again.</summary>
    /// <value>One second.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How the names of queues begin that replies are sent to. Who asks says where the answer goes, and no signature covers it: without this, whoever may
    /// send messages can have replies put into any queue that this service may send to.
    /// </summary>
    /// <value>null: any.</value>
    public IReadOnlyList<string>? ReplyQueues { get; init; }

    /// <summary>How long a reply may wait to be taken by the broker; it is dropped then, for its reader has gone.</summary>
    /// <value>30 seconds.</value>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override string Scheme => UseTls ? "amqps" : "amqp";

    /// <inheritdoc/>
    public override BindingElement Clone() => new AmqpTransportBindingElement(this);

    /// <inheritdoc/>
    public override bool CanBuildServiceDispatcher<TChannel>(BindingContext context) => typeof(TChannel) == typeof(IReplyChannel);

    /// <inheritdoc/>
    public override IServiceDispatcher BuildServiceDispatcher<TChannel>(BindingContext context, IServiceDispatcher innerDispatcher) => innerDispatcher;
}
