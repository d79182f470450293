using System.Text;
using System.Xml.Linq;
using Microsoft.Data.Sqlite;
using WsSecurity.Messaging;

namespace Samples.Amqp;

/// <summary>The service: each order and its answer are committed together with the message's key, so that an order that comes again is answered alike and not placed twice.</summary>
internal sealed class OrdersHandler : IDeliveryHandler, IDisposable
{
    private static readonly XNamespace Orders = "urn:orders";

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SqliteConnection _database = new("Data Source=:memory:");

    public OrdersHandler()
    {
        _database.Open();
        DeliveryLedger.CreateAsync(_database).GetAwaiter().GetResult();
    }

    /// <summary>How many orders were placed.</summary>
    public int Placed { get; private set; }

    /// <summary>How often a message came.</summary>
    public int Deliveries { get; private set; }

    public async ValueTask<ReadOnlyMemory<byte>?> HandleAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            Deliveries++;
            using var stream = delivery.Message.OpenRead();
            var envelope = XDocument.Load(stream).Root!;
            var article = envelope.Descendants(Orders + "article").Single().Value;
            var (reply, isNew) = await PlaceAsync(delivery, envelope.Name.Namespace, article, cancellationToken);

            // What a crash between the commit and the broker's acknowledgement looks like to everybody else.
            return article == "hedge" && isNew ? throw new IOException("the power fails") : reply;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _database.Dispose();
        _one.Dispose();
    }

    private async Task<(ReadOnlyMemory<byte>? Reply, bool IsNew)> PlaceAsync(Delivery delivery, XNamespace soap, string article, CancellationToken cancellationToken)
    {
        await using var transaction = await _database.BeginTransactionAsync(cancellationToken);
        if (!await DeliveryLedger.TryRecordAsync(transaction, delivery, cancellationToken))
        {
            return (await DeliveryLedger.FindReplyAsync(transaction, delivery, cancellationToken), false);
        }

        XElement body = article == "unicorn"
            ? new(soap + "Fault", new XElement("faultcode", "Client"), new XElement("faultstring", "sold out"))
            : new(Orders + "PlaceResponse", new XElement(Orders + "PlaceResult", $"{article} for {delivery.Message.Principal.Identity!.Name}, order {++Placed}"));
        var reply = Encoding.UTF8.GetBytes(new XElement(soap + "Envelope", new XElement(soap + "Body", body)).ToString(SaveOptions.DisableFormatting));
        await DeliveryLedger.StoreReplyAsync(transaction, delivery, reply, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (reply, true);
    }
}
