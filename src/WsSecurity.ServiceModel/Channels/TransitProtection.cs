using System.Buffers;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>A message's protection for the service, and over it the header for a node on the way.</summary>
/// <param name="endToEnd">The protection for the service; it belongs to its channel, and ends there.</param>
/// <param name="initiator">Adds the header.</param>
/// <param name="context">What is known beside the envelope.</param>
internal sealed class TransitProtection(OutgoingProtection endToEnd, TransitInitiator initiator, MessageContext context) : OutgoingProtection
{
    protected override void ProtectCore(ReadOnlyMemory<byte> envelope, IBufferWriter<byte> output)
    {
        var protectedEnvelope = new ArrayBufferWriter<byte>(envelope.Length + (envelope.Length / 2) + 1);
        endToEnd.Protect(envelope, protectedEnvelope);
        initiator.Protect(protectedEnvelope.WrittenMemory, context, output);
    }

    protected override void DisposeCore()
    {
    }
}
