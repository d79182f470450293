using Microsoft.Extensions.Logging;

namespace WsSecurity.ServiceModel.Channels;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "A message of the service that answers nothing was refused and dropped.")]
    public static partial void CallbackRefused(ILogger logger, Exception refusal);

    [LoggerMessage(2, LogLevel.Warning, "A reply that relates to {RelatesTo} was dropped: no call waits for it.")]
    public static partial void ReplyToNothing(ILogger logger, string relatesTo);

    [LoggerMessage(3, LogLevel.Error, "A message that did not come through the encoder was dropped: nothing proves it.")]
    public static partial void EncoderBypassed(ILogger logger);
}
