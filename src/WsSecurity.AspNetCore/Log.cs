using Microsoft.Extensions.Logging;

namespace WsSecurity.AspNetCore;

internal static partial class Log
{
    // Information: the engine warns of what it refuses; this line adds where it came from.
    [LoggerMessage(1, LogLevel.Information, "The request to {Path} from {RemoteAddress} was refused and answered by a fault: {Failure}. {Reason}")]
    public static partial void RequestRefused(ILogger logger, string path, string? remoteAddress, SecurityFailure failure, string reason);

    [LoggerMessage(2, LogLevel.Debug, "Request to {Path} verified: {Signatures} signatures, {EncryptedParts} encrypted parts, by {Caller}.")]
    public static partial void RequestVerified(ILogger logger, string path, int signatures, int encryptedParts, string? caller);

    [LoggerMessage(3, LogLevel.Error, "The reply of {Path} was withheld, since it is no SOAP message: status {StatusCode}, content type {ContentType}.")]
    public static partial void ReplyNotSoap(ILogger logger, string path, int statusCode, string? contentType);

    [LoggerMessage(4, LogLevel.Error, "The reply of {Path} was withheld: it could not be protected.")]
    public static partial void ReplyNotProtected(ILogger logger, string path, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "The replay cache did not take the completion of a request to {Path}; its reservation stands until it expires.")]
    public static partial void CompletionFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(6, LogLevel.Information, "A request to {Path} from {RemoteAddress} was refused with status 403: nobody is authenticated of whom the service may be told.")]
    public static partial void UserNotVouchedFor(ILogger logger, string path, string? remoteAddress);

    [LoggerMessage(7, LogLevel.Warning, "The service's reply at {Path} was refused and not handed on: {Failure}. {Reason}")]
    public static partial void ReplyRefused(ILogger logger, string path, SecurityFailure failure, string reason);

    [LoggerMessage(8, LogLevel.Warning, "The endpoint at {Path} answered a delivery with status {Status} and the content type '{ContentType}', which is no SOAP message; nothing of it goes back.")]
    public static partial void DeliveryAnswerNotSoap(ILogger logger, string path, int status, string? contentType);
}
