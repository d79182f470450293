using CoreWCF.Channels;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>
/// Marks messages whose carrier brings them again until it learns what became of them: their request context is closed when the operation has had its
/// effect, and aborted when it had none. The replay cache learns it then, and not before the operation runs.
/// </summary>
internal static class Redelivery
{
    /// <summary>The property of a received message that a transport sets, and, of the verified one, that holds its key.</summary>
    public const string Name = "WsSecurity.DeliveryKey";

    public static void Mark(Message received) => received.Properties[Name] = string.Empty;

    public static bool IsMarked(Message received) => received.Properties.ContainsKey(Name);
}
