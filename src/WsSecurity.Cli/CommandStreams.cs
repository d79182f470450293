namespace WsSecurity.Cli;

/// <summary>The streams of the process, so that tests can stand in for them.</summary>
internal sealed record CommandStreams
{
    /// <summary>Where <c>--in -</c> reads.</summary>
    public required Stream Input { get; init; }

    /// <summary>Where <c>--out -</c> writes; beside it, text goes to <see cref="Error"/>.</summary>
    public required Stream Output { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Out"/> shows colours.</summary>
    public bool Coloured { get; init; }
}
