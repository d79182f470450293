using System.Diagnostics;

namespace WsSecurity.Exchanges;

/// <summary>
/// Holds a refusal back until a point in time that does not tell how far decryption got: the next whole multiple of 50 ms since the
/// message came in. What remains is the difference between multiples, for messages that take long to decrypt.
/// </summary>
internal static class CommonDeadline
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static Task WaitAsync(long startedAt, CancellationToken cancellationToken)
    {
        var elapsed = Stopwatch.GetElapsedTime(startedAt);
        var steps = (elapsed.Ticks / Step.Ticks) + 1;
        return Task.Delay((Step * steps) - elapsed, cancellationToken);
    }
}
