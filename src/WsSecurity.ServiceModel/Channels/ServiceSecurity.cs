using System.ServiceModel.Channels;
using System.ServiceModel.Security;
using Microsoft.Extensions.Logging;
using WsSecurity.ServiceModel.Credentials;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>The roles that we play for one service, shared by all channels to it.</summary>
internal sealed class ServiceSecurity
{
    private readonly Initiator _initiator;
    private readonly ServiceCredentials _credentials;
    private readonly OperationProtectionLevels _levels;
    private readonly TransportProtection _transport;
    private readonly TransitRoles? _transit;
    private readonly Lazy<Recipient> _callbackRecipient;

    public ServiceSecurity(
        Initiator initiator,
        TransitRoles? transit,
        ServiceCredentials credentials,
        OperationProtectionLevels levels,
        TransportProtection transport,
        SecurityServices surroundings)
    {
        _initiator = initiator;
        _transit = transit;
        _credentials = credentials;
        _levels = levels;
        _transport = transport;
        _callbackRecipient = new Lazy<Recipient>(initiator.CreateCallbackRecipient);
        TimeProvider = surroundings.TimeProvider;
        Logger = surroundings.LoggerFactory.CreateLogger<WsSecurityBindingElement>();
    }

    public TimeProvider TimeProvider { get; }

    public ILogger Logger { get; }

    /// <summary>Acquires the message's tokens, opens an exchange, and has the message protected by it when it is encoded.</summary>
    /// <param name="message">The request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MessageSecurityException">A token could not be acquired.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async ValueTask<RequestExchange> OpenAsync(Message message, CancellationToken cancellationToken)
    {
        var context = ContextOfSent(message);
        var tokens = await AcquireTokensAsync(_initiator.AcquireTokensAsync, context.Action, cancellationToken).ConfigureAwait(false);
        var exchange = new RequestExchange(_initiator, context with { Tokens = tokens });
        if (_transit is null)
        {
            exchange.AttachTo(message);
        }
        else
        {
            tokens = await AcquireTokensAsync(_transit.AcquireTokensAsync, context.Action, cancellationToken).ConfigureAwait(false);
            _transit.Over(exchange, context with { Tokens = tokens }).AttachTo(message);
        }

        return exchange;
    }

    /// <summary>Has a reply to a callback protected when it is encoded.</summary>
    /// <param name="message">The reply.</param>
    /// <param name="request">The verified callback.</param>
    public ReplyProtection Answer(Message message, VerifiedRequest request)
    {
        var context = ContextOfSent(message);
        var reply = new ReplyProtection(request, context);
        (_transit?.Over(reply, context) ?? reply).AttachTo(message);
        return reply;
    }

    /// <summary>Verifies what came as the reply.</summary>
    /// <param name="reply">What the transport gave.</param>
    /// <param name="exchange">The exchange.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The verified reply or fault; null where the service answered with nothing, as to one-way messages.</returns>
    /// <exception cref="MessageSecurityException">The reply is refused.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async ValueTask<Message?> VerifyAsync(Message? reply, RequestExchange exchange, CancellationToken cancellationToken)
    {
        if (reply is null)
        {
            return null;
        }

        var received = reply as UnverifiedMessage ?? throw new MessageSecurityException(
            $"The reply did not come through the encoder of {nameof(WsSecurityBindingElement)}, so nothing proves it.");
        await received.ReadAsync(cancellationToken).ConfigureAwait(false);

        // HTTP gives the empty body of a 202 to the encoder when it has a content type.
        if (received.Wire.IsEmpty)
        {
            return null;
        }

        try
        {
            var pending = PendingReplyOf(exchange);
            var (wire, context) = await TakeTransitHeaderAsync(received, ContextOfReply(received, exchange), cancellationToken).ConfigureAwait(false);
            return Admit(received, await pending.VerifyReplyAsync(wire, context, cancellationToken).ConfigureAwait(false));
        }
        catch (WsSecurityException refusal)
        {
            throw SecurityErrors.For(refusal, received);
        }
    }

    /// <summary>Verifies a message that the service opened.</summary>
    /// <param name="received">The message.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <returns>The verified message, and what its answer needs.</returns>
    /// <exception cref="MessageSecurityException">The message is refused.</exception>
    /// <exception cref="InvalidOperationException">The policy has no keys for what the service opens.</exception>
    public async ValueTask<(Message Message, VerifiedRequest Request)> VerifyCallbackAsync(UnverifiedMessage received, CancellationToken cancellationToken)
    {
        var claimedAction = received.Headers.Action;
        var carried = new MessageContext
        {
            Charset = received.Charset,
            IsTransportProtected = _transport.Reply,
            ProtectionLevel = _levels.Find(claimedAction),
        };
        try
        {
            var (wire, context) = await TakeTransitHeaderAsync(received, carried, cancellationToken).ConfigureAwait(false);
            var request = await _callbackRecipient.Value.VerifyRequestAsync(wire, context, cancellationToken).ConfigureAwait(false);
            try
            {
                VerifiedAction.Demand(request.Message, claimedAction);
                var message = Admit(received, request.Message);
                await request.CompleteAsync(cancellationToken).ConfigureAwait(false);
                return (message, request);
            }
            catch
            {
                request.Dispose();
                throw;
            }
        }
        catch (WsSecurityException refusal)
        {
            throw SecurityErrors.For(refusal, received);
        }
    }

    private static PendingReply PendingReplyOf(RequestExchange exchange) => exchange.PendingReply ?? throw new MessageSecurityException(
        "The reply came before the request was sent, so it cannot be the answer to it.");

    private Message Admit(UnverifiedMessage received, VerifiedMessage verified)
    {
        foreach (var signature in verified.Evidence.Signatures)
        {
            if (signature.Token is X509VerifiedToken token && !signature.IsEndorsing)
            {
                _credentials.Demand(token.Certificate);
            }
        }

        return received.ToVerified(verified);
    }

    private ValueTask<(ReadOnlyMemory<byte> Wire, MessageContext Context)> TakeTransitHeaderAsync(UnverifiedMessage received, MessageContext context, CancellationToken cancellationToken) =>
        _transit?.TakeAsync(received.Wire, context, cancellationToken) ?? ValueTask.FromResult((received.Wire, context));

    private static async ValueTask<AcquiredTokens?> AcquireTokensAsync(
        Func<string?, CancellationToken, ValueTask<AcquiredTokens?>> acquireAsync, string? action, CancellationToken cancellationToken)
    {
        try
        {
            return await acquireAsync(action, cancellationToken).ConfigureAwait(false);
        }
        catch (WsSecurityException refusal)
        {
            throw SecurityErrors.For(refusal);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MessageSecurityException($"A token of the message could not be acquired: {failure.Message}", failure);
        }
    }

    private MessageContext ContextOfSent(Message message)
    {
        // HTTP takes the action out of the message before it is encoded where there is no WS-Addressing.
        var action = message.Headers.Action;
        return new MessageContext { Action = action, IsTransportProtected = _transport.Request, ProtectionLevel = _levels.Find(action) };
    }

    private MessageContext ContextOfReply(UnverifiedMessage received, RequestExchange exchange) => new()
    {
        Charset = received.Charset,
        IsTransportProtected = _transport.Reply,
        ProtectionLevel = exchange.Context.ProtectionLevel,
    };
}
