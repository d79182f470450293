using System.Xml;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Exchanges that wait for their second message, by the MessageID of the first. Those that wait too long are ended.</summary>
internal sealed class OpenExchanges<TExchange>(TimeProvider timeProvider) : IDisposable
    where TExchange : class, IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<UniqueId, (TExchange Exchange, DateTimeOffset Deadline)> _open = [];
    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;
    private bool _isDisposed;

    /// <summary>Adds an exchange.</summary>
    /// <param name="id">The MessageID.</param>
    /// <param name="exchange">The exchange.</param>
    /// <param name="timeout">How long it may wait.</param>
    /// <exception cref="InvalidOperationException">The MessageID is in use.</exception>
    /// <exception cref="ObjectDisposedException">The channel is closed.</exception>
    public void Add(UniqueId id, TExchange exchange, TimeSpan timeout)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                exchange.Dispose();
                throw new ObjectDisposedException(nameof(OpenExchanges<TExchange>));
            }

            var now = timeProvider.GetUtcNow();
            EndOverdue(now);
            var deadline = timeout >= DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + timeout;
            if (!_open.TryAdd(id, (exchange, deadline)))
            {
                exchange.Dispose();
                throw new InvalidOperationException($"The MessageID {id} is in use by another message of this channel that waits for its reply; let WCF choose MessageIDs.");
            }
        }
    }

    /// <summary>Takes an exchange out; it is the caller's to end.</summary>
    /// <param name="id">The MessageID.</param>
    /// <returns>The exchange; null where none is open.</returns>
    public TExchange? Take(UniqueId id)
    {
        lock (_lock)
        {
            return _open.Remove(id, out var entry) ? entry.Exchange : null;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var (exchange, _) in _open.Values)
            {
                exchange.Dispose();
            }

            _open.Clear();
        }
    }

    private void EndOverdue(DateTimeOffset now)
    {
        if (now < _nextSweep)
        {
            return;
        }

        _nextSweep = now + SweepInterval;
        foreach (var (id, (exchange, deadline)) in _open)
        {
            if (deadline < now)
            {
                _open.Remove(id);
                exchange.Dispose();
            }
        }
    }
}
