using System.Buffers;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Our answer to what the service called back on a duplex channel.</summary>
/// <param name="request">The verified callback.</param>
/// <param name="context">What is known beside the reply's envelope.</param>
internal sealed class CallbackReply(VerifiedRequest request, MessageContext context) : OutgoingProtection
{
    protected override void ProtectCore(ReadOnlyMemory<byte> envelope, IBufferWriter<byte> output) => request.ProtectReply(envelope, context, output);

    protected override void DisposeCore() => request.Dispose();
}
