using System.Buffers;
using System.Xml;
using Microsoft.Extensions.Logging;

namespace WsSecurity.Messaging;

/// <summary>
/// Verifies messages that a queue or a mailbox brings, and hands them to a handler. What comes twice is handled once, as long as the process
/// and the replay cache live; beyond that by <see cref="Delivery.Key"/>. Thread-safe.
/// </summary>
public sealed class DeliveryReceiver
{
    private readonly Recipient _recipient;
    private readonly IDeliveryHandler _handler;
    private readonly ILogger _logger;

    /// <summary>Checks policy and credentials, and creates the receiver.</summary>
    /// <param name="policy">What messages must prove. Its Timestamps live as long as messages may wait (<see cref="Tolerances.TimestampLifetime"/> at the sender).</param>
    /// <param name="credentials">Our keys, and whom we trust.</param>
    /// <param name="handler">Does the work.</param>
    /// <param name="services">Clock, log and replay cache; <see cref="SecurityServices.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The policy contradicts itself, is not supported or does not detect replays, or the credentials lack what it needs.</exception>
    public DeliveryReceiver(SecurityPolicy policy, SecurityCredentials credentials, IDeliveryHandler handler, SecurityServices? services = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(handler);
        if (!policy.DetectReplays)
        {
            throw new ArgumentException("Queues and mail deliver more than once; DetectReplays must be true, or every delivery would have its effect.", nameof(policy));
        }

        services ??= SecurityServices.Default;
        _recipient = new Recipient(policy, credentials, services);
        _handler = handler;
        _logger = services.LoggerFactory.CreateLogger<DeliveryReceiver>();
    }

    /// <summary>The largest message, in octets.</summary>
    public int MaxMessageSize => _recipient.Policy.Limits.MaxMessageSize;

    /// <summary>Verifies and handles one delivery.</summary>
    /// <param name="wire">The envelope as it was received; must stay unchanged until the call ends.</param>
    /// <param name="context">What the carrier says beside it.</param>
    /// <param name="reply">
    /// Brings the reply, or the standard fault where the message is refused, to its sender, and ends when the carrier has it; null where nobody waits
    /// for one. Where it throws, the message counts as failed and is to come again: its handler has committed, and answers with the reply that it stored.
    /// </param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="OperationCanceledException">It was given up, and is to come again.</exception>
    public async ValueTask<DeliveryOutcome> ReceiveAsync(
        ReadOnlyMemory<byte> wire, MessageContext context, Func<DeliveryReply, CancellationToken, ValueTask>? reply, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        VerifiedRequest request;
        try
        {
            request = await _recipient.VerifyRequestAsync(wire, context, cancellationToken).ConfigureAwait(false);
        }
        catch (WsSecurityException refusal)
        {
            return await RefuseAsync(refusal, wire, reply, cancellationToken).ConfigureAwait(false);
        }

        using (request)
        {
            if (request.ReplayKey is not { } key)
            {
                var unnamed = new WsSecurityException(SecurityFailure.SignatureMissing, "Neither a signature nor a nonce tells the message from another delivery of it.");
                return await RefuseAsync(unnamed, wire, reply, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                var answer = await _handler.HandleAsync(new Delivery(request.Message, key), cancellationToken).ConfigureAwait(false);
                if (reply is not null)
                {
                    // Before the replay cache is told: a message whose reply did not get away comes again, and must not count as a duplicate.
                    await ReplyAsync(request, answer, reply, cancellationToken).ConfigureAwait(false);
                }
                else if (answer is { IsEmpty: false } envelope && PlainReply.IsFault(envelope))
                {
                    await ReleaseAsync(request).ConfigureAwait(false);
                    Log.FaultForNobody(_logger);
                    return DeliveryOutcome.Failed;
                }
            }
            catch (Exception failure)
            {
                await ReleaseAsync(request).ConfigureAwait(false);
                if (failure is OperationCanceledException && cancellationToken.IsCancellationRequested)
                {
                    throw;
                }

                Log.HandlerFailed(_logger, failure);
                return DeliveryOutcome.Failed;
            }

            await CompleteAsync(request).ConfigureAwait(false);
            return DeliveryOutcome.Handled;
        }
    }

    private async ValueTask<DeliveryOutcome> RefuseAsync(
        WsSecurityException refusal, ReadOnlyMemory<byte> wire, Func<DeliveryReply, CancellationToken, ValueTask>? reply, CancellationToken cancellationToken)
    {
        switch (refusal.Failure)
        {
            case SecurityFailure.MessageReplayed:
                Log.Duplicate(_logger);
                return DeliveryOutcome.Duplicate;
            case SecurityFailure.ReplayCacheUnavailable or SecurityFailure.EvidenceUnavailable:
                Log.Postponed(_logger, refusal.Failure);
                return DeliveryOutcome.Failed;
        }

        Log.Refused(_logger, refusal.Failure, refusal.Message);
        if (reply is not null)
        {
            var fault = new ArrayBufferWriter<byte>();
            var version = IsSoap12(wire) ? SoapVersion.Soap12 : SoapVersion.Soap11;
            Recipient.WriteFault(refusal, version, fault);
            try
            {
                await reply(new DeliveryReply(fault.WrittenMemory, version, IsFault: true), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // Refused it is all the same.
                Log.FaultNotSent(_logger, failure);
            }
        }

        return DeliveryOutcome.Refused;
    }

    // For the answer alone: nothing was parsed that could be asked.
    private static bool IsSoap12(ReadOnlyMemory<byte> wire) => wire.Span.IndexOf("http://www.w3.org/2003/05/soap-envelope"u8) >= 0;

    private async ValueTask ReplyAsync(
        VerifiedRequest request, ReadOnlyMemory<byte>? answer, Func<DeliveryReply, CancellationToken, ValueTask> reply, CancellationToken cancellationToken)
    {
        var wire = new ArrayBufferWriter<byte>();
        var isFault = false;
        if (answer is { IsEmpty: false } envelope)
        {
            try
            {
                isFault = PlainReply.IsFault(envelope);
                await request.ProtectReplyAsync(envelope, MessageContext.Empty, wire, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is XmlException || failure is WsSecurityException { Failure: not SecurityFailure.EvidenceUnavailable })
            {
                // The effect stands, and another attempt would end alike.
                Log.ReplyNotProtected(_logger, failure);
                return;
            }
        }

        await reply(new DeliveryReply(wire.WrittenMemory, request.Message.SoapVersion, isFault), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CompleteAsync(VerifiedRequest request)
    {
        try
        {
            await request.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.NotCompleted(_logger, failure);
        }
    }

    private async ValueTask ReleaseAsync(VerifiedRequest request)
    {
        try
        {
            await request.ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.NotReleased(_logger, failure);
        }
    }
}
