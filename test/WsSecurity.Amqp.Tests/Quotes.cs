using System.Collections.Concurrent;
using System.ServiceModel;
using System.Text;
using System.Xml.Linq;
using Microsoft.Data.Sqlite;
using WsSecurity.Messaging;

namespace WsSecurity.Amqp.Tests;

[ServiceContract(Namespace = "urn:quotes")]
internal interface IQuotes
{
    [OperationContract]
    string Quote(string article);

    [OperationContract(Name = "QuoteLater")]
    Task<string> QuoteAsync(string article);

    [OperationContract(IsOneWay = true)]
    void Note(string text);
}

/// <summary>A handler that answers, and stores its answers with the keys of their requests.</summary>
internal sealed class Quotes : IDeliveryHandler, IDisposable
{
    private readonly SqliteConnection _database;

    public Quotes()
    {
        _database = new SqliteConnection($"Data Source=quotes{Guid.NewGuid():N};Mode=Memory;Cache=Shared");
        _database.Open();
        DeliveryLedger.CreateAsync(_database).GetAwaiter().GetResult();
    }

    /// <summary>What was computed, in order.</summary>
    public ConcurrentQueue<string> Computed { get; } = new();

    /// <summary>Runs before a request is answered, and may throw.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>Runs when the answer is committed, and may throw.</summary>
    public Func<string, Task>? After { get; set; }

    /// <summary>The content of the Body for a Body; by default one that names article, caller and how many were computed. null for none.</summary>
    public Func<XElement, string, XElement?>? Answer { get; set; }

    public async ValueTask<ReadOnlyMemory<byte>?> HandleAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        using var stream = delivery.Message.OpenRead();
        var envelope = XDocument.Load(stream).Root!;
        var request = envelope.Elements().Single(element => element.Name.LocalName == "Body").Elements().Single();
        await (Before?.Invoke(request.Value) ?? Task.CompletedTask);
        ReadOnlyMemory<byte>? reply;
        lock (_database)
        {
            using var transaction = _database.BeginTransaction();
            if (DeliveryLedger.TryRecordAsync(transaction, delivery, cancellationToken).GetAwaiter().GetResult())
            {
                Computed.Enqueue(request.Value);
                reply = Reply(envelope.Name.Namespace, request, delivery.Message.Principal.Identity!.Name!);
                if (reply is { } answer)
                {
                    DeliveryLedger.StoreReplyAsync(transaction, delivery, answer, cancellationToken).GetAwaiter().GetResult();
                }
            }
            else
            {
                reply = DeliveryLedger.FindReplyAsync(transaction, delivery, cancellationToken).GetAwaiter().GetResult();
            }

            transaction.Commit();
        }

        await (After?.Invoke(request.Value) ?? Task.CompletedTask);
        return reply;
    }

    public void Dispose() => _database.Dispose();

    private ReadOnlyMemory<byte>? Reply(XNamespace soap, XElement request, string caller)
    {
        if (request.Name.LocalName == "Note")
        {
            return null;
        }

        var name = request.Name.LocalName;
        var body = Answer is not null
            ? Answer(request, caller)
            : new XElement(request.Name + "Response", new XElement(request.Name.Namespace + $"{name}Result", $"{request.Value} for {caller}, quote {Computed.Count}"));
        return body is null ? null : Encoding.UTF8.GetBytes(new XElement(soap + "Envelope", new XElement(soap + "Body", body)).ToString(SaveOptions.DisableFormatting));
    }
}
