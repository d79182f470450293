using Microsoft.Extensions.Logging;

namespace WsSecurity.Exchanges;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Refused a message: {Failure}. {Reason}")]
    public static partial void Refused(this ILogger logger, SecurityFailure failure, string reason, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The algorithm suite {Suite} is weak: {Weaknesses}")]
    public static partial void WeakSuite(this ILogger logger, string suite, string weaknesses);

    [LoggerMessage(3, LogLevel.Warning, "The replay cache did not release the key of a message that was refused.")]
    public static partial void NotReleased(this ILogger logger, Exception exception);
}
