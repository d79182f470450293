using System.ServiceModel;
using Microsoft.Data.Sqlite;
using WsSecurity.AspNetCore;
using WsSecurity.Messaging;

namespace Samples.Mail;

[ServiceContract(Namespace = "urn:orders")]
public interface IOrders
{
    [OperationContract(IsOneWay = true)]
    Task Place(string article);
}

/// <summary>An ordinary SOAP service. All that it knows of mail is that a message may come twice.</summary>
internal sealed class Orders(IHttpContextAccessor accessor, SqliteConnection database) : IOrders
{
    public async Task Place(string article)
    {
        var context = accessor.HttpContext!;
        await using var transaction = await database.BeginTransactionAsync();
        if (context.Features.Get<IDeliveryFeature>() is { Delivery: { } delivery } && !await DeliveryLedger.TryRecordAsync(transaction, delivery))
        {
            Console.WriteLine($"came again  {article}");
            return;
        }

        await using var command = database.CreateCommand();
        command.Transaction = (SqliteTransaction)transaction;
        command.CommandText = "INSERT INTO orders VALUES (@article, @caller)";
        command.Parameters.AddWithValue("@article", article);
        command.Parameters.AddWithValue("@caller", context.User.Identity!.Name);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        Console.WriteLine($"ordered     {article} for {context.User.Identity.Name}");
    }
}
