using System.Text;
using NUnit.Framework;
using WsSecurity.Evidence;

namespace WsSecurity.Tests.Evidence;

/// <summary>Whatever is done to a trail is found, and the first record that it was done to is named.</summary>
public sealed class EvidenceVerifierTests
{
    // 0 Opened, 1 checkpoint, then message and checkpoint in turns.
    private const int Victim = 6;

    [Test]
    public void Verify_WholeTrail_Accepts()
    {
        var report = Trails.Verify(Trails.Entries(5));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.IsAccepted, report.Reason);
            Assert.That(report.Entries, Is.EqualTo(12));
            Assert.That(report.Messages, Is.EqualTo(5));
            Assert.That(report.Head!.Sequence, Is.EqualTo(11));
            Assert.That(report.Notes, Is.Empty);
        }
    }

    [Test]
    public void Verify_AnchorInsteadOfCertificate_Accepts()
    {
        var verifier = new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [TestKeys.Ca] });
        Assert.That(verifier.Verify(Trails.Entries(1)).IsAccepted);
    }

    [Test]
    public void Verify_EcdsaKey_Accepts()
    {
        var entries = Trails.Entries(2, Trails.Options with { Certificate = TestKeys.EcClient });
        Assert.That(new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [TestKeys.Ca] }).Verify(entries).IsAccepted);
    }

    [Test]
    public void Verify_ContentChanged_NamesTheRecord() => AssertFound(
        EvidenceFailure.RecordAltered, Victim, entries => entries[Victim] = entries[Victim] with { Content = "<message number=\"7\"/>"u8.ToArray() });

    [Test]
    public void Verify_HeaderChanged_NamesTheRecord() => AssertFound(
        EvidenceFailure.RecordAltered, Victim, entries => entries[Victim] = Edited(entries[Victim], "RequestReceived", "ReplyReceived"));

    [Test]
    public void Verify_HeaderIsNoJson_NamesTheRecord() => AssertFound(
        EvidenceFailure.RecordAltered, Victim, entries => entries[Victim] = entries[Victim] with { Header = "{"u8.ToArray() });

    [TestCase("\"sequence\":6", "\"sequence\":6,\"sequence\":6")]
    [TestCase("\"kind\":\"Message\"", "\"kind\":7")]
    [TestCase("\"length\":", "\"length\":\"x\",\"long\":")]
    [TestCase("\"direction\":\"RequestReceived\"", "\"direction\":7")]
    [TestCase("\"format\":1", "\"format\":2")]
    public void Verify_HeaderOfAnotherShape_NamesTheRecord(string text, string replacement) => AssertFound(
        EvidenceFailure.RecordAltered, Victim, entries => entries[Victim] = Edited(entries[Victim], text, replacement));

    [Test]
    public void Verify_LinkChanged_NamesTheRecord() => AssertFound(
        EvidenceFailure.RecordAltered,
        Victim,
        entries => entries[Victim] = Edited(entries[Victim], Convert.ToHexStringLower(entries[Victim - 1].Hash()), new string('a', 64)));

    [Test]
    public void Verify_RecordRemoved_NamesIt() => AssertFound(EvidenceFailure.RecordMissing, Victim, entries => entries.RemoveAt(Victim));

    [Test]
    public void Verify_FirstRecordRemoved_NamesIt() => AssertFound(EvidenceFailure.RecordMissing, 0, entries => entries.RemoveAt(0));

    [Test]
    public void Verify_RecordsSwapped_NamesTheFirst() => AssertFound(
        EvidenceFailure.RecordOutOfOrder, Victim, entries => (entries[Victim], entries[Victim + 2]) = (entries[Victim + 2], entries[Victim]));

    [Test]
    public void Verify_RecordTwice_NamesTheSecond() => AssertFound(
        EvidenceFailure.RecordOutOfOrder, Victim + 1, entries => entries.Insert(Victim + 1, entries[Victim]));

    [Test]
    public void Verify_StoredUnderAnotherNumber_NamesIt() => AssertFound(
        EvidenceFailure.RecordMissing, Victim, entries => entries[Victim] = entries[Victim] with { Sequence = 99 });

    [Test]
    public void Verify_RecordOfAnotherTrail_NamesIt() => AssertFound(
        EvidenceFailure.RecordForeign, Victim, entries => entries[Victim] = Trails.Entries(5)[Victim]);

    [Test]
    public void Verify_CheckpointCutOff_SaysThatTheEndIsNotSigned() => AssertFound(EvidenceFailure.RecordNotSigned, 10, entries => entries.RemoveAt(11));

    [Test]
    public void Verify_RecordAddedWithoutTheKey_SaysThatTheEndIsNotSigned() => AssertFound(EvidenceFailure.RecordNotSigned, 12, entries =>
    {
        var header = EvidenceHeader.Write(
            EvidenceRecord.Read(entries[^1]).Trail, 12, Convert.ToHexStringLower(entries[^1].Hash()), TestKeys.Now, Trails.Draft(0).Record);
        entries.Add(new EvidenceEntry(12, header, Trails.Draft(0).Content));
    });

    [Test]
    public void Verify_EditedAndChainedAnew_FailsAtTheSignature() => AssertFound(EvidenceFailure.SignatureInvalid, Victim, entries =>
    {
        entries[Victim] = Edited(entries[Victim], "RequestReceived", "ReplyReceived");
        for (var i = Victim + 1; i < entries.Count; i++)
        {
            var header = EvidenceRecord.Read(entries[i]);
            var octets = EvidenceHeader.Write(
                header.Trail, header.Sequence, Convert.ToHexStringLower(entries[i - 1].Hash()), header.Time, Encoding.UTF8.GetBytes(header.Parsed.Record.GetRawText()));
            entries[i] = entries[i] with { Header = octets };
        }
    });

    [Test]
    public void Verify_CheckpointOfAnother_FailsAtTheSignature() => AssertFound(
        EvidenceFailure.SignatureInvalid, Victim, entries => entries[7] = entries[7] with { Content = entries[5].Content });

    [Test]
    public void Verify_SignedAnewByAnotherKey_IsNotTrusted()
    {
        var report = Trails.Verify(Trails.Entries(2, Trails.Options with { Certificate = TestKeys.Stranger }));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Failure, Is.EqualTo(EvidenceFailure.SignerNotTrusted));
            Assert.That(report.Sequence, Is.EqualTo(1));
        }
    }

    [Test]
    public void Verify_SignerExpiredThen_IsNotTrusted()
    {
        var report = new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [TestKeys.Ca] })
            .Verify(Trails.Entries(1, Trails.Options with { Certificate = TestKeys.Expired }));
        Assert.That(report.Failure, Is.EqualTo(EvidenceFailure.SignerNotTrusted));
    }

    [Test]
    public void Verify_EndCutBehindACheckpoint_IsFoundByTheKnownHeadAlone()
    {
        var store = new MemoryEvidenceStore();
        var head = Trails.Write(store, 5);
        store.Entries.RemoveRange(8, 4);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Trails.Verify(store.Entries).IsAccepted);
            Assert.That(Trails.Verify(store.Entries, head).Failure, Is.EqualTo(EvidenceFailure.HeadMissing));
            Assert.That(Trails.Verify(store.Entries, head).Sequence, Is.EqualTo(8));
        }
    }

    [Test]
    public void Verify_WrittenAnewByTheKeysHolder_IsFoundByTheKnownHead()
    {
        var report = Trails.Verify(Trails.Entries(5), new EvidenceHead(7, new string('a', 64)));
        Assert.That(report, Has.Property(nameof(report.Failure)).EqualTo(EvidenceFailure.HeadMissing).And.Property(nameof(report.Sequence)).EqualTo(7));
    }

    [Test]
    public void Verify_Nothing_SaysThatThereIsNoTrail() => Assert.That(Trails.Verify([]).Failure, Is.EqualTo(EvidenceFailure.TrailMissing));

    [Test]
    public void Head_WrittenAndRead_IsTheSame()
    {
        var head = new EvidenceHead(17, new string('b', 64));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(EvidenceHead.TryParse(head.ToString(), out var read));
            Assert.That(read, Is.EqualTo(head));
            Assert.That(EvidenceHead.TryParse("17:zz", out _), Is.False);
            Assert.That(EvidenceHead.TryParse("-1:" + head.Hash, out _), Is.False);
            Assert.That(EvidenceHead.TryParse(null, out _), Is.False);
        }
    }

    private static void AssertFound(EvidenceFailure failure, long sequence, Action<List<EvidenceEntry>> tamper)
    {
        var entries = Trails.Entries(5);
        tamper(entries);
        var report = Trails.Verify(entries);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Failure, Is.EqualTo(failure), report.Reason);
            Assert.That(report.Sequence, Is.EqualTo(sequence), report.Reason);
        }
    }

    private static EvidenceEntry Edited(EvidenceEntry entry, string text, string replacement)
    {
        var header = Encoding.UTF8.GetString(entry.Header.Span);
        Assert.That(header, Does.Contain(text));
        return entry with { Header = Encoding.UTF8.GetBytes(header.Replace(text, replacement, StringComparison.Ordinal)) };
    }
}
