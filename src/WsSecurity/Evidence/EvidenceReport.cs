namespace WsSecurity.Evidence;

/// <summary>What the verification of a trail came to.</summary>
public sealed record EvidenceReport
{
    /// <summary>The first thing that is wrong; None where nothing is.</summary>
    public EvidenceFailure Failure { get; init; }

    /// <summary>The number of the record that is wrong; null where none can be named.</summary>
    public long? Sequence { get; init; }

    /// <summary>What was found there, in a sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>How many entries were found right before the first that was not.</summary>
    public long Entries { get; init; }

    /// <summary>How many of them are messages.</summary>
    public long Messages { get; init; }

    /// <summary>How many messages were proven anew.</summary>
    public long MessagesProven { get; init; }

    /// <summary>The newest time that a trusted authority confirms.</summary>
    public DateTimeOffset? TimestampedAt { get; init; }

    /// <summary>The newest entry; keep it elsewhere, to know later that nothing was cut off. null where there is none.</summary>
    public EvidenceHead? Head { get; init; }

    /// <summary>What is worth knowing and no failure: interrupted appends that the trail accounts for, messages that cannot be proven anew.</summary>
    public IReadOnlyList<string> Notes { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>Whether the trail is whole, signed and believed.</summary>
    public bool IsAccepted => Failure == EvidenceFailure.None;
}
