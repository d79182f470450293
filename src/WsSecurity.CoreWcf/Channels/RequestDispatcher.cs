using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Configuration;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>Verifies each request of a transport that asks for replies, and hands it on, or answers it with the standard fault.</summary>
internal sealed class RequestDispatcher(IServiceChannelDispatcher inner, EndpointSecurity security) : IServiceChannelDispatcher
{
    public async Task DispatchAsync(RequestContext context)
    {
        Message? received = null;
        VerifiedExchange exchange;
        try
        {
            received = Receive(context);
            exchange = await security.VerifyAsync(received).ConfigureAwait(false);
        }
        catch (WsSecurityException refusal)
        {
            await RefuseAsync(context, received, refusal).ConfigureAwait(false);
            return;
        }

        var secured = new SecuredRequestContext(context, exchange, security);
        try
        {
            await inner.DispatchAsync(secured).ConfigureAwait(false);
        }
        catch (Exception) when (exchange.IsRedelivered)
        {
            // It reached no operation and comes again, and must not count as a duplicate then.
            secured.Abort();
            throw;
        }
    }

    public Task DispatchAsync(Message message) => throw new NotSupportedException("A request without its context cannot be answered.");

    private static Message Receive(RequestContext context)
    {
        try
        {
            return context.RequestMessage ?? throw new WsSecurityException(SecurityFailure.InvalidEnvelope, "The request holds no message.");
        }
        catch (ProtocolException error)
        {
            // The transport compares SOAPAction, or the media type's action, with the Action that the envelope claims.
            throw new WsSecurityException(SecurityFailure.ActionMismatch, error.Message, error);
        }
    }

    // A fault, then the end: thrown from here it would be a bare status 400, and left unanswered the request would hang.
    private async Task RefuseAsync(RequestContext context, Message? received, WsSecurityException refusal)
    {
        Log.RequestRefused(security.Logger, received?.Properties.Via, refusal.Failure, refusal.Message);
        try
        {
            await context.ReplyAsync(security.CreateFault(refusal, received?.Headers.MessageId)).ConfigureAwait(false);
            await context.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The caller has gone.
            Log.FaultNotSent(security.Logger, error);
            context.Abort();
        }
    }
}
