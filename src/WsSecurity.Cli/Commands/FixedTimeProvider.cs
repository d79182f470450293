namespace WsSecurity.Cli.Commands;

/// <summary>A clock that stands still: <c>--at</c>.</summary>
internal sealed class FixedTimeProvider(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
