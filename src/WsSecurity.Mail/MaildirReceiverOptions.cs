namespace WsSecurity.Mail;

/// <summary>A maildir that is received from, and what its mails must prove.</summary>
public sealed record MaildirReceiverOptions : MailReceiverOptions
{
    /// <summary>The maildir: the folder with <c>new</c>, <c>cur</c> and <c>tmp</c>. Subfolders are those of Maildir++: <c>.Quarantine</c> beside them.</summary>
    public required string Path { get; init; }

    internal override void Validate()
    {
        base.Validate();
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        foreach (var folder in new[] { QuarantineFolder, HandledFolder })
        {
            if (folder is not null && (folder.Contains('/', StringComparison.Ordinal) || folder.Contains("..", StringComparison.Ordinal) || folder[0] == '.' || folder[^1] == '.'))
            {
                throw new ArgumentException($"'{folder}' is no name of a maildir's subfolder: its levels are divided by single dots, and it has no slash.");
            }
        }
    }
}
