using System.Net;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace WsSecurity.Amqp.Channels;

/// <summary>One connection to a broker, opened when it is needed and again when it broke.</summary>
internal sealed class AmqpBroker : IDisposable
{
    // AMQP 1.0 Messaging, section 3.5.5.
    private const uint UnsettledState = 2;

    private readonly Address _address;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private Connection? _connection;
    private volatile bool _isRabbitMqBefore4;
    private bool _isDisposed;

    public AmqpBroker(Uri via, NetworkCredential? credentials)
    {
        var isTls = via.Scheme == "amqps";
        var port = via.Port > 0 ? via.Port : isTls ? 5671 : 5672;
        _address = new Address(via.DnsSafeHost, port, credentials?.UserName, credentials?.Password, "/", isTls ? "AMQPS" : "AMQP");
    }

    /// <summary>Whether the broker takes the outcome <c>modified</c>. RabbitMQ before 4 ends the session for it.</summary>
    public bool KnowsModified => !_isRabbitMqBefore4;

    /// <summary>The durability of queues as links name it. RabbitMQ before 4 declares the queue of a link by it; elsewhere queues are none of the link's business.</summary>
    public uint QueueDurability => _isRabbitMqBefore4 ? UnsettledState : 0;

    /// <summary>Whether the connection stands.</summary>
    public bool IsConnected => _connection is { IsClosed: false };

    /// <summary>The name of the queue at the broker that an address names.</summary>
    public static string NodeOf(Uri via) => Uri.UnescapeDataString(via.AbsolutePath[1..]);

    /// <summary>The address of a queue that is there. RabbitMQ before 4 would declare a queue that is named alone, and refuse where it was declared otherwise.</summary>
    public string ExistingQueue(string node) => _isRabbitMqBefore4 && !node.Contains('/', StringComparison.Ordinal) ? $"/amq/queue/{node}" : node;

    /// <summary>Opens a session.</summary>
    /// <exception cref="Exception">The broker cannot be reached, or does not want us.</exception>
    public async Task<Session> OpenSessionAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connection is not { IsClosed: false })
            {
                var factory = new ConnectionFactory();
                factory.AMQP.IdleTimeout = 30_000;
                _connection = await factory.CreateAsync(_address, null, OnOpened).WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return new Session(_connection);
        }
        finally
        {
            _opening.Release();
        }
    }

    // Runs before the connection is handed out.
    private void OnOpened(IConnection connection, Open open)
    {
        var version = open.Properties?[new Symbol("version")]?.ToString();
        _isRabbitMqBefore4 = open.Properties?[new Symbol("product")]?.ToString() == "RabbitMQ" && Version.TryParse(version, out var known) && known.Major < 4;
    }

    public void Dispose()
    {
        _isDisposed = true;
        _connection?.CloseAsync(TimeSpan.Zero, new Error(ErrorCode.ConnectionForced)).ContinueWith(
            static closing => closing.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _opening.Dispose();
    }
}
