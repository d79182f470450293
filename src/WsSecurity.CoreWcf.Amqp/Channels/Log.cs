using Microsoft.Extensions.Logging;

namespace WsSecurity.CoreWcf.Amqp.Channels;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "A message of the content type '{ContentType}' for {Address} was rejected: it is no octets or text, too large, compressed, or not of the binding's version.")]
    public static partial void NotForThisEndpoint(ILogger logger, Uri address, string? contentType);

    [LoggerMessage(2, LogLevel.Warning, "A message for {Address} was rejected: it is no SOAP message.")]
    public static partial void NotSoap(ILogger logger, Uri address, Exception failure);

    [LoggerMessage(3, LogLevel.Error, "A message for {Address} could not be dispatched; it is left to come again.")]
    public static partial void NotDispatched(ILogger logger, Uri address, Exception failure);
}
