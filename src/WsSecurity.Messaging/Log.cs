using Microsoft.Extensions.Logging;

namespace WsSecurity.Messaging;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "A message was refused: {Failure}. {Reason}")]
    public static partial void Refused(ILogger logger, SecurityFailure failure, string reason);

    [LoggerMessage(2, LogLevel.Information, "A message came again and was not handled again.")]
    public static partial void Duplicate(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "A message was left for later: {Failure}.")]
    public static partial void Postponed(ILogger logger, SecurityFailure failure);

    [LoggerMessage(4, LogLevel.Error, "The handler failed, or its reply did not get away; the message is left to come again.")]
    public static partial void HandlerFailed(ILogger logger, Exception failure);

    [LoggerMessage(5, LogLevel.Error, "A message was handled, and its reply could not be protected; none is sent.")]
    public static partial void ReplyNotProtected(ILogger logger, Exception failure);

    [LoggerMessage(6, LogLevel.Error, "A message was handled, and the replay cache did not take its completion; its reservation stands until it expires.")]
    public static partial void NotCompleted(ILogger logger, Exception failure);

    [LoggerMessage(7, LogLevel.Error, "A message is left to come again, and the replay cache did not release it; until its reservation expires it counts as a duplicate.")]
    public static partial void NotReleased(ILogger logger, Exception failure);

    [LoggerMessage(8, LogLevel.Warning, "A message was refused, and its sender could not be told.")]
    public static partial void FaultNotSent(ILogger logger, Exception failure);

    [LoggerMessage(9, LogLevel.Error, "A message was answered with a fault, and nobody waits for one; it is left to come again.")]
    public static partial void FaultForNobody(ILogger logger);
}
