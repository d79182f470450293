using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using NUnit.Framework;
using WsSecurity.Evidence.PostgreSql;
using WsSecurity.Evidence.Sqlite;

namespace WsSecurity.Evidence.Tests;

/// <summary>What stores in databases do that files do not: many writers, and tables that only grow.</summary>
public sealed class DatabaseStoreTests
{
    [TestCase(Stores.Sqlite)]
    [TestCase(Stores.PostgreSql)]
    public void Write_FromSeveralProcesses_IsOneTrail(string kind)
    {
        using var folder = new TemporaryFolder();
        var location = Stores.NewLocation(kind, folder);
        var certificate = folder.File("host.pem");
        File.WriteAllText(certificate, Keys.Pem(Keys.Host));
        var writers = Enumerable.Range(0, 3).Select(_ => new Writer(kind, location, certificate, 60)).ToArray();
        foreach (var writer in writers)
        {
            using (writer)
            {
                var exitCode = writer.ReadToEnd();
                Assert.That(exitCode, Is.Zero, writer.Errors);
                Assert.That(writer.Acknowledged, Has.Count.EqualTo(60));
            }
        }

        var report = Records.Verify(Stores.Read(kind, location));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.IsAccepted, report.Reason);
            Assert.That(report.Messages, Is.EqualTo(180));
            Assert.That(writers.SelectMany(writer => writer.Acknowledged).Select(one => one.Sequence), Is.Unique);
        }
    }

    [TestCase(Stores.Sqlite, "UPDATE evidence SET content = x'00' WHERE sequence = 2")]
    [TestCase(Stores.Sqlite, "DELETE FROM evidence")]
    [TestCase(Stores.PostgreSql, "UPDATE wssec_evidence SET content = '' WHERE sequence = 2")]
    [TestCase(Stores.PostgreSql, "DELETE FROM wssec_evidence")]
    [TestCase(Stores.PostgreSql, "TRUNCATE wssec_evidence")]
    public void Table_ChangedByHand_RefusesIt(string kind, string sql)
    {
        using var folder = new TemporaryFolder();
        var location = Write(kind, folder);
        Assert.That(() => Execute(kind, location, sql), Throws.InstanceOf<DbException>().With.Message.Contains("append-only"));
    }

    // Whoever owns the table can take the triggers away; the chain still tells.
    [TestCase(Stores.Sqlite, "UPDATE evidence SET content = x'00' WHERE sequence = 2", EvidenceFailure.RecordAltered, 2)]
    [TestCase(Stores.Sqlite, "DELETE FROM evidence WHERE sequence = 4", EvidenceFailure.RecordMissing, 4)]
    [TestCase(Stores.Sqlite, "DELETE FROM evidence WHERE sequence > 4", EvidenceFailure.RecordNotSigned, 4)]
    [TestCase(Stores.Sqlite, "UPDATE evidence SET sequence = -1 WHERE sequence = 2; UPDATE evidence SET sequence = 2 WHERE sequence = 4; UPDATE evidence SET sequence = 4 WHERE sequence = -1", EvidenceFailure.RecordOutOfOrder, 2)]
    [TestCase(Stores.PostgreSql, "UPDATE wssec_evidence SET header = header || '\\x20' WHERE sequence = 2", EvidenceFailure.RecordAltered, 2)]
    [TestCase(Stores.PostgreSql, "DELETE FROM wssec_evidence WHERE sequence = 4", EvidenceFailure.RecordMissing, 4)]
    public void Verify_ChangedWithoutTriggers_NamesTheRecord(string kind, string sql, EvidenceFailure failure, int sequence)
    {
        using var folder = new TemporaryFolder();
        var location = Write(kind, folder);
        Execute(kind, location, kind == Stores.Sqlite
            ? "DROP TRIGGER evidence_is_not_changed; DROP TRIGGER evidence_is_not_removed"
            : "ALTER TABLE wssec_evidence DISABLE TRIGGER ALL");
        Execute(kind, location, sql);
        var report = Records.Verify(Stores.Read(kind, location));
        Assert.That(report, Has.Property(nameof(report.Failure)).EqualTo(failure).And.Property(nameof(report.Sequence)).EqualTo(sequence), report.Reason);
    }

    [Test]
    public void Read_DatabaseWithoutATrail_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("other.db"), "");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => SqliteEvidenceStore.Read(folder.File("none.db")).ToList(), Missing());
            Assert.That(() => SqliteEvidenceStore.Read(folder.File("other.db")).ToList(), Missing());
        }

        Peers.DemandPostgreSql();
        Assert.That(() => PostgreSqlEvidenceStore.Read(PostgreSqlServer.Shared.CreateDatabase()).ToList(), Missing());
    }

    [Test]
    public void Open_RoleThatOnlyInserts_IsEnough()
    {
        Peers.DemandPostgreSql();
        var server = PostgreSqlServer.Shared;
        var location = server.CreateDatabase();
        new PostgreSqlEvidenceStore(location).Dispose();
        var database = new NpgsqlConnectionStringBuilder(location).Database!;
        server.Execute(database, "CREATE ROLE writer LOGIN; GRANT SELECT, INSERT ON wssec_evidence TO writer");
        using (var trail = EvidenceTrail.Open(new PostgreSqlEvidenceStore(server.ConnectionString(database, "writer")), Records.Options))
        {
            Assert.That(async () => await trail.AppendAsync(Records.Draft("1")), Is.EqualTo(2));
        }

        Assert.That(Records.Verify(PostgreSqlEvidenceStore.Read(location)).IsAccepted);
    }

    [Test]
    public void Open_ServerWithoutFsync_IsRefused()
    {
        Peers.DemandPostgreSql();
        using var server = new PostgreSqlServer();
        var location = server.CreateDatabase();
        server.Execute("postgres", "ALTER SYSTEM SET fsync = off");
        server.Execute("postgres", "SELECT pg_reload_conf()");
        Assert.That(() => new PostgreSqlEvidenceStore(location), Throws.InvalidOperationException.With.Message.Contains("fsync").After(5000, 50));
    }

    [TestCase("evidence; DROP TABLE x")]
    [TestCase("Evidence")]
    [TestCase("a.b.c")]
    [TestCase("1")]
    [TestCase("")]
    public void Open_NameThatIsNone_IsRefused(string table) => Assert.That(() => new PostgreSqlEvidenceStore("Host=none", table), Throws.ArgumentException);

    private static NUnit.Framework.Constraints.EqualConstraint<EvidenceFailure> Missing() =>
        Throws.InstanceOf<EvidenceException>().With.Property(nameof(EvidenceException.Failure)).EqualTo(EvidenceFailure.TrailMissing);

    private static string Write(string kind, TemporaryFolder folder)
    {
        var location = Stores.NewLocation(kind, folder);
        using var trail = EvidenceTrail.Open(Stores.Open(kind, location), Records.Options);
        trail.AppendAsync(Records.Draft("1")).GetAwaiter().GetResult();
        trail.AppendAsync(Records.Draft("2")).GetAwaiter().GetResult();
        return location;
    }

    private static void Execute(string kind, string location, string sql)
    {
        using DbConnection connection = kind == Stores.Sqlite ? new SqliteConnection($"Data Source={location};Pooling=false") : new NpgsqlConnection(location);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those of the test cases.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
