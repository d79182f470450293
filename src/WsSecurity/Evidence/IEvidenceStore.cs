namespace WsSecurity.Evidence;

/// <summary>Makes the entries that come next. Called while the store is locked for other writers, so that each link knows the one before.</summary>
/// <param name="tail">Where the store ends.</param>
/// <returns>The entries, in order.</returns>
public delegate IReadOnlyList<EvidenceEntry> EvidenceBatch(EvidenceTail tail);

/// <summary>
/// Keeps the entries of one trail, append-only. A trail calls it from a thread of its own, one call at a time, so it may block; where several
/// processes share a store, it takes their appends one after the other.
/// </summary>
public interface IEvidenceStore : IDisposable
{
    /// <summary>
    /// Appends entries, all or none. When it returns, they outlive a crash of the process and of the machine. Nothing of what it throws for counts as kept.
    /// </summary>
    /// <param name="next">Makes the entries.</param>
    /// <exception cref="EvidenceException">What is stored already is damaged.</exception>
    void Append(EvidenceBatch next);

    /// <summary>Reads everything, oldest first.</summary>
    /// <returns>The entries, as they are found.</returns>
    /// <exception cref="EvidenceException">Thrown at the place where the store cannot give back what it took.</exception>
    IEnumerable<EvidenceEntry> Read();
}
