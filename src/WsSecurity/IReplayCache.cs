namespace WsSecurity;

/// <summary>
/// Remembers what was seen. A message is reserved before it is handed on, then completed, or released when it was not
/// processed, so that a redelivery after a crash is not taken for a replay. Safe to call from several threads.
/// </summary>
public interface IReplayCache
{
    /// <summary>Reserves a message.</summary>
    /// <param name="key">Names the message: 32 octets in hexadecimal.</param>
    /// <param name="expires">Until when it must be remembered.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>false when the key is known. An exception, or no room, refuses the message.</returns>
    ValueTask<bool> TryReserveAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken);

    /// <summary>The message was processed; it may never come again.</summary>
    /// <param name="key">The key that was reserved.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask CompleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>The message was not processed; it may come again.</summary>
    /// <param name="key">The key that was reserved.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask ReleaseAsync(string key, CancellationToken cancellationToken);
}
