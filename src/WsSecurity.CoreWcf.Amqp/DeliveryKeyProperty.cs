using CoreWCF.Channels;
using WsSecurity.CoreWcf.Channels;

namespace WsSecurity.CoreWcf.Amqp;

/// <summary>Where a message from a queue keeps its name, in <c>OperationContext.Current.IncomingMessageProperties</c> of its operation.</summary>
public static class DeliveryKeyProperty
{
    /// <summary>The name of the property; its value is a string.</summary>
    public const string Name = Redelivery.Name;

    /// <summary>
    /// The same for every delivery of the same message, however often it is sent or redelivered, and for no other: what an operation commits together with
    /// its effects (see <see cref="Messaging.DeliveryLedger"/>) keeps them from happening twice. Base64, 44 characters.
    /// </summary>
    /// <param name="properties">The message's properties.</param>
    /// <returns>The key; null where the message did not come from a queue, or over a binding without <see cref="WsSecurityBindingElement"/>.</returns>
    public static string? GetDeliveryKey(this MessageProperties properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return properties.TryGetValue(Name, out var key) && key is string { Length: > 0 } name ? name : null;
    }
}
