using System.Buffers;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>One request of ours and the reply that it waits for.</summary>
/// <param name="initiator">Protects the request.</param>
/// <param name="context">What is known beside the request's envelope.</param>
internal sealed class RequestExchange(Initiator initiator, MessageContext context) : OutgoingProtection
{
    /// <summary>What is known beside the request's envelope.</summary>
    public MessageContext Context { get; } = context;

    /// <summary>Reads the reply; null until the request was protected.</summary>
    public PendingReply? PendingReply { get; private set; }

    protected override void ProtectCore(ReadOnlyMemory<byte> envelope, IBufferWriter<byte> output) =>
        PendingReply = initiator.ProtectRequest(envelope, Context, output);

    protected override void DisposeCore() => PendingReply?.Dispose();
}
