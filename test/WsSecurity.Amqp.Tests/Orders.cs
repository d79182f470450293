using System.ServiceModel;
using System.Xml.Linq;
using Microsoft.Data.Sqlite;

namespace WsSecurity.Messaging.Tests;

/// <summary>One-way alone: nobody waits for anything but the broker or the mail server.</summary>
[ServiceContract(Namespace = "urn:orders")]
internal interface INotes
{
    [OperationContract(IsOneWay = true)]
    void Note(string text);

    [OperationContract(IsOneWay = true)]
    Task NoteAsync(string text);
}

/// <summary>A handler that writes what it got into a database, together with the message's key.</summary>
internal sealed class Orders : IDeliveryHandler, IDisposable
{
    private readonly SqliteConnection _keepsTheDatabase;
    private readonly string _connectionString;

    public Orders(string? file = null)
    {
        _connectionString = file is null ? $"Data Source=orders{Guid.NewGuid():N};Mode=Memory;Cache=Shared" : $"Data Source={file};Pooling=False";
        _keepsTheDatabase = new SqliteConnection(_connectionString);
        _keepsTheDatabase.Open();
        Execute("CREATE TABLE IF NOT EXISTS orders (article TEXT, caller TEXT)");
        DeliveryLedger.CreateAsync(_keepsTheDatabase).GetAwaiter().GetResult();
    }

    /// <summary>Runs before a message is written, and may throw.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>Runs when a message is committed, and may throw.</summary>
    public Func<string, Task>? After { get; set; }

    public IReadOnlyList<string> Articles
    {
        get
        {
            lock (_keepsTheDatabase)
            {
                using var command = _keepsTheDatabase.CreateCommand();
                command.CommandText = "SELECT article || ' for ' || caller FROM orders ORDER BY rowid";
                using var reader = command.ExecuteReader();
                var articles = new List<string>();
                while (reader.Read())
                {
                    articles.Add(reader.GetString(0));
                }

                return articles;
            }
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> HandleAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        using var stream = delivery.Message.OpenRead();
        var envelope = XDocument.Load(stream).Root!;
        var article = envelope.Elements().Single(element => element.Name.LocalName == "Body").Value;
        await (Before?.Invoke(article) ?? Task.CompletedTask);
        lock (_keepsTheDatabase)
        {
            using var transaction = _keepsTheDatabase.BeginTransaction();
            if (DeliveryLedger.TryRecordAsync(transaction, delivery, cancellationToken).GetAwaiter().GetResult())
            {
                using var command = _keepsTheDatabase.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "INSERT INTO orders VALUES (@article, @caller)";
                command.Parameters.AddWithValue("@article", article);
                command.Parameters.AddWithValue("@caller", delivery.Message.Principal.Identity!.Name);
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        await (After?.Invoke(article) ?? Task.CompletedTask);
        return null;
    }

    /// <summary>Waits until so many orders are there, or a minute is over.</summary>
    public async Task WaitForAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (Articles.Count < count)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    public void Dispose() => _keepsTheDatabase.Dispose();

    private void Execute(string sql)
    {
        using var command = _keepsTheDatabase.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
