using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace WsSecurity.Tests.Replay;

/// <summary>The replay cache in memory: what is known stays known until it expires, and a full cache refuses.</summary>
public sealed class MemoryReplayCacheTests
{
    private readonly FakeTimeProvider _time = new(TestKeys.Now);

    private DateTimeOffset In10Minutes => _time.GetUtcNow().AddMinutes(10);

    [Test]
    public async Task TryReserve_KnownKey_ReturnsFalse()
    {
        var cache = new MemoryReplayCache(timeProvider: _time);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await cache.TryReserveAsync("a", In10Minutes, default), Is.True);
            Assert.That(await cache.TryReserveAsync("a", In10Minutes, default), Is.False);
            Assert.That(await cache.TryReserveAsync("b", In10Minutes, default), Is.True);
        }
    }

    [Test]
    public async Task TryReserve_ExpiredKey_ReturnsTrueOnce()
    {
        var cache = new MemoryReplayCache(timeProvider: _time);
        await cache.TryReserveAsync("a", In10Minutes, default);
        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.That(await cache.TryReserveAsync("a", In10Minutes, default), Is.False);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.That(await cache.TryReserveAsync("a", In10Minutes, default), Is.True);
        Assert.That(await cache.TryReserveAsync("a", In10Minutes, default), Is.False);
    }

    [Test]
    public async Task Release_ReservedKey_LetsItComeAgain()
    {
        var cache = new MemoryReplayCache(timeProvider: _time);
        await cache.TryReserveAsync("a", In10Minutes, default);
        await cache.ReleaseAsync("a", default);
        Assert.That(await cache.TryReserveAsync("a", In10Minutes, default), Is.True);
    }

    [Test]
    public async Task Release_CompletedKey_ChangesNothing()
    {
        var cache = new MemoryReplayCache(timeProvider: _time);
        await cache.TryReserveAsync("a", In10Minutes, default);
        await cache.CompleteAsync("a", default);
        await cache.ReleaseAsync("a", default);
        Assert.That(await cache.TryReserveAsync("a", In10Minutes, default), Is.False);
    }

    [Test]
    public void ReleaseAndComplete_UnknownKey_ChangeNothing()
    {
        var cache = new MemoryReplayCache(1, _time);
        Assert.That(async () => await cache.ReleaseAsync("a", default), Throws.Nothing);
        Assert.That(async () => await cache.CompleteAsync("a", default), Throws.Nothing);
        Assert.That(async () => await cache.TryReserveAsync("a", In10Minutes, default), Is.True);
    }

    [Test]
    public async Task TryReserve_FullCache_ThrowsAndForgetsNothing()
    {
        var cache = new MemoryReplayCache(2, _time);
        await cache.TryReserveAsync("a", In10Minutes, default);
        await cache.TryReserveAsync("b", In10Minutes, default);
        Assert.That(async () => await cache.TryReserveAsync("c", In10Minutes, default), Throws.InvalidOperationException);
        Assert.That(await cache.TryReserveAsync("a", In10Minutes, default), Is.False);
        await cache.ReleaseAsync("a", default);
        Assert.That(await cache.TryReserveAsync("c", In10Minutes, default), Is.True);
        Assert.That(async () => await cache.TryReserveAsync("d", In10Minutes, default), Throws.InvalidOperationException);
    }

    [Test]
    public async Task TryReserve_FullOfExpired_MakesRoom()
    {
        var cache = new MemoryReplayCache(2, _time);
        await cache.TryReserveAsync("a", In10Minutes, default);
        await cache.TryReserveAsync("b", In10Minutes, default);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(await cache.TryReserveAsync("c", In10Minutes, default), Is.True);
        Assert.That(await cache.TryReserveAsync("d", In10Minutes, default), Is.True);
        Assert.That(async () => await cache.TryReserveAsync("e", In10Minutes, default), Throws.InvalidOperationException);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Constructor_WithoutCapacity_Throws(int capacity) => Assert.That(() => new MemoryReplayCache(capacity), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task TryReserve_SameKeysFromManyThreads_EachIsNewOnce()
    {
        var cache = new MemoryReplayCache(timeProvider: _time);
        var accepted = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                if (await cache.TryReserveAsync($"key {i}", In10Minutes, default))
                {
                    Interlocked.Increment(ref accepted);
                }
            }
        })));
        Assert.That(accepted, Is.EqualTo(2000));
    }

    [Test]
    public async Task TryReserve_WhileOthersExpireAndSweep_KeepsItsCount()
    {
        const int Capacity = 200;
        var cache = new MemoryReplayCache(Capacity, _time);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 3000; i++)
            {
                try
                {
                    var key = $"{i % 300}";
                    if (await cache.TryReserveAsync(key, _time.GetUtcNow().AddSeconds(1), default) && i % 3 == 0)
                    {
                        await cache.ReleaseAsync(key, default);
                    }
                }
                catch (InvalidOperationException)
                {
                    // Full for the moment.
                }

                if (thread == 0 && i % 10 == 0)
                {
                    _time.Advance(TimeSpan.FromMilliseconds(700));
                }
            }
        })));

        // After all that, exactly the capacity fits: nothing was counted twice or lost.
        _time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < Capacity; i++)
        {
            Assert.That(await cache.TryReserveAsync($"new {i}", In10Minutes, default), Is.True);
        }

        Assert.That(async () => await cache.TryReserveAsync("one more", In10Minutes, default), Throws.InvalidOperationException);
    }
}
