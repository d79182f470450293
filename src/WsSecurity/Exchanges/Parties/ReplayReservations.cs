using Microsoft.Extensions.Logging;

namespace WsSecurity.Exchanges.Parties;

/// <summary>What requests are remembered by in the replay cache: reserved when they are verified, completed or released when they were handled.</summary>
internal sealed class ReplayReservations(IReplayCache cache, ILogger log)
{
    /// <summary>Reserves keys in the replay cache, each until it expires, all or none.</summary>
    /// <exception cref="WsSecurityException">One is known, or the cache cannot tell.</exception>
    public async ValueTask ReserveAsync(IReadOnlyList<(string Key, DateTimeOffset Expires)> keys, CancellationToken cancellationToken)
    {
        var reserved = 0;
        try
        {
            for (; reserved < keys.Count; reserved++)
            {
                if (!await cache.TryReserveAsync(keys[reserved].Key, keys[reserved].Expires, cancellationToken).ConfigureAwait(false))
                {
                    throw new WsSecurityException(SecurityFailure.MessageReplayed, "The message, its nonce, or its assertion for one use was received before.");
                }
            }
        }
        catch (Exception exception)
        {
            // What was refused may come again once the cache answers; so nothing of it stays behind.
            await TryReleaseAsync(keys.Take(reserved).Select(key => key.Key)).ConfigureAwait(false);
            if (exception is WsSecurityException or OperationCanceledException)
            {
                throw;
            }

            throw new WsSecurityException(SecurityFailure.ReplayCacheUnavailable, "The replay cache does not answer, or is full.", exception);
        }
    }

    public async ValueTask CompleteAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        foreach (var key in exchange.ReplayKeys)
        {
            await cache.CompleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask ReleaseAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        foreach (var key in exchange.ReplayKeys)
        {
            await cache.ReleaseAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Releases keys after a refusal, as far as the cache answers.</summary>
    public async ValueTask TryReleaseAsync(IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            try
            {
                await cache.ReleaseAsync(key, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The refusal that led here says more; the key expires by itself.
                log.NotReleased(exception);
            }
        }
    }
}
