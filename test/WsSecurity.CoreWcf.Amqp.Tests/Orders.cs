using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using WsSecurity.Messaging;

namespace WsSecurity.CoreWcf.Amqp.Tests;

/// <summary>The contract as the service and the client both see it: CoreWCF reads the attributes of System.ServiceModel.</summary>
[System.ServiceModel.ServiceContract(Namespace = "urn:orders")]
internal interface IOrders
{
    [System.ServiceModel.OperationContract]
    string Place(string article);

    [System.ServiceModel.OperationContract(IsOneWay = true)]
    void Note(string text);
}

/// <summary>One-way alone: nobody waits for anything but the broker.</summary>
[System.ServiceModel.ServiceContract(Namespace = "urn:orders", Name = "INotes")]
internal interface INotes
{
    [System.ServiceModel.OperationContract(IsOneWay = true)]
    void Note(string text);
}

/// <summary>A service that writes what it got into a database, together with the message's key.</summary>
[CoreWCF.ServiceBehavior(InstanceContextMode = CoreWCF.InstanceContextMode.Single, ConcurrencyMode = CoreWCF.ConcurrencyMode.Multiple, IncludeExceptionDetailInFaults = false)]
internal sealed class Orders : IOrders, INotes, IDisposable
{
    private readonly SqliteConnection _database = new($"Data Source=orders{Guid.NewGuid():N};Mode=Memory;Cache=Shared");

    public Orders()
    {
        _database.Open();
        DeliveryLedger.CreateAsync(_database).GetAwaiter().GetResult();
    }

    /// <summary>Every attempt, whether it had an effect or not.</summary>
    public ConcurrentQueue<string> Attempts { get; } = [];

    /// <summary>What had its effect.</summary>
    public ConcurrentQueue<string> Done { get; } = [];

    /// <summary>Runs before an effect, and may throw.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Runs when an effect is committed, and may throw.</summary>
    public Action<string>? After { get; set; }

    public string Place(string article)
    {
        Commit(article);
        return $"{article} for {Caller}";
    }

    public void Note(string text) => Commit(text);

    /// <summary>Waits until so many had their effect, or a minute is over.</summary>
    public async Task WaitForAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (Done.Count < count)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    public void Dispose() => _database.Dispose();

    private static string Caller => CoreWCF.ServiceSecurityContext.Current.PrimaryIdentity.Name!;

    private void Commit(string text)
    {
        Attempts.Enqueue(text);
        Before?.Invoke(text);
        var key = CoreWCF.OperationContext.Current.IncomingMessageProperties.GetDeliveryKey()!;
        lock (_database)
        {
            using var transaction = _database.BeginTransaction();
            if (DeliveryLedger.TryRecordAsync(transaction, key).GetAwaiter().GetResult())
            {
                Done.Enqueue($"{text} for {Caller}");
            }

            transaction.Commit();
        }

        After?.Invoke(text);
    }
}
