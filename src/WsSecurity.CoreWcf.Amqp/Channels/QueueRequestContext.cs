using CoreWCF.Channels;
using WsSecurity.CoreWcf.Channels;
using WsSecurity.Messaging;

namespace WsSecurity.CoreWcf.Amqp.Channels;

/// <summary>
/// One message at a service: the dispatcher closes it when its operation is done, and aborts it when that threw and nobody was told. CoreWCF answers one-way
/// messages with null before their operation runs, so only the end counts.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="encoder">Writes replies.</param>
/// <param name="buffers">The encoder's buffers.</param>
/// <param name="reply">The way back; null where nobody waits.</param>
/// <param name="stoppingToken">The host stops.</param>
internal sealed class QueueRequestContext(
    Message message, MessageEncoder encoder, BufferManager buffers, Func<DeliveryReply, CancellationToken, ValueTask>? reply, CancellationToken stoppingToken) : RequestContext
{
    private readonly TaskCompletionSource<DeliveryOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DeliveryOutcome _whenClosed = DeliveryOutcome.Handled;
    private bool _isAnswered;

    /// <summary>What became of the message, when it is over.</summary>
    public Task<DeliveryOutcome> Outcome => _outcome.Task;

    public override Message RequestMessage => message;

    public override void Abort() => _outcome.TrySetResult(DeliveryOutcome.Failed);

    public override Task ReplyAsync(Message answer) => ReplyAsync(answer, CancellationToken.None);

    public override async Task ReplyAsync(Message? answer, CancellationToken token)
    {
        if (answer is null)
        {
            return;
        }

        if (RefusalFault.FailureOf(answer) is { } failure)
        {
            _whenClosed = failure switch
            {
                SecurityFailure.MessageReplayed => DeliveryOutcome.Duplicate,
                SecurityFailure.ReplayCacheUnavailable or SecurityFailure.EvidenceUnavailable or SecurityFailure.ValidatorFailed => DeliveryOutcome.Failed,
                _ => DeliveryOutcome.Refused,
            };
        }

        if (_whenClosed is DeliveryOutcome.Handled or DeliveryOutcome.Refused)
        {
            await SendAsync(answer).ConfigureAwait(false);
        }
    }

    public override Task CloseAsync() => CloseAsync(CancellationToken.None);

    public override async Task CloseAsync(CancellationToken token)
    {
        // Whoever waits for the end of a one-way operation learns of it.
        if (_whenClosed == DeliveryOutcome.Handled && !_isAnswered && reply is not null)
        {
            await reply(new DeliveryReply(ReadOnlyMemory<byte>.Empty, SoapVersion.Soap11, IsFault: false), stoppingToken).ConfigureAwait(false);
        }

        _outcome.TrySetResult(_whenClosed);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            message.Close();
        }

        base.Dispose(disposing);
    }

    private async Task SendAsync(Message answer)
    {
        _isAnswered = true;
        var isFault = answer.IsFault;
        var version = answer.Version.Envelope == CoreWCF.EnvelopeVersion.Soap12 ? SoapVersion.Soap12 : SoapVersion.Soap11;
        if (answer.Version.Addressing == AddressingVersion.None)
        {
            // They are no headers of the envelope then, only notes.
            answer.Headers.Action = null;
            answer.Headers.To = null;
        }

        var encoded = encoder.WriteMessage(answer, int.MaxValue, buffers);
        try
        {
            if (reply is not null)
            {
                await reply(new DeliveryReply(encoded, version, isFault), stoppingToken).ConfigureAwait(false);
            }
        }
        finally
        {
            buffers.ReturnBuffer(encoded.Array);
        }
    }
}
