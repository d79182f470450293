#if COREWCF
using CoreWCF.Channels;
#else
using System.ServiceModel.Channels;
#endif

#if COREWCF
namespace WsSecurity.CoreWcf;
#else
namespace WsSecurity.ServiceModel;
#endif

/// <summary>
/// Where a received message keeps what it proved: a reply in <c>OperationContext.IncomingMessageProperties</c> of the caller's scope, a
/// callback in those of its operation.
/// </summary>
public static class ProtectionEvidenceProperty
{
    /// <summary>The name of the property; its value is a <see cref="ProtectionEvidence"/>.</summary>
    public const string Name = "WsSecurity.ProtectionEvidence";

    /// <summary>What the message proved: the verified tokens, and which parts they signed and encrypted.</summary>
    /// <param name="properties">The message's properties.</param>
    /// <returns>The evidence; null where the message did not come over a protected channel.</returns>
    public static ProtectionEvidence? GetProtectionEvidence(this MessageProperties properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return properties.TryGetValue(Name, out var value) ? value as ProtectionEvidence : null;
    }
}
