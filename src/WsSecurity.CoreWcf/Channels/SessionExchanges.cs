using System.Security.Cryptography.X509Certificates;
using System.Xml;
using CoreWCF.Channels;
using CoreWCF.Security;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>
/// The exchanges of one session. A message that relates to one of our callbacks is its answer; every other is a request. Callbacks go to
/// whoever signed the session's first request; on an endpoint with callbacks, nobody else is heard in it.
/// </summary>
internal sealed class SessionExchanges(EndpointSecurity security, TimeSpan timeout) : IDisposable
{
    private readonly OpenExchanges<VerifiedExchange> _requests = new(security.TimeProvider);
    private readonly OpenExchanges<RequestExchange> _callbacks = new(security.TimeProvider);
    private X509Certificate2? _client;
    private Initiator? _initiator;

    /// <summary>Has a message protected when it is encoded: as the answer to a request where it relates to one, else as a callback.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="MessageSecurityException">There is no key for it.</exception>
    public Sending Prepare(Message message)
    {
        if (message.Headers.RelatesTo is { } request)
        {
            return new Sending(security.Answer(message, _requests.Take(request) ?? throw new MessageSecurityException(
                $"The message answers {request}, which is no open request of this session: it was answered already, or later than the binding's ReceiveTimeout.")));
        }

        var exchange = security.Open(message, _initiator ?? throw new MessageSecurityException(
            "The client has signed nothing in this session yet, so there is no key for what the service calls back."));

        // Without a MessageID there can be no answer.
        if (message.Headers.MessageId is not { } id)
        {
            return new Sending(exchange);
        }

        _callbacks.Add(id, exchange, timeout);
        return new Sending(exchange, () => _callbacks.Take(id));
    }

    /// <summary>Verifies what was received. Called for one message after the other.</summary>
    /// <param name="message">The message, as the transport gave it.</param>
    /// <returns>The verified message, a stand-in that fails the callback which waits for it, or a fault to send; neither where nobody gets anything.</returns>
    public async ValueTask<(Message? Message, Message? Fault)> AdmitAsync(Message message)
    {
        if (message.Headers.RelatesTo is { } claimedRelatesTo)
        {
            return (await AdmitReplyAsync(message, claimedRelatesTo).ConfigureAwait(false), null);
        }

        var claimedId = message.Headers.MessageId;
        try
        {
            return (await AdmitRequestAsync(message).ConfigureAwait(false), null);
        }
        catch (WsSecurityException refusal)
        {
            Log.RequestRefused(security.Logger, message.Properties.Via, refusal.Failure, refusal.Message);

            // Who sent a one-way message hears nothing.
            return (null, claimedId is null ? null : security.CreateFault(refusal, claimedId));
        }
    }

    /// <summary>Ends all exchanges.</summary>
    public void Dispose()
    {
        _requests.Dispose();
        _callbacks.Dispose();
    }

    private async ValueTask<Message> AdmitRequestAsync(Message received)
    {
        var exchange = await security.VerifyAsync(received).ConfigureAwait(false);
        try
        {
            if (security.HasCallbacks)
            {
                BindSession(exchange.Request);
            }

            if (exchange.Message.Headers.MessageId is { } id && !security.IsOneWay(exchange.Message.Headers.Action))
            {
                _requests.Add(id, exchange, timeout);
            }
            else
            {
                exchange.Dispose();
            }

            return exchange.Message;
        }
        catch (InvalidOperationException error)
        {
            exchange.Dispose();
            throw new WsSecurityException(SecurityFailure.InvalidEnvelope, error.Message, error);
        }
        catch (WsSecurityException)
        {
            exchange.Dispose();
            throw;
        }
    }

    private void BindSession(VerifiedRequest request)
    {
        var signer = request.Message.Evidence.Tokens.OfType<X509VerifiedToken>().FirstOrDefault();
        if (_initiator is null)
        {
            _initiator = request.CreateCallbackInitiator();
            _client = signer?.Certificate;
        }
        else if (signer is null || _client is null || !signer.Certificate.RawDataMemory.Span.SequenceEqual(_client.RawDataMemory.Span))
        {
            throw new WsSecurityException(SecurityFailure.PeerIdentityMismatch, "The request is signed by another certificate than the first of its session, to which the service calls back.");
        }
    }

    private async ValueTask<Message?> AdmitReplyAsync(Message received, UniqueId claimedRelatesTo)
    {
        using var exchange = _callbacks.Take(claimedRelatesTo);
        if (exchange is null)
        {
            Log.ReplyToNothing(security.Logger, claimedRelatesTo.ToString());
            return null;
        }

        try
        {
            var reply = await security.VerifyReplyAsync(received, exchange).ConfigureAwait(false);
            return reply.Headers.RelatesTo == claimedRelatesTo
                ? reply
                : throw new WsSecurityException(SecurityFailure.ReplyNotBound, "The answer's verified RelatesTo is not the one that it claimed.");
        }
        catch (ObjectDisposedException)
        {
            // The callback, or the session, was given up meanwhile.
            return null;
        }
        catch (WsSecurityException refusal)
        {
            return new RefusedMessage(received.Version, claimedRelatesTo, SecurityErrors.For(refusal));
        }
    }
}
