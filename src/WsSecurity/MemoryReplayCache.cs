using System.Collections.Concurrent;

namespace WsSecurity;

/// <summary>A replay cache in this process's memory, for a single host. When it is full it refuses; it never forgets early.</summary>
public sealed class MemoryReplayCache : IReplayCache
{
    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private readonly Lock _sweep = new();
    private int _count;
    private long _nextSweep;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="capacity">How many messages it holds at most; 1,000,000 by default (about 150 MB).</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
    public MemoryReplayCache(int capacity = 1_000_000, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The cache is full of messages that have not expired.</exception>
    public ValueTask<bool> TryReserveAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var now = _time.GetUtcNow().UtcTicks;
        Sweep(now);
        while (!_seen.TryAdd(key, expires.UtcTicks))
        {
            if (!_seen.TryGetValue(key, out var until) || until > now)
            {
                return ValueTask.FromResult(false);
            }

            if (_seen.TryUpdate(key, expires.UtcTicks, until))
            {
                return ValueTask.FromResult(true);
            }
        }

        if (Interlocked.Increment(ref _count) > _capacity)
        {
            Remove(key);
            throw new InvalidOperationException("The replay cache is full.");
        }

        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(string key, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(string key, CancellationToken cancellationToken)
    {
        Remove(key);
        return ValueTask.CompletedTask;
    }

    private void Remove(string key)
    {
        if (_seen.TryRemove(key, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private void Sweep(long now)
    {
        // One caller sweeps at a time, once in ten seconds or when there is no room; the others go on.
        if ((now < Volatile.Read(ref _nextSweep) && Volatile.Read(ref _count) < _capacity) || !_sweep.TryEnter())
        {
            return;
        }

        try
        {
            Volatile.Write(ref _nextSweep, now + (10 * TimeSpan.TicksPerSecond));
            foreach (var (key, until) in _seen)
            {
                if (until <= now && _seen.TryRemove(KeyValuePair.Create(key, until)))
                {
                    Interlocked.Decrement(ref _count);
                }
            }
        }
        finally
        {
            _sweep.Exit();
        }
    }
}
