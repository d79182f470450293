using System.Buffers;
using WsSecurity.Evidence;

namespace WsSecurity.Exchanges.Parties;

/// <summary>Keeps the messages of exchanges as evidence, where the services have a place for it.</summary>
internal sealed class ExchangeEvidence(MessageRecorder? recorder, ReplayReservations replays, TimeProvider timeProvider)
{
    /// <summary>Whether what is sent must be kept before it leaves.</summary>
    public bool KeepsSent => recorder is { KeepsSent: true };

    public void KeepSentRequest(ArrayBufferWriter<byte> wire, MessageContext context, Exchange exchange) =>
        recorder!.Keep(Of(EvidenceDirection.RequestSent, wire.WrittenMemory, context, exchange.Name));

    public async ValueTask KeepSentReplyAsync(ArrayBufferWriter<byte> wire, MessageContext context, Exchange exchange, CancellationToken cancellationToken) =>
        await recorder!.KeepAsync(Of(EvidenceDirection.ReplySent, wire.WrittenMemory, context, exchange.Name), cancellationToken).ConfigureAwait(false);

    /// <summary>What is to be kept of a message that came in, once it is known whether it is accepted.</summary>
    public MessageEvidence Of(EvidenceDirection direction, ReadOnlyMemory<byte> wire, MessageContext context, string exchange) =>
        new() { Direction = direction, Wire = wire, Context = context, Time = timeProvider.GetUtcNow(), Exchange = exchange };

    // After the replay cache has taken it: a replay is no evidence of a second message. A sender whose message could not be kept may send it again.
    public async ValueTask KeepAsync(MessageEvidence evidence, VerifiedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(evidence with { Exchange = request.Exchange.Name }, request.Message, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await replays.TryReleaseAsync(request.Exchange.ReplayKeys).ConfigureAwait(false);
            request.Dispose();
            throw;
        }
    }

    public async ValueTask KeepAsync(MessageEvidence evidence, VerifiedMessage verified, CancellationToken cancellationToken)
    {
        if (recorder is not null)
        {
            verified.EvidenceSequence = await recorder.KeepAsync(evidence with { Verified = verified }, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask KeepRefusedAsync(MessageEvidence evidence, WsSecurityException refusal, CancellationToken cancellationToken) =>
        recorder is { KeepsRefused: true } && refusal.Failure != SecurityFailure.EvidenceUnavailable
            ? recorder.KeepRefusedAsync(evidence with { Refusal = refusal }, cancellationToken)
            : ValueTask.CompletedTask;
}
