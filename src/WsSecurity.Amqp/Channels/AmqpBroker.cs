using System.Net;
using Amqp;
using Amqp.Framing;

namespace WsSecurity.Amqp.Channels;

/// <summary>One connection to a broker, opened when it is needed and again when it broke.</summary>
internal sealed class AmqpBroker : IDisposable
{
    private readonly Address _address;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private Connection? _connection;
    private bool _isDisposed;

    public AmqpBroker(Uri via, NetworkCredential? credentials)
    {
        var isTls = via.Scheme == "amqps";
        var port = via.Port > 0 ? via.Port : isTls ? 5671 : 5672;
        _address = new Address(via.DnsSafeHost, port, credentials?.UserName, credentials?.Password, "/", isTls ? "AMQPS" : "AMQP");
    }

    /// <summary>The name of the queue at the broker that an address names.</summary>
    public static string NodeOf(Uri via) => Uri.UnescapeDataString(via.AbsolutePath[1..]);

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
                _connection = await factory.CreateAsync(_address).WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return new Session(_connection);
        }
        finally
        {
            _opening.Release();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _connection?.CloseAsync(TimeSpan.Zero, new Error(ErrorCode.ConnectionForced)).ContinueWith(
            static closing => closing.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _opening.Dispose();
    }
}
