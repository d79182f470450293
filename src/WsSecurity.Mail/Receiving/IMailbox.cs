namespace WsSecurity.Mail.Receiving;

/// <summary>A folder of mails. Not thread-safe: one flow of control uses it.</summary>
internal interface IMailbox
{
    /// <summary>The mails that lie here, oldest first, by names that they keep as long as they do.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Reads a mail, if it is no larger.</summary>
    Task<RawMail> ReadAsync(string name, int maxSize, CancellationToken cancellationToken);

    /// <summary>Deletes a mail; one that has gone is no error.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Moves a mail, in one step or so that it is there twice for a moment, never nowhere.</summary>
    /// <param name="name">The mail; one that has gone is no error.</param>
    /// <param name="folder">The folder, which is made where it is missing.</param>
    /// <param name="isSeen">Whether nobody needs to look at it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task MoveAsync(string name, string folder, bool isSeen, CancellationToken cancellationToken);

    /// <summary>Waits until a mail may have come, at most for a time.</summary>
    Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken);
}

/// <summary>A mail as it was read.</summary>
/// <param name="Octets">null where it has gone, or is too large.</param>
/// <param name="IsTooLarge">Whether it is there, and larger than it may be.</param>
internal readonly record struct RawMail(byte[]? Octets, bool IsTooLarge);
