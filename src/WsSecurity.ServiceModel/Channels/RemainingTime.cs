using System.Diagnostics;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>What is left of a timeout that covers several steps.</summary>
internal readonly struct RemainingTime(TimeSpan timeout)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>The time that is left, never negative.</summary>
    public TimeSpan Left
    {
        get
        {
            // WCF's "never" is MaxValue.
            if (timeout == TimeSpan.MaxValue)
            {
                return timeout;
            }

            var left = timeout - Stopwatch.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The time that is left, as timers take it: at most some 24 days, else endless.</summary>
    public TimeSpan LeftForTimers => Left is var left && left.TotalMilliseconds < int.MaxValue ? left : Timeout.InfiniteTimeSpan;
}
