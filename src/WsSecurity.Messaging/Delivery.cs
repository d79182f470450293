namespace WsSecurity.Messaging;

/// <summary>A verified message from a queue or a mailbox.</summary>
public sealed class Delivery
{
    internal Delivery(VerifiedMessage message, string key)
    {
        Message = message;
        Key = key;
    }

    /// <summary>The message in plain, who sent it, and what was proved. Valid until the handler returns.</summary>
    public VerifiedMessage Message { get; }

    /// <summary>
    /// The same for every delivery of the same message, however often it is sent or redelivered, and for no other: what is stored together with
    /// the handler's effects (see <see cref="DeliveryLedger"/>) keeps them from happening twice. Base64, 44 characters.
    /// </summary>
    public string Key { get; }
}
