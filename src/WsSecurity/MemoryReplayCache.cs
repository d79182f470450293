using System.Collections.Concurrent;

namespace WsSecurity;

/// <summary>A replay cache in this process's memory, for a single host. When it is full it refuses; it never forgets early.</summary>
public sealed class MemoryReplayCache : IReplayCache
{
    private readonly ConcurrentDictionary<string, Entry> _seen = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private readonly Lock _sweep = new();
    private int _count;
    private long _lastSweep;

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
        var entry = new Entry(expires.UtcTicks, IsCompleted: false);
        while (!_seen.TryAdd(key, entry))
        {
            if (_seen.TryGetValue(key, out var known))
            {
                if (known.Until > now)
                {
                    return ValueTask.FromResult(false);
                }

                if (_seen.TryUpdate(key, entry, known))
                {
                    return ValueTask.FromResult(true);
                }
            }
        }

        if (Interlocked.Increment(ref _count) > _capacity)
        {
            Remove(key, entry);
            throw new InvalidOperationException("The replay cache is full.");
        }

        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        while (_seen.TryGetValue(key, out var known) && !_seen.TryUpdate(key, known with { IsCompleted = true }, known))
        {
            // Somebody else changed it in between.
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_seen.TryGetValue(key, out var known) && !known.IsCompleted)
        {
            Remove(key, known);
        }

        return ValueTask.CompletedTask;
    }

    private void Remove(string key, Entry entry)
    {
        if (_seen.TryRemove(KeyValuePair.Create(key, entry)))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private void Sweep(long now)
    {
        // One caller sweeps at a time, once in ten seconds, or in one when there is no room: a full cache must not cost each caller a sweep.
        var interval = (Volatile.Read(ref _count) < _capacity ? 10 : 1) * TimeSpan.TicksPerSecond;
        if (now - Volatile.Read(ref _lastSweep) < interval || !_sweep.TryEnter())
        {
            return;
        }

        try
        {
            Volatile.Write(ref _lastSweep, now);
            foreach (var (key, entry) in _seen)
            {
                if (entry.Until <= now)
                {
                    Remove(key, entry);
                }
            }
        }
        finally
        {
            _sweep.Exit();
        }
    }

    private readonly record struct Entry(long Until, bool IsCompleted);
}
