using System.CommandLine;
using System.Data.Common;
using WsSecurity.Evidence;
using WsSecurity.Evidence.PostgreSql;
using WsSecurity.Evidence.Sqlite;

namespace WsSecurity.Cli.Commands;

/// <summary>The options that say where a trail is kept, and the reading of it. Nothing is written there, and no writer is waited for.</summary>
internal sealed class EvidenceSource
{
    private readonly Option<string?> _path = new("--in", "-i") { Description = "The trail: a folder, an SQLite database, or an exported file.", HelpName = "path" };

    private readonly Option<string?> _postgreSql = new("--postgresql")
    {
        Description = "The trail is in PostgreSQL: the connection string; its password comes from PGPASSWORD or a password file.",
        HelpName = "connection",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_path);
        command.Options.Add(_postgreSql);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_path) is null == result.GetValue(_postgreSql) is null)
            {
                result.AddError("Either --in or --postgresql is required.");
            }
        });
    }

    public IEnumerable<EvidenceEntry> Read(ParseResult parsed)
    {
        var entries = parsed.GetValue(_postgreSql) is { } connection ? PostgreSqlEvidenceStore.Read(connection) : ReadPath(parsed.GetValue(_path)!);
        using var remaining = entries.GetEnumerator();
        while (MoveNext(remaining))
        {
            yield return remaining.Current;
        }
    }

    private static bool MoveNext(IEnumerator<EvidenceEntry> entries)
    {
        try
        {
            return entries.MoveNext();
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"The trail cannot be read: {exception.Message}");
        }
    }

    private static IEnumerable<EvidenceEntry> ReadPath(string path)
    {
        foreach (var entry in IsSqlite(path) ? SqliteEvidenceStore.Read(path) : FileEvidenceStore.Read(path))
        {
            yield return entry;
        }
    }

    // The first 16 octets of the file format, section 1.3.
    private static bool IsSqlite(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> magic = stackalloc byte[16];
        return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("SQLite format 3\0"u8);
    }
}
