using Microsoft.Extensions.Logging;

namespace WsSecurity.Mail;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The mailbox {Mailbox} cannot be reached, or broke off; it is tried again.")]
    public static partial void MailboxFailed(ILogger logger, string mailbox, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "The mail {Mail} was refused: {Reason}")]
    public static partial void NotSoap(ILogger logger, string mail, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The mail {Mail} was moved to {Folder}.")]
    public static partial void Quarantined(ILogger logger, string mail, string folder);

    [LoggerMessage(4, LogLevel.Error, "The mail {Mail} failed {Attempts} times and is not tried again.")]
    public static partial void GivenUp(ILogger logger, string mail, int attempts);

    [LoggerMessage(5, LogLevel.Warning, "What became of the mail {Mail} could not be settled; it comes again, and its key tells whether it had its effect.")]
    public static partial void NotSettled(ILogger logger, string mail, Exception failure);

    [LoggerMessage(6, LogLevel.Information, "Another receiver works at the maildir {Path}; this one waits until it ends.")]
    public static partial void MaildirIsTaken(ILogger logger, string path);

    [LoggerMessage(7, LogLevel.Error, "The mail {Mail} could not be read or handled; it is left to come again.")]
    public static partial void MailFailed(ILogger logger, string mail, Exception failure);

    /// <summary>Whatever is logged inside of it is about one mail.</summary>
    public static readonly Func<ILogger, string, string?, IDisposable?> Mail = LoggerMessage.DefineScope<string, string?>("Mail {Mail}, Message-ID {MessageId}");
}
