using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
using System.Xml;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>
/// The exchanges of one duplex channel. A reply finds its exchange by the RelatesTo that it claims, which must be the verified one; what
/// relates to nothing is a callback. A refused reply fails its own call; a refused callback is logged and dropped; the channel goes on.
/// </summary>
internal sealed class DuplexExchanges(ServiceSecurity service, TimeSpan callbackTimeout) : IDisposable
{
    private readonly OpenExchanges<RequestExchange> _requests = new(service.TimeProvider);
    private readonly OpenExchanges<VerifiedRequest> _callbacks = new(service.TimeProvider);

    /// <summary>Whether a message of ours answers a callback, rather than ask for a reply.</summary>
    public static bool IsAnswer(Message message) => message.Headers.RelatesTo is not null;

    /// <summary>Has a message protected when it is encoded: as the answer to a callback where it relates to one, else as a request.</summary>
    /// <param name="message">The message.</param>
    /// <param name="exchange">The exchange that was opened for a request; null for an answer.</param>
    /// <param name="timeout">How long a reply is waited for.</param>
    /// <exception cref="MessageSecurityException">It answers no open callback, so there is no key for it.</exception>
    public Sending Prepare(Message message, RequestExchange? exchange, TimeSpan timeout)
    {
        if (exchange is null)
        {
            var callback = message.Headers.RelatesTo;
            return new Sending(service.Answer(message, _callbacks.Take(callback) ?? throw new MessageSecurityException(
                $"The message answers {callback}, which is no open callback of this channel: it was answered already, or too late.")));
        }

        // Without a MessageID there can be no reply.
        if (message.Headers.MessageId is not { } id)
        {
            return new Sending(exchange);
        }

        _requests.Add(id, exchange, timeout);
        return new Sending(exchange, () => _requests.Take(id));
    }

    /// <summary>Verifies what was received.</summary>
    /// <param name="message">The message, as the transport gave it.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <returns>The verified message, or a stand-in that fails the call which waits for it; null where nobody gets anything.</returns>
    public ValueTask<Message?> AdmitAsync(Message message, CancellationToken cancellationToken)
    {
        if (message is not UnverifiedMessage received)
        {
            Log.EncoderBypassed(service.Logger);
            return ValueTask.FromResult<Message?>(null);
        }

        return received.Headers.RelatesTo is { } relatesTo
            ? AdmitReplyAsync(received, relatesTo, cancellationToken)
            : AdmitCallbackAsync(received, cancellationToken);
    }

    /// <summary>Ends all exchanges.</summary>
    public void Dispose()
    {
        _requests.Dispose();
        _callbacks.Dispose();
    }

    private async ValueTask<Message?> AdmitReplyAsync(UnverifiedMessage received, UniqueId claimedRelatesTo, CancellationToken cancellationToken)
    {
        using var exchange = _requests.Take(claimedRelatesTo);
        if (exchange is null)
        {
            Log.ReplyToNothing(service.Logger, claimedRelatesTo.ToString());
            return null;
        }

        try
        {
            var reply = await service.VerifyAsync(received, exchange, cancellationToken).ConfigureAwait(false);
            return reply?.Headers.RelatesTo == claimedRelatesTo ? reply : throw new MessageSecurityException(
                "The reply's verified RelatesTo is not the one that it claimed.", new WsSecurityException(SecurityFailure.ReplyNotBound, "The reply's RelatesTo changed while it was verified."));
        }
        catch (Exception gone) when (gone is ObjectDisposedException or OperationCanceledException)
        {
            // The call, or the channel, was given up meanwhile.
            return null;
        }
        catch (CommunicationException refusal)
        {
            return new RefusedMessage(received.Version, claimedRelatesTo, refusal);
        }
    }

    private async ValueTask<Message?> AdmitCallbackAsync(UnverifiedMessage received, CancellationToken cancellationToken)
    {
        try
        {
            var (message, request) = await service.VerifyCallbackAsync(received, cancellationToken).ConfigureAwait(false);
            if (message.Headers.MessageId is { } id)
            {
                _callbacks.Add(id, request, callbackTimeout);
            }
            else
            {
                request.Dispose();
            }

            return message;
        }
        catch (Exception refusal) when (refusal is CommunicationException or InvalidOperationException or OperationCanceledException)
        {
            Log.CallbackRefused(service.Logger, refusal);
            return null;
        }
    }
}
