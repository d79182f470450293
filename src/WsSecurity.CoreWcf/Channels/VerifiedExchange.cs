using CoreWCF.Channels;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>A request that was verified: what the service sees of it, and what its reply needs.</summary>
/// <param name="Message">What the service sees.</param>
/// <param name="Request">The request.</param>
/// <param name="ProtectionLevel">What the contract states for the operation; null where it states nothing.</param>
/// <param name="IsRedelivered">Whether the message comes again where its operation has no effect, so that the replay cache is told afterwards.</param>
internal sealed record VerifiedExchange(Message Message, VerifiedRequest Request, ProtectionLevel? ProtectionLevel, bool IsRedelivered) : IDisposable
{
    public void Dispose() => Request.Dispose();
}
