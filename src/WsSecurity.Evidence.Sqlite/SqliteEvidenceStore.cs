using Microsoft.Data.Sqlite;

namespace WsSecurity.Evidence.Sqlite;

/// <summary>
/// Keeps a trail in a table of an SQLite database: write-ahead log, synchronous FULL, one transaction an append. Triggers refuse to change or remove
/// records. Several processes of one machine may write; their appends wait for each other.
/// </summary>
public sealed class SqliteEvidenceStore : IEvidenceStore
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS evidence (sequence INTEGER PRIMARY KEY, header BLOB NOT NULL, content BLOB NOT NULL) STRICT;
        CREATE TRIGGER IF NOT EXISTS evidence_is_not_changed BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS evidence_is_not_removed BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
        """;

    private readonly SqliteConnection _connection;

    /// <summary>Opens the database, and creates it where it is missing.</summary>
    /// <param name="path">The file; on a local disk.</param>
    /// <exception cref="SqliteException">It cannot be used.</exception>
    public SqliteEvidenceStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Execute(Schema);

            // Of this connection, not of the file: each commit flushes the log.
            Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads a database that a trail was written to, also while it is being written. Nothing is created.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The entries, oldest first.</returns>
    /// <exception cref="EvidenceException">There is no trail.</exception>
    public static IEnumerable<EvidenceEntry> Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return File.Exists(path) ? ReadAll(path) : throw new EvidenceException(EvidenceFailure.TrailMissing, $"There is no file {path}.");
    }

    /// <inheritdoc/>
    /// <exception cref="SqliteException">The database is full, locked for longer than 30 seconds, or fails.</exception>
    public void Append(EvidenceBatch next)
    {
        ArgumentNullException.ThrowIfNull(next);

        // Immediate: whoever reads the newest entry also writes the next.
        using var transaction = _connection.BeginTransaction(deferred: false);
        var entries = next(new EvidenceTail { LastHeader = ReadLastHeader(transaction) });
        using var insert = _connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO evidence (sequence, header, content) VALUES ($sequence, $header, $content)";
        var sequence = insert.Parameters.Add("$sequence", SqliteType.Integer);
        var header = insert.Parameters.Add("$header", SqliteType.Blob);
        var content = insert.Parameters.Add("$content", SqliteType.Blob);
        foreach (var entry in entries)
        {
            (sequence.Value, header.Value, content.Value) = (entry.Sequence, entry.Header.ToArray(), entry.Content.ToArray());
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <inheritdoc/>
    public IEnumerable<EvidenceEntry> Read() => Read(_connection.DataSource);

    /// <summary>Closes the database.</summary>
    public void Dispose() => _connection.Dispose();

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static IEnumerable<EvidenceEntry> ReadAll(string path)
    {
        using var connection = Connect(path, SqliteOpenMode.ReadOnly);
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT sequence, header, content FROM evidence ORDER BY sequence";
        using var reader = Execute(select, path);
        while (reader.Read())
        {
            yield return new EvidenceEntry(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
        }
    }

    private static SqliteDataReader Execute(SqliteCommand select, string path)
    {
        try
        {
            return select.ExecuteReader();
        }
        catch (SqliteException exception)
        {
            throw new EvidenceException(EvidenceFailure.TrailMissing, $"{path} holds no evidence that can be read: {exception.Message}", exception);
        }
    }

    private byte[] ReadLastHeader(SqliteTransaction transaction)
    {
        using var select = _connection.CreateCommand();
        select.Transaction = transaction;
        select.CommandText = "SELECT header FROM evidence ORDER BY sequence DESC LIMIT 1";
        return select.ExecuteScalar() as byte[] ?? [];
    }

    private void Execute(string text)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
