using System.Text;

namespace WsSecurity.Evidence.Tests;

/// <summary>Records of a few octets that can be told apart, and what verifies a trail of them.</summary>
internal static class Records
{
    public static EvidenceTrailOptions Options { get; } = new() { Certificate = Keys.Host };

    public static EvidenceDraft Draft(string id)
    {
        var content = Encoding.UTF8.GetBytes($"<message id=\"{id}\">{new string('x', 200)}</message>");
        var record = EvidenceChain.WriteRecord(writer =>
        {
            writer.WriteString("kind", EvidenceKind.Message);
            writer.WriteString("direction", nameof(EvidenceDirection.RequestReceived));
            EvidenceChain.WriteContent(writer, content);
        });
        return new EvidenceDraft(record, content);
    }

    public static bool IsAbout(EvidenceEntry entry, string id) => Encoding.UTF8.GetString(entry.Content.Span).Contains($"id=\"{id}\"", StringComparison.Ordinal);

    public static EvidenceReport Verify(IEnumerable<EvidenceEntry> entries) =>
        new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [Keys.Public(Keys.Host)], TrustedTimestampAuthorities = [Keys.Public(Keys.TimestampCa)] }).Verify(entries);
}
