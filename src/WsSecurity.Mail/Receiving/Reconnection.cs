namespace WsSecurity.Mail.Receiving;

/// <summary>Runs a receiver again and again until the host stops, with growing pauses while it does not come up.</summary>
internal static class Reconnection
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Func<Action, Task> run, Action<Exception> onFailure, TimeProvider timeProvider, CancellationToken stoppingToken)
    {
        // Off the caller: the host starts its services one after the other.
        await Task.Yield();
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await run(() => pause = FirstPause).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it was, mails lie where they lay; a receiver that gave up would leave them there unnoticed.
                onFailure(failure);
            }

            await Task.Delay(pause, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }
    }
}
