using System.Net.Sockets;
using Amqp;

namespace WsSecurity.Amqp.Channels;

/// <summary>Calls of a broker, made again while it cannot be reached.</summary>
internal static class BrokerCalls
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // What another attempt would not change.
    private static readonly HashSet<string> FinalConditions = new(StringComparer.Ordinal)
    {
        ErrorCode.NotFound, ErrorCode.UnauthorizedAccess, ErrorCode.NotAllowed, ErrorCode.NotImplemented, ErrorCode.InvalidField, ErrorCode.PreconditionFailed,
        ErrorCode.ResourceLocked, ErrorCode.MessageSizeExceeded,
    };

    /// <summary>Whether the broker said no, and would again.</summary>
    public static bool IsFinal(AmqpException exception) => FinalConditions.Contains(exception.Error?.Condition?.ToString() ?? string.Empty);

    /// <summary>Whether the connection broke, or was not to be had.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is AmqpException or SocketException or IOException or TimeoutException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Calls until it is done.</summary>
    /// <exception cref="OperationCanceledException">It was given up; the last failure is inside.</exception>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            Exception failure;
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (Exception exception) when (IsTransient(exception))
            {
                failure = exception;
            }

            try
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException given)
            {
                throw new OperationCanceledException($"The broker could not be reached: {failure.Message}", new AggregateException(given, failure), cancellationToken);
            }
        }
    }
}
