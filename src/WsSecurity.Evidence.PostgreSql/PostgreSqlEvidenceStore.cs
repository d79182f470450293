using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace WsSecurity.Evidence.PostgreSql;

/// <summary>
/// Keeps a trail in a table of a PostgreSQL database, one transaction an append, durable before it counts. Triggers refuse to change or remove records; a
/// role that may only SELECT and INSERT is enough to write. Any number of processes may write to one trail; an advisory lock orders their appends.
/// </summary>
public sealed class PostgreSqlEvidenceStore : IEvidenceStore
{
    private const string DefaultTable = "wssec_evidence";

    private readonly NpgsqlDataSource _database;
    private readonly string _table;
    private readonly bool _commitsAsynchronously;

    /// <summary>Connects, and creates the table where it is missing.</summary>
    /// <param name="connectionString">As Npgsql has it.</param>
    /// <param name="table">The table: letters, digits and underscores, with a schema and a dot before it where needed.</param>
    /// <exception cref="ArgumentException">The table's name is none.</exception>
    /// <exception cref="NpgsqlException">The server does not answer, or refuses.</exception>
    /// <exception cref="InvalidOperationException">The server runs with fsync off, so that it can promise nothing.</exception>
    public PostgreSqlEvidenceStore(string connectionString, string table = DefaultTable)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        _table = Demand(table);
        _database = NpgsqlDataSource.Create(connectionString);
        try
        {
            using var connection = _database.OpenConnection();
            if (Show(connection, "fsync") != "on")
            {
                throw new InvalidOperationException("The PostgreSQL server runs with fsync off: what it acknowledges, a crash can take back.");
            }

            _commitsAsynchronously = Show(connection, "synchronous_commit") == "off";
            CreateTable(connection);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>Reads a table that a trail was written to. Nothing is created.</summary>
    /// <param name="connectionString">As Npgsql has it.</param>
    /// <param name="table">The table.</param>
    /// <returns>The entries, oldest first.</returns>
    /// <exception cref="EvidenceException">There is no trail.</exception>
    public static IEnumerable<EvidenceEntry> Read(string connectionString, string table = DefaultTable)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return ReadAll(connectionString, Demand(table));
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The server does not answer, or refuses.</exception>
    public void Append(EvidenceBatch next)
    {
        ArgumentNullException.ThrowIfNull(next);
        using var connection = _database.OpenConnection();
        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        if (_commitsAsynchronously)
        {
            Execute(connection, "SET LOCAL synchronous_commit = on");
        }

        // Until the end of the transaction: whoever reads the newest entry also writes the next.
        Execute(connection, $"SELECT pg_advisory_xact_lock('{_table}'::regclass::oid::bigint)");
        var entries = next(new EvidenceTail { LastHeader = ReadLastHeader(connection) });
        using (var import = connection.BeginBinaryImport($"COPY {_table} (sequence, header, content) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var entry in entries)
            {
                import.StartRow();
                import.Write(entry.Sequence, NpgsqlDbType.Bigint);
                import.Write(entry.Header, NpgsqlDbType.Bytea);
                import.Write(entry.Content, NpgsqlDbType.Bytea);
            }

            import.Complete();
        }

        transaction.Commit();
    }

    /// <inheritdoc/>
    public IEnumerable<EvidenceEntry> Read()
    {
        using var connection = _database.OpenConnection();
        foreach (var entry in Read(connection, _table))
        {
            yield return entry;
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _database.Dispose();

    // It stands in statements, where no parameter may.
    private static string Demand(string table) =>
        table is { Length: > 0 } && table.Split('.') is { Length: <= 2 } parts
            && parts.All(part => part.Length is > 0 and <= 48 && !char.IsAsciiDigit(part[0]) && part.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_'))
            ? table
            : throw new ArgumentException($"'{table}' is no name of a table: lower case letters, digits and underscores, with a schema and a dot before it where needed.", nameof(table));

    private static string? Show(NpgsqlConnection connection, string setting)
    {
        using var command = new NpgsqlCommand($"SHOW {setting}", connection);
        return command.ExecuteScalar() as string;
    }

    private static void Execute(NpgsqlConnection connection, string text)
    {
        using var command = new NpgsqlCommand(text, connection);
        command.ExecuteNonQuery();
    }

    private static IEnumerable<EvidenceEntry> ReadAll(string connectionString, string table)
    {
        using var database = NpgsqlDataSource.Create(connectionString);
        using var connection = database.OpenConnection();
        foreach (var entry in Read(connection, table))
        {
            yield return entry;
        }
    }

    private static IEnumerable<EvidenceEntry> Read(NpgsqlConnection connection, string table)
    {
        if (!Exists(connection, table))
        {
            throw new EvidenceException(EvidenceFailure.TrailMissing, $"The database has no table {table}.");
        }

        using var select = new NpgsqlCommand($"SELECT sequence, header, content FROM {table} ORDER BY sequence", connection);
        using var reader = select.ExecuteReader();
        while (reader.Read())
        {
            yield return new EvidenceEntry(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
        }
    }

    private static bool Exists(NpgsqlConnection connection, string table)
    {
        using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection);
        command.Parameters.AddWithValue(table);
        return command.ExecuteScalar() is true;
    }

    // Two processes may come first at once; and a role that only writes may create nothing.
    private void CreateTable(NpgsqlConnection connection)
    {
        if (Exists(connection, _table))
        {
            return;
        }

        // Of the session and not of a transaction: only one that begins afterwards is sure to see what another process has created meanwhile.
        Execute(connection, $"SELECT pg_advisory_lock(hashtext('{_table}'))");
        try
        {
            if (!Exists(connection, _table))
            {
                // One text is one transaction.
                Execute(connection, $"""
                    CREATE TABLE {_table} (sequence bigint PRIMARY KEY, header bytea NOT NULL, content bytea NOT NULL);
                    ALTER TABLE {_table} ALTER COLUMN content SET STORAGE EXTERNAL;
                    CREATE FUNCTION {_table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'evidence is append-only'; END $$;
                    CREATE TRIGGER {_table.Replace('.', '_')}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {_table}
                        FOR EACH STATEMENT EXECUTE FUNCTION {_table}_is_append_only();
                    """);
            }
        }
        finally
        {
            Execute(connection, $"SELECT pg_advisory_unlock(hashtext('{_table}'))");
        }
    }

    private byte[] ReadLastHeader(NpgsqlConnection connection)
    {
        using var select = new NpgsqlCommand($"SELECT header FROM {_table} ORDER BY sequence DESC LIMIT 1", connection);
        return select.ExecuteScalar() as byte[] ?? [];
    }
}
