namespace WsSecurity.Evidence;

/// <summary>A trail is not what it must be.</summary>
public sealed class EvidenceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">What is wrong.</param>
    /// <param name="message">Where, and what was expected.</param>
    /// <param name="innerException">What the platform said, where it said something.</param>
    public EvidenceException(EvidenceFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>What is wrong.</summary>
    public EvidenceFailure Failure { get; }

    /// <summary>The number of the record that is wrong; null where the place names none.</summary>
    public long? Sequence { get; init; }
}
