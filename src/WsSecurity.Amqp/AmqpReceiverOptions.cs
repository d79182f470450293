using System.Net;

namespace WsSecurity.Amqp;

/// <summary>Where messages come from, and what they must prove.</summary>
public sealed record AmqpReceiverOptions
{
    /// <summary>The queue: <c>amqp://host:port/queue</c>, or amqps.</summary>
    public required Uri Address { get; init; }

    /// <summary>The name and password for the broker (SASL PLAIN).</summary>
    /// <value>null: anonymous.</value>
    public NetworkCredential? BrokerCredentials { get; init; }

    /// <summary>What messages must prove.</summary>
    public required SecurityPolicy Policy { get; init; }

    /// <summary>Our keys, and whom we trust.</summary>
    public required SecurityCredentials Credentials { get; init; }

    /// <summary>This endpoint's address as senders know it; a signed To that names another one is refused.</summary>
    /// <value>null: not checked.</value>
    public Uri? EndpointAddress { get; init; }

    /// <summary>The header blocks that the handler understands, where it does not look at <c>mustUnderstand</c> itself; a message with another mandatory header is refused.</summary>
    /// <value>null: the handler looks itself.</value>
    public IReadOnlyList<QualifiedName>? UnderstoodHeaders { get; init; }

    /// <summary>How many messages are handled at the same time, at most.</summary>
    /// <value>8.</value>
    public int Concurrency { get; init; } = 8;

    /// <summary>How long a message whose handler failed rests before it may come again.</summary>
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
}
