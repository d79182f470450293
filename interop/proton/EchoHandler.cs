using System.Collections.Concurrent;
using System.Xml.Linq;
using WsSecurity.Messaging;

namespace WsSecurity.Interop.Wss4j.Proton;

/// <summary>Our side as a service behind a queue: it sends back what was in the Body.</summary>
internal sealed class EchoHandler : IDeliveryHandler
{
    /// <summary>The messages that were accepted, by what they proved.</summary>
    public ConcurrentQueue<ProtectionEvidence> Accepted { get; } = [];

    /// <summary>Runs before a message is answered.</summary>
    public Func<CancellationToken, Task>? Before { get; set; }

    public async ValueTask<ReadOnlyMemory<byte>?> HandleAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        Accepted.Enqueue(delivery.Message.Evidence);
        await (Before?.Invoke(cancellationToken) ?? Task.CompletedTask);
        using var stream = delivery.Message.OpenRead();
        var envelope = XDocument.Load(stream, LoadOptions.PreserveWhitespace).Root!;
        var soap = envelope.Name.Namespace;
        var payload = envelope.Element(soap + "Body")!.Elements().Single();
        return Messages.Write(new XElement(
            soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "s", soap),
            new XElement(soap + "Body", new XElement(Messages.Service + "EchoResponse", new XAttribute(XNamespace.Xmlns + "e", Messages.Service), payload.Nodes()))));
    }
}
