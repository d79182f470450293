using Amqp;
using Amqp.Framing;

namespace WsSecurity.Amqp.Tests;

/// <summary>A queue as whoever has access to the broker sees it.</summary>
internal static class RawQueue
{
    // The queue is declared with the link, and must be declared alike by all.
    private const uint Durable = 2;

    public static async Task<Message?> TakeAsync(Uri queue)
    {
        var connection = await new ConnectionFactory().CreateAsync(AddressOf(queue));
        var link = new ReceiverLink(new Session(connection), "take", new Source { Address = queue.AbsolutePath[1..], Durable = Durable }, null);
        link.SetCredit(1, autoRestore: false);
        var message = await link.ReceiveAsync(TimeSpan.FromSeconds(30));
        link.Accept(message);
        await connection.CloseAsync();
        return message;
    }

    public static Task SendAsync(Uri queue, params Message[] messages) => SendAsync(queue, queue.AbsolutePath[1..], messages);

    public static async Task SendAsync(Uri broker, string node, params Message[] messages)
    {
        var connection = await new ConnectionFactory().CreateAsync(AddressOf(broker));
        var link = new SenderLink(new Session(connection), "put", new Target { Address = node, Durable = Durable }, null);
        foreach (var message in messages)
        {
            await link.SendAsync(new Message
            {
                BodySection = message.BodySection,
                Header = new Header { Durable = true },
                Properties = message.Properties,
                ApplicationProperties = message.ApplicationProperties,
            });
        }

        await connection.CloseAsync();
    }

    private static Address AddressOf(Uri queue) => new(queue.Host, queue.Port, "guest", "guest", "/", "AMQP");
}
