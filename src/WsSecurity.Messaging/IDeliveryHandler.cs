namespace WsSecurity.Messaging;

/// <summary>Does the work that a message asks for.</summary>
public interface IDeliveryHandler
{
    /// <summary>
    /// Handles a message. It comes at least once: after a crash between the handler's commit and the broker's acknowledgement it comes again, so the
    /// handler commits <see cref="Delivery.Key"/> in the transaction of its effects, and does nothing for a key that is there.
    /// </summary>
    /// <param name="delivery">The message.</param>
    /// <param name="cancellationToken">The host stops; an <see cref="OperationCanceledException"/> leaves the message where it was.</param>
    /// <returns>
    /// The envelope of the reply in plain, UTF-8, for messages that ask for one; null for none. A fault says that there was no effect: it goes to whoever waits for the reply,
    /// and where nobody does the message is to come again.
    /// </returns>
    /// <exception cref="Exception">Any: the message had no effect, and is to come again.</exception>
    ValueTask<ReadOnlyMemory<byte>?> HandleAsync(Delivery delivery, CancellationToken cancellationToken);
}
