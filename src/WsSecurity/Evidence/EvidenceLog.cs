using Microsoft.Extensions.Logging;

namespace WsSecurity.Evidence;

internal static partial class EvidenceLog
{
    [LoggerMessage(1, LogLevel.Error, "{Count} records of evidence could not be kept.")]
    public static partial void NotKept(ILogger logger, int count, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Checkpoint {Sequence} of the evidence could not be timestamped; a later one will be.")]
    public static partial void NotStamped(ILogger logger, long sequence, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "The evidence goes on at record {Sequence}.")]
    public static partial void Opened(ILogger logger, long sequence);

    [LoggerMessage(4, LogLevel.Information, "The evidence was closed; its head is {Head}.")]
    public static partial void Closed(ILogger logger, EvidenceHead head);

    [LoggerMessage(5, LogLevel.Error, "A message was not kept as evidence.")]
    public static partial void MessageNotKept(ILogger logger, Exception exception);
}
