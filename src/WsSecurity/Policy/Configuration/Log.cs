using Microsoft.Extensions.Logging;

namespace WsSecurity.Policy.Configuration;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The files of the binding {Binding} have changed, and were read again.")]
    public static partial void Reloaded(ILogger logger, string binding);

    [LoggerMessage(2, LogLevel.Error, "The files of the binding {Binding} have changed and cannot be used; what was read before stays in use. {Reason}")]
    public static partial void NotReloaded(ILogger logger, string binding, string reason);
}
