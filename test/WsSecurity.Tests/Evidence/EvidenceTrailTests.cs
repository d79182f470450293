using NUnit.Framework;
using WsSecurity.Evidence;

namespace WsSecurity.Tests.Evidence;

/// <summary>Records go into one chain whoever brings them, many under one signature, and none is acknowledged that is not kept.</summary>
public sealed class EvidenceTrailTests
{
    [Test]
    public void Append_FromManyThreads_IsOneChainWithEachRecordOnce()
    {
        const int Threads = 16;
        const int Each = 50;
        var store = new MemoryEvidenceStore();
        var numbers = new System.Collections.Concurrent.ConcurrentBag<long>();
        using (var trail = EvidenceTrail.Open(store, Trails.Options))
        {
            Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
            {
                for (var i = 0; i < Each; i++)
                {
                    numbers.Add(trail.AppendAsync(Trails.Draft((thread * Each) + i)).GetAwaiter().GetResult());
                }
            });
        }

        var report = Trails.Verify(store.Entries);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.IsAccepted, report.Reason);
            Assert.That(report.Messages, Is.EqualTo(Threads * Each));
            Assert.That(numbers, Is.Unique);
            Assert.That(numbers.Select(number => EvidenceRecord.Read(store.Entries[(int)number]).Kind), Is.All.EqualTo("Message"));
        }
    }

    [Test]
    public async Task Append_WhileTheStoreIsBusy_GoesIntoOneCommit()
    {
        var store = new MemoryEvidenceStore();
        using var trail = EvidenceTrail.Open(store, Trails.Options);
        store.Gate.Reset();
        var waiting = Enumerable.Range(0, 100).Select(number => trail.AppendAsync(Trails.Draft(number))).ToArray();
        Assert.That(waiting.Count(task => task.IsCompleted), Is.Zero);
        store.Gate.Set();
        await Task.WhenAll(waiting);

        // The opening, at most one record that the writer had taken already, and the rest together.
        Assert.That(store.Appends, Is.LessThanOrEqualTo(3));
    }

    [Test]
    public void Append_StoreFails_FailsAndLaterOnesDoNot()
    {
        var store = new MemoryEvidenceStore();
        using var trail = EvidenceTrail.Open(store, Trails.Options);
        store.Failure = new IOException("down");
        Assert.That(async () => await trail.AppendAsync(Trails.Draft(1)), Throws.InstanceOf<IOException>());
        store.Failure = null;
        Assert.That(async () => await trail.AppendAsync(Trails.Draft(2)), Is.EqualTo(2));
        Assert.That(trail.Head.Sequence, Is.EqualTo(3));
    }

    [Test]
    public void Append_MoreWaitsThanIsPermitted_Refuses()
    {
        var store = new MemoryEvidenceStore();
        using var trail = EvidenceTrail.Open(store, Trails.Options with { MaxPendingSize = 1000 });
        store.Gate.Reset();
        Assert.That(
            () =>
            {
                for (var i = 0; i < 20; i++)
                {
                    _ = trail.AppendAsync(Trails.Draft(i));
                }
            },
            Throws.InvalidOperationException);
        store.Gate.Set();
    }

    [Test]
    public void Dispose_WithRecordsWaiting_KeepsThem()
    {
        var store = new MemoryEvidenceStore();
        var trail = EvidenceTrail.Open(store, Trails.Options);
        store.Gate.Reset();
        var waiting = Enumerable.Range(0, 10).Select(number => trail.AppendAsync(Trails.Draft(number))).ToArray();
        store.Gate.Set();
        trail.Dispose();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(waiting.Select(task => task.IsCompletedSuccessfully), Is.All.True);
            Assert.That(() => trail.AppendAsync(Trails.Draft(0)), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(Trails.Verify(store.Entries).Messages, Is.EqualTo(10));
        }
    }

    [Test]
    public void Open_CertificateWithoutKey_Refuses() => Assert.That(
        () => EvidenceTrail.Open(new MemoryEvidenceStore(), Trails.Options with { Certificate = TestKeys.Public(TestKeys.Service) }), Throws.ArgumentException);

    [Test]
    public void Open_StoreFails_Fails() =>
        Assert.That(() => EvidenceTrail.Open(new MemoryEvidenceStore { Failure = new IOException("down") }, Trails.Options), Throws.InstanceOf<IOException>());

    [Test]
    public void Open_NewestEntryCannotBeRead_Refuses()
    {
        var store = new MemoryEvidenceStore();
        store.Entries.Add(new EvidenceEntry(0, "{}"u8.ToArray(), default));
        Assert.That(() => EvidenceTrail.Open(store, Trails.Options), Throws.InstanceOf<EvidenceException>());
    }
}
