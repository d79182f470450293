using Microsoft.Extensions.Logging;

namespace WsSecurity.Amqp;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The broker {Broker} cannot be reached, or broke the connection; it is tried again.")]
    public static partial void ConnectionBroken(ILogger logger, string broker, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "The broker {Broker} closed the link; it is opened again. {Error}")]
    public static partial void LinkClosed(ILogger logger, string broker, string? error);

    [LoggerMessage(3, LogLevel.Warning, "A message could not be settled; the broker gives it again.")]
    public static partial void NotSettled(ILogger logger, Exception failure);

    [LoggerMessage(4, LogLevel.Warning, "A message of the content type '{ContentType}' was rejected: it is no octets or text, too large, or compressed.")]
    public static partial void NotSoap(ILogger logger, string? contentType);

    [LoggerMessage(5, LogLevel.Warning, "A reply to '{ReplyTo}' was dropped: nobody took it in time.")]
    public static partial void ReplyNotTaken(ILogger logger, string replyTo);

    [LoggerMessage(6, LogLevel.Warning, "A reply to '{ReplyTo}' was dropped: the broker does not take it.")]
    public static partial void ReplyRefused(ILogger logger, string replyTo, Exception failure);

    [LoggerMessage(7, LogLevel.Warning, "A message asked for a reply to '{ReplyTo}', where this service sends none.")]
    public static partial void ReplyNotAllowed(ILogger logger, string replyTo);
}
