using WsSecurity.Evidence;

namespace WsSecurity.Tests.Evidence;

/// <summary>A store that a test can look into, and make fail or wait.</summary>
internal sealed class MemoryEvidenceStore : IEvidenceStore
{
    public List<EvidenceEntry> Entries { get; } = [];

    public int Appends { get; private set; }

    public Exception? Failure { get; set; }

    public ManualResetEventSlim Gate { get; } = new(true);

    public void Append(EvidenceBatch next)
    {
        Gate.Wait();
        if (Failure is not null)
        {
            throw Failure;
        }

        Appends++;
        Entries.AddRange(next(new EvidenceTail { LastHeader = Entries.Count == 0 ? default : Entries[^1].Header }));
    }

    public IEnumerable<EvidenceEntry> Read() => Entries;

    public void Dispose()
    {
    }
}
