using System.Data.Common;

namespace WsSecurity.Messaging;

/// <summary>
/// The keys of messages that had their effect, in a table of the handler's own database, so that key and effect are committed together. For
/// databases that know <c>ON CONFLICT DO NOTHING</c>: PostgreSQL and SQLite.
/// </summary>
public static class DeliveryLedger
{
    /// <summary>Creates the table <c>wssecurity_deliveries</c>, where it is missing.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task CreateAsync(DbConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = "CREATE TABLE IF NOT EXISTS wssecurity_deliveries (delivery_key VARCHAR(44) PRIMARY KEY)";
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Records a message in the transaction of its effects.</summary>
    /// <param name="transaction">The transaction; the effects belong into it, too.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>false where it had its effect before: there is nothing to do.</returns>
    public static async Task<bool> TryRecordAsync(DbTransaction transaction, Delivery delivery, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(delivery);
        var connection = transaction.Connection ?? throw new ArgumentException("The transaction is over.", nameof(transaction));
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.Transaction = transaction;
            command.CommandText = "INSERT INTO wssecurity_deliveries (delivery_key) VALUES (@key) ON CONFLICT DO NOTHING";
            var key = command.CreateParameter();
            key.ParameterName = "@key";
            key.Value = delivery.Key;
            command.Parameters.Add(key);
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
        }
    }
}
