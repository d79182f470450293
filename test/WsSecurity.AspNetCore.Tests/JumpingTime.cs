namespace WsSecurity.AspNetCore.Tests;

/// <summary>The system's clock, whose monotonic time can be put on.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _jumped;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _jumped);

    public void Jump(TimeSpan duration) => Interlocked.Add(ref _jumped, (long)(duration.TotalSeconds * TimestampFrequency));
}
