namespace WsSecurity.Mail;

/// <summary>What received mails must prove, and what becomes of them. Immutable.</summary>
/// <remarks>
/// A folder is a queue: whatever lies in it is to be done, and leaves it when its effect is committed, or when it is refused for good. So it holds nothing but
/// mails for the receiver, whether somebody has read them or not.
/// </remarks>
public abstract record MailReceiverOptions
{
    /// <summary>What messages must prove. Their Timestamps must live as long as mails may lie here, an outage included.</summary>
    public required SecurityPolicy Policy { get; init; }

    /// <summary>Our keys, and whom we trust.</summary>
    public required SecurityCredentials Credentials { get; init; }

    /// <summary>This endpoint's address as senders know it, <c>mailto:name@domain</c>; a signed To that names another one is refused.</summary>
    /// <value>null: not checked. Whom a mail's own To names, and From, is never asked: anybody can write them.</value>
    public Uri? EndpointAddress { get; init; }

    /// <summary>The header blocks that the handler understands, where it does not look at <c>mustUnderstand</c> itself; a message with another mandatory header is refused.</summary>
    /// <value>null: the handler looks itself.</value>
    public IReadOnlyList<QualifiedName>? UnderstoodHeaders { get; init; }

    /// <summary>The largest mail that is read, in octets, with its headers and as it is encoded; larger ones are refused.</summary>
    /// <value>96 MiB: a message of 64 MiB in Base64.</value>
    public int MaxMailSize { get; init; } = 96 * 1024 * 1024;

    /// <summary>How many mails are handled at the same time, at most.</summary>
    /// <value>8.</value>
    public int Concurrency { get; init; } = 8;

    /// <summary>The folder that refused mails are moved to, as they are; the log has the reason.</summary>
    /// <value>Quarantine. It is made where it is missing.</value>
    public string QuarantineFolder { get; init; } = "Quarantine";

    /// <summary>The folder that mails are moved to which had their effect.</summary>
    /// <value>null: they are deleted.</value>
    public string? HandledFolder { get; init; }

    /// <summary>How long a mail whose handler failed rests before it is tried again; twice as long after each failure. Others do not wait for it.</summary>
    /// <value>One second.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such rest.</summary>
    /// <value>5 minutes.</value>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After how many failures of its handler a mail is refused for good.</summary>
    /// <value>null: never; mails outlast a database that is down, for as long as their Timestamps live.</value>
    public int? MaxAttempts { get; init; }

    /// <summary>How often the folder is looked at, where nothing else says that a mail came.</summary>
    /// <value>2 seconds.</value>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal virtual void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMailSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Concurrency, 1);
        ArgumentException.ThrowIfNullOrWhiteSpace(QuarantineFolder);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRetryDelay, RetryDelay);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PollInterval, TimeSpan.Zero);
        if (MaxAttempts is { } attempts)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        }

        if (HandledFolder is not null && (string.IsNullOrWhiteSpace(HandledFolder) || HandledFolder == QuarantineFolder))
        {
            throw new ArgumentException($"{nameof(HandledFolder)} must have a name of its own, or be null.");
        }
    }
}
