using WsSecurity.Mail.Servers;

namespace WsSecurity.Mail;

/// <summary>An IMAP folder that is received from, and what its mails must prove.</summary>
public sealed record ImapReceiverOptions : MailReceiverOptions
{
    /// <summary>Creates the options; <see cref="MailReceiverOptions.PollInterval"/> is 30 seconds: servers say at once when a mail comes (IDLE).</summary>
    public ImapReceiverOptions() => PollInterval = TimeSpan.FromSeconds(30);

    /// <summary>The server, with the name and password of the mailbox.</summary>
    public required MailServer Server { get; init; }

    /// <summary>The folder, with its whole name. <see cref="MailReceiverOptions.QuarantineFolder"/> and <see cref="MailReceiverOptions.HandledFolder"/> are such names, too.</summary>
    /// <value>INBOX.</value>
    public string Folder { get; init; } = "INBOX";

    internal override void Validate()
    {
        base.Validate();
        ArgumentException.ThrowIfNullOrWhiteSpace(Folder);
        ServerConnection.Validate(Server, nameof(Server));
        if (Server.Credentials is null)
        {
            throw new ArgumentException($"{nameof(Server)}.{nameof(Server.Credentials)} is missing: whose mailbox it is.");
        }

        if (Folder == QuarantineFolder || Folder == HandledFolder)
        {
            throw new ArgumentException($"Mails are moved out of {nameof(Folder)}; {nameof(QuarantineFolder)} and {nameof(HandledFolder)} must be other folders.");
        }
    }
}
