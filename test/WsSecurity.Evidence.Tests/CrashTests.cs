using NUnit.Framework;

namespace WsSecurity.Evidence.Tests;

/// <summary>Processes are killed while they write: whatever was acknowledged is there afterwards, and the trail is whole.</summary>
public sealed class CrashTests
{
    private const int Rounds = 4;

    [TestCase(Stores.Files)]
    [TestCase(Stores.Sqlite)]
    [TestCase(Stores.PostgreSql)]
    public void Write_KilledAgainAndAgain_LosesNothingThatWasAcknowledged(string kind)
    {
        using var folder = new TemporaryFolder();
        var location = Stores.NewLocation(kind, folder);
        var certificate = folder.File("host.pem");
        File.WriteAllText(certificate, Keys.Pem(Keys.Host));
        var acknowledged = new List<(long Sequence, string Id)>();
        for (var round = 0; round < Rounds; round++)
        {
            using var writer = new Writer(kind, location, certificate, int.MaxValue);
            writer.ReadUntil(50 + (round * 37));
            writer.KillAndRead();
            acknowledged.AddRange(writer.Acknowledged);
        }

        // What the last kill left half is stated by whoever goes on.
        EvidenceTrail.Open(Stores.Open(kind, location), Records.Options).Dispose();
        var entries = Stores.Read(kind, location).ToDictionary(entry => entry.Sequence);
        var report = Records.Verify(Stores.Read(kind, location));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.IsAccepted, report.Reason);
            Assert.That(acknowledged, Has.Count.GreaterThan(400).And.Unique);
            Assert.That(acknowledged.Where(one => !entries.TryGetValue(one.Sequence, out var entry) || !Records.IsAbout(entry, one.Id)), Is.Empty);
        }
    }

    [Test]
    public async Task Write_DatabaseServerKilled_LosesNothingThatWasAcknowledged()
    {
        Peers.DemandPostgreSql();
        using var server = new PostgreSqlServer();
        var location = server.CreateDatabase();
        var acknowledged = new List<(long Sequence, string Id)>();
        using (var trail = EvidenceTrail.Open(Stores.Open(Stores.PostgreSql, location), Records.Options))
        {
            for (var round = 0; round < 2; round++)
            {
                var killed = false;
                var writing = Task.Run(async () =>
                {
                    while (!Volatile.Read(ref killed))
                    {
                        await AppendAsync();
                    }
                });
                while (Count() < 50 * (round + 1))
                {
                    await Task.Delay(5);
                }

                server.Kill();
                Volatile.Write(ref killed, true);
                await Task.WhenAny(writing);
                Assert.That(AppendAsync, Throws.InstanceOf<Npgsql.NpgsqlException>(), "A store that is down keeps nothing.");
                server.Start();
                await AppendAsync();
            }

            async Task AppendAsync()
            {
                var id = Guid.NewGuid().ToString("N");
                var sequence = await trail.AppendAsync(Records.Draft(id));
                lock (acknowledged)
                {
                    acknowledged.Add((sequence, id));
                }
            }

            int Count()
            {
                lock (acknowledged)
                {
                    return acknowledged.Count;
                }
            }
        }

        var entries = Stores.Read(Stores.PostgreSql, location).ToDictionary(entry => entry.Sequence);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Records.Verify(Stores.Read(Stores.PostgreSql, location)).Reason, Is.Null);
            Assert.That(acknowledged.Where(one => !entries.TryGetValue(one.Sequence, out var entry) || !Records.IsAbout(entry, one.Id)), Is.Empty);
        }
    }
}
