using System.Buffers;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Our answer to what we verified: on the service's side to a request, on the client's to what the service called back on a duplex channel.</summary>
/// <param name="request">What was verified.</param>
/// <param name="context">What is known beside the reply's envelope.</param>
internal sealed class ReplyProtection(VerifiedRequest request, MessageContext context) : OutgoingProtection
{
    protected override void ProtectCore(ReadOnlyMemory<byte> envelope, IBufferWriter<byte> output) => request.ProtectReply(envelope, context, output);

    protected override void DisposeCore() => request.Dispose();
}
