namespace WsSecurity.Benchmarks;

/// <summary>Does the work of the replay cache and then forgets, so that one message can be verified again and again.</summary>
internal sealed class ForgetfulReplayCache : IReplayCache
{
    private readonly MemoryReplayCache _cache = new();

    public async ValueTask<bool> TryReserveAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var isNew = await _cache.TryReserveAsync(key, expires, cancellationToken).ConfigureAwait(false);
        await _cache.ReleaseAsync(key, cancellationToken).ConfigureAwait(false);
        return isNew;
    }

    public ValueTask CompleteAsync(string key, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ReleaseAsync(string key, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
