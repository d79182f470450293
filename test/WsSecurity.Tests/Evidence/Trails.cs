using System.Text;
using WsSecurity.Evidence;

namespace WsSecurity.Tests.Evidence;

/// <summary>Trails of small records, and what verifies them.</summary>
internal static class Trails
{
    public static EvidenceTrailOptions Options { get; } = new()
    {
        Certificate = TestKeys.Service,
        TimeProvider = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestKeys.Now),
    };

    public static EvidenceDraft Draft(int number)
    {
        var content = Encoding.UTF8.GetBytes($"<message number=\"{number}\"/>");
        var record = EvidenceChain.WriteRecord(writer =>
        {
            writer.WriteString("kind", EvidenceKind.Message);
            writer.WriteString("direction", nameof(EvidenceDirection.RequestReceived));
            EvidenceChain.WriteContent(writer, content);
        });
        return new EvidenceDraft(record, content);
    }

    /// <summary>Opens a trail, keeps records one after the other, and closes it.</summary>
    public static EvidenceHead Write(IEvidenceStore store, int count, EvidenceTrailOptions? options = null)
    {
        using var trail = EvidenceTrail.Open(store, options ?? Options);
        for (var i = 0; i < count; i++)
        {
            trail.AppendAsync(Draft(i)).GetAwaiter().GetResult();
        }

        return trail.Head;
    }

    /// <summary>Opened, checkpoint, and two entries for each record.</summary>
    public static List<EvidenceEntry> Entries(int count, EvidenceTrailOptions? options = null)
    {
        var store = new MemoryEvidenceStore();
        Write(store, count, options);
        return store.Entries;
    }

    public static EvidenceReport Verify(IEnumerable<EvidenceEntry> entries, EvidenceHead? head = null) =>
        new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [TestKeys.Public(TestKeys.Service)], KnownHead = head }).Verify(entries);
}
