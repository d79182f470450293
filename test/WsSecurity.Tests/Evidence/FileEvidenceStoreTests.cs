using NUnit.Framework;
using WsSecurity.Evidence;

namespace WsSecurity.Tests.Evidence;

/// <summary>What a crash, a full disk or a second writer does to a folder of evidence.</summary>
public sealed class FileEvidenceStoreTests
{
    [Test]
    public void Append_OverSeveralOpenings_IsOneTrail()
    {
        using var folder = new TemporaryFolder();
        Trails.Write(new FileEvidenceStore(folder.Path), 3);
        Trails.Write(new FileEvidenceStore(folder.Path), 3);
        var report = Trails.Verify(FileEvidenceStore.Read(folder.Path));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.IsAccepted, report.Reason);
            Assert.That(report.Messages, Is.EqualTo(6));
            Assert.That(report.Entries, Is.EqualTo(16));
            Assert.That(Segments(folder), Has.Length.EqualTo(1));
        }
    }

    [Test]
    public void Append_BeyondTheSegmentSize_BeginsAnother()
    {
        using var folder = new TemporaryFolder();
        Trails.Write(new FileEvidenceStore(folder.Path, 4096), 10);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Segments(folder), Has.Length.GreaterThan(2));
            Assert.That(Trails.Verify(FileEvidenceStore.Read(folder.Path)).IsAccepted);
        }
    }

    [Test]
    public void Verify_SegmentRemoved_NamesItsFirstRecord()
    {
        using var folder = new TemporaryFolder();
        Trails.Write(new FileEvidenceStore(folder.Path, 4096), 10);
        var victim = Segments(folder)[1];
        var first = FileEvidenceStore.Read(victim).First().Sequence;
        File.Delete(victim);
        var report = Trails.Verify(FileEvidenceStore.Read(folder.Path));
        Assert.That(report, Has.Property(nameof(report.Failure)).EqualTo(EvidenceFailure.RecordMissing).And.Property(nameof(report.Sequence)).EqualTo(first));
    }

    // The promise, at each octet: a half record is reported, what was acknowledged is there, and the trail goes on and says what happened.
    [Test]
    public void Open_CutAtEveryOctetOfTheLastAppend_LosesNothingBeforeAndStatesTheRest()
    {
        using var origin = new TemporaryFolder();
        var options = Trails.Options with { Certificate = TestKeys.EcClient };
        long before;
        using (var trail = EvidenceTrail.Open(new FileEvidenceStore(origin.Path), options))
        {
            trail.AppendAsync(Trails.Draft(1)).GetAwaiter().GetResult();
            before = new FileInfo(Segments(origin)[0]).Length;
            trail.AppendAsync(Trails.Draft(2)).GetAwaiter().GetResult();
        }

        var verifier = new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [TestKeys.Public(TestKeys.EcClient)] });
        var whole = File.ReadAllBytes(Segments(origin)[0]);
        var entries = FileEvidenceStore.Read(origin.Path).ToList();
        var record = before + Size(entries[4]);
        for (var length = before; length < whole.Length; length++)
        {
            using var folder = new TemporaryFolder();
            File.WriteAllBytes(folder.File(Path.GetFileName(Segments(origin)[0])), whole[..(int)length]);
            var cut = verifier.Verify(FileEvidenceStore.Read(folder.Path));
            EvidenceTrail.Open(new FileEvidenceStore(folder.Path), options).Dispose();
            var after = verifier.Verify(FileEvidenceStore.Read(folder.Path));
            var isHalf = length != before && length != record;
            var expected = isHalf ? EvidenceFailure.RecordIncomplete : length == record ? EvidenceFailure.RecordNotSigned : EvidenceFailure.None;
            var kept = FileEvidenceStore.Read(folder.Path).Take(length < record ? 4 : 5).Select(entry => entry.Header.ToArray());
            using (Assert.EnterMultipleScope())
            {
                Assert.That(cut.Failure, Is.EqualTo(expected), $"{length}: {cut.Reason}");
                Assert.That(after.IsAccepted, $"{length}: {after.Reason}");
                Assert.That(after.Notes, Has.Count.EqualTo(isHalf ? 1 : 0), $"{length}");
                Assert.That(kept, Is.EqualTo(entries.Take(length < record ? 4 : 5).Select(entry => entry.Header.ToArray())));
            }
        }
    }

    [Test]
    public void Open_OctetsOfTheLastAppendNeverArrived_StatesThem()
    {
        using var folder = new TemporaryFolder();
        Trails.Write(new FileEvidenceStore(folder.Path), 1);
        var octets = File.ReadAllBytes(Segments(folder)[0]);

        // The file grew and its pages did not come: a crash may leave zeros.
        octets.AsSpan(octets.Length - 600).Clear();
        File.WriteAllBytes(Segments(folder)[0], octets);
        Trails.Write(new FileEvidenceStore(folder.Path), 1);
        var report = Trails.Verify(FileEvidenceStore.Read(folder.Path));
        Assert.That(report.Notes, Has.Count.EqualTo(1), report.Reason);
    }

    [Test]
    public void Verify_RemainsOfACrashChangedLater_AreNotAccountedFor()
    {
        using var folder = new TemporaryFolder();
        Trails.Write(new FileEvidenceStore(folder.Path), 1);
        var segment = Segments(folder)[0];
        File.WriteAllBytes(segment, File.ReadAllBytes(segment)[..^10]);
        Trails.Write(new FileEvidenceStore(folder.Path), 1);
        File.AppendAllText(segment, "x");
        Assert.That(Trails.Verify(FileEvidenceStore.Read(folder.Path)).Failure, Is.EqualTo(EvidenceFailure.RecordIncomplete));
    }

    [Test]
    public void Open_OctetChangedBeforeTheEnd_RefusesToGoOn()
    {
        using var folder = new TemporaryFolder();
        Trails.Write(new FileEvidenceStore(folder.Path), 3);
        var segment = Segments(folder)[0];
        var whole = File.ReadAllBytes(segment);
        var position = (int)FileEvidenceStore.Read(folder.Path).Take(2).Sum(Size);
        foreach (var offset in new[] { position, position + 5, position + 9, position + 100 })
        {
            var octets = whole.ToArray();
            octets[offset] ^= 1;
            File.WriteAllBytes(segment, octets);
            var report = Trails.Verify(FileEvidenceStore.Read(folder.Path));
            using (Assert.EnterMultipleScope())
            {
                Assert.That(report.Failure, Is.EqualTo(EvidenceFailure.RecordAltered));
                Assert.That(report.Sequence, Is.EqualTo(2));
                Assert.That(() => new FileEvidenceStore(folder.Path), Throws.InstanceOf<EvidenceException>().With.Property("Failure").EqualTo(EvidenceFailure.RecordAltered));
            }
        }
    }

    [Test]
    public void Open_SecondWriter_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        using (new FileEvidenceStore(folder.Path))
        {
            Assert.That(() => new FileEvidenceStore(folder.Path), Throws.InstanceOf<IOException>().With.Message.Contains("Another process writes"));
        }

        Assert.That(() => new FileEvidenceStore(folder.Path).Dispose(), Throws.Nothing);
    }

    // A disk that is full after so many octets of an append, or that fails when it is flushed.
    [TestCase(0)]
    [TestCase(11)]
    [TestCase(500)]
    [TestCase(int.MaxValue)]
    public void Append_DiskFailsAmidst_KeepsNothingOfItAndGoesOnLater(int accepted)
    {
        using var folder = new TemporaryFolder();
        var isBroken = false;
        var store = new FileEvidenceStore(folder.Path, 1 << 20, (segment, buffers, at) =>
        {
            var octets = buffers.SelectMany(buffer => buffer.ToArray()).ToArray();
            RandomAccess.Write(segment, isBroken ? octets.AsSpan(0, Math.Min(accepted, octets.Length)) : octets, at);
            return isBroken ? throw new IOException("No space left on device") : at + octets.Length;
        });
        using (var trail = EvidenceTrail.Open(store, Trails.Options))
        {
            trail.AppendAsync(Trails.Draft(1)).GetAwaiter().GetResult();
            isBroken = true;
            Assert.That(async () => await trail.AppendAsync(Trails.Draft(2)), Throws.InstanceOf<IOException>());
            Assert.That(async () => await trail.AppendAsync(Trails.Draft(3)), Throws.InstanceOf<IOException>());
            isBroken = false;
            Assert.That(async () => await trail.AppendAsync(Trails.Draft(4)), Is.EqualTo(4));
        }

        var report = Trails.Verify(FileEvidenceStore.Read(folder.Path));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.IsAccepted, report.Reason);
            Assert.That(report.Messages, Is.EqualTo(2));
            Assert.That(report.Notes, Is.Empty);
        }
    }

    [Test]
    public void Read_FolderThatIsNotThere_SaysSo() =>
        Assert.That(() => FileEvidenceStore.Read("/nowhere/at/all"), Throws.InstanceOf<EvidenceException>().With.Property("Failure").EqualTo(EvidenceFailure.TrailMissing));

    [Test]
    public void Export_ReadAgain_IsTheSameTrail()
    {
        using var folder = new TemporaryFolder();
        Trails.Write(new FileEvidenceStore(folder.Path, 4096), 10);
        using (var output = File.Create(folder.File("copy")))
        {
            FileEvidenceStore.Export(FileEvidenceStore.Read(folder.Path), output);
        }

        Assert.That(Trails.Verify(FileEvidenceStore.Read(folder.File("copy"))).Messages, Is.EqualTo(10));
    }

    // The frame: 12 octets before, 32 behind.
    private static long Size(EvidenceEntry entry) => 44L + entry.Header.Length + entry.Content.Length;

    private static string[] Segments(TemporaryFolder folder) => [.. Directory.GetFiles(folder.Path, "segment-*").Order(StringComparer.Ordinal)];
}
