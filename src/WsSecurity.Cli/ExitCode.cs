namespace WsSecurity.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Accepted = 0;

    public const int Refused = 1;

    /// <summary>A wrong command line, a file that is not there, or a configuration that cannot be used.</summary>
    public const int Usage = 2;
}
