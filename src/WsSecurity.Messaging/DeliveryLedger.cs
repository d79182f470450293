using System.Data.Common;

namespace WsSecurity.Messaging;

/// <summary>
/// The keys of messages that had their effect, in a table of the handler's own database, so that key and effect are committed together. For
/// databases that know <c>ON CONFLICT DO NOTHING</c>: PostgreSQL and SQLite.
/// </summary>
public static class DeliveryLedger
{
    /// <summary>Creates the tables <c>wssecurity_deliveries</c> and <c>wssecurity_replies</c>, where they are missing.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task CreateAsync(DbConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        foreach (var table in new[] { "wssecurity_deliveries (delivery_key VARCHAR(44) PRIMARY KEY)", "wssecurity_replies (delivery_key VARCHAR(44) PRIMARY KEY, reply BYTEA NOT NULL)" })
        {
            var command = connection.CreateCommand();
            await using (command.ConfigureAwait(false))
            {
#pragma warning disable CA2100 // Both texts stand above.
                command.CommandText = $"CREATE TABLE IF NOT EXISTS {table}";
#pragma warning restore CA2100
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Records a message in the transaction of its effects.</summary>
    /// <param name="transaction">The transaction; the effects belong into it, too.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>false where it had its effect before: there is nothing to do but to answer with <see cref="FindReplyAsync"/>.</returns>
    public static Task<bool> TryRecordAsync(DbTransaction transaction, Delivery delivery, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return TryRecordAsync(transaction, delivery.Key, cancellationToken);
    }

    /// <summary>Records a message, known by its key alone, in the transaction of its effects.</summary>
    /// <param name="transaction">The transaction; the effects belong into it, too.</param>
    /// <param name="deliveryKey">What is the same for every delivery of the message, and for no other.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>false where it had its effect before.</returns>
    public static async Task<bool> TryRecordAsync(DbTransaction transaction, string deliveryKey, CancellationToken cancellationToken = default)
    {
        var command = CreateCommand(transaction, deliveryKey);
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = "INSERT INTO wssecurity_deliveries (delivery_key) VALUES (@key) ON CONFLICT DO NOTHING";
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
        }
    }

    /// <summary>Stores what a message is answered with in the transaction of its effects, so that it is answered alike when it comes again.</summary>
    /// <param name="transaction">The transaction; the effects belong into it, too.</param>
    /// <param name="delivery">The message, recorded before.</param>
    /// <param name="reply">The envelope in plain, as the handler returns it: it lies in the database as it is.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task StoreReplyAsync(DbTransaction transaction, Delivery delivery, ReadOnlyMemory<byte> reply, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var command = CreateCommand(transaction, delivery.Key);
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = "INSERT INTO wssecurity_replies (delivery_key, reply) VALUES (@key, @reply)";
            var octets = command.CreateParameter();
            octets.ParameterName = "@reply";
            octets.Value = reply.ToArray();
            command.Parameters.Add(octets);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The reply of a message that had its effect before.</summary>
    /// <param name="transaction">A transaction in which <c>TryRecordAsync</c> said false.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>null where none was stored; the handler returns null, and the sender learns that it is done but not what came of it.</returns>
    public static async Task<ReadOnlyMemory<byte>?> FindReplyAsync(DbTransaction transaction, Delivery delivery, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var command = CreateCommand(transaction, delivery.Key);
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = "SELECT reply FROM wssecurity_replies WHERE delivery_key = @key";
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is byte[] reply ? new ReadOnlyMemory<byte>(reply) : null;
        }
    }

    private static DbCommand CreateCommand(DbTransaction transaction, string deliveryKey)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentException.ThrowIfNullOrEmpty(deliveryKey);
        var connection = transaction.Connection ?? throw new ArgumentException("The transaction is over.", nameof(transaction));
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        var key = command.CreateParameter();
        key.ParameterName = "@key";
        key.Value = deliveryKey;
        command.Parameters.Add(key);
        return command;
    }
}
