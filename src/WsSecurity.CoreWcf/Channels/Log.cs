using Microsoft.Extensions.Logging;

namespace WsSecurity.CoreWcf.Channels;

internal static partial class Log
{
    // Information: the engine warns of what it refuses; this line adds where it came to.
    [LoggerMessage(1, LogLevel.Information, "A message to {Address} was refused: {Failure}. {Reason}")]
    public static partial void RequestRefused(ILogger logger, Uri? address, SecurityFailure failure, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The fault that answers a refused request could not be sent.")]
    public static partial void FaultNotSent(ILogger logger, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "An answer that relates to {RelatesTo} was dropped: no callback waits for it.")]
    public static partial void ReplyToNothing(ILogger logger, string relatesTo);

    [LoggerMessage(4, LogLevel.Warning, "The binding {Binding} trusts anybody: ClientCertificate.Authentication has X509CertificateValidator.None, so that whoever makes a certificate is let in under any name.")]
    public static partial void TrustsAnybody(ILogger logger, string binding);

    [LoggerMessage(5, LogLevel.Error, "A message had its effect, and the replay cache did not take its completion; its reservation stands until it expires.")]
    public static partial void NotCompleted(ILogger logger, Exception error);

    [LoggerMessage(6, LogLevel.Error, "A message had no effect and comes again, and the replay cache did not release it; until its reservation expires it counts as a duplicate.")]
    public static partial void NotReleased(ILogger logger, Exception error);
}
