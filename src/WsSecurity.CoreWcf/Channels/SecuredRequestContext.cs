using CoreWCF.Channels;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>One verified request of a transport that asks for replies, and the way to its reply; closed when its operation is done, aborted when it had no effect.</summary>
internal sealed class SecuredRequestContext(RequestContext inner, VerifiedExchange exchange, EndpointSecurity security) : RequestContext
{
    private int _isOver;

    public override Message RequestMessage => exchange.Message;

    public override void Abort()
    {
        if (exchange.IsRedelivered && Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _ = ReleaseAsync();
            return;
        }

        using (exchange)
        {
            inner.Abort();
        }
    }

    public override Task CloseAsync() => CloseAsync(CancellationToken.None);

    public override async Task CloseAsync(CancellationToken token)
    {
        if (!exchange.IsRedelivered)
        {
            using (exchange)
            {
                await inner.CloseAsync(token).ConfigureAwait(false);
            }

            return;
        }

        // The carrier first: where it cannot tell the sender of the end, the dispatcher aborts, and the message must not count as a duplicate when it comes again.
        await inner.CloseAsync(token).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            using (exchange)
            {
                await CompleteAsync().ConfigureAwait(false);
            }
        }
    }

    public override Task ReplyAsync(Message message) => inner.ReplyAsync(Protect(message));

    public override Task ReplyAsync(Message message, CancellationToken token) => inner.ReplyAsync(Protect(message), token);

    public override void OnOperationInvoke() => inner.OnOperationInvoke();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ((IDisposable)inner).Dispose();
            exchange.Dispose();
        }

        base.Dispose(disposing);
    }

    // The operation had its effect, and its reply is with the carrier.
    private async Task CompleteAsync()
    {
        try
        {
            await exchange.Request.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Log.NotCompleted(security.Logger, error);
        }
    }

    // The carrier brings it again only when the replay cache has let it go.
    private async Task ReleaseAsync()
    {
        try
        {
            await exchange.Request.ReleaseAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Log.NotReleased(security.Logger, error);
        }

        using (exchange)
        {
            inner.Abort();
        }
    }

    // The answer to a one-way message is none.
    private Message Protect(Message? message)
    {
        if (message is not null)
        {
            security.Answer(message, exchange);
        }

        return message!;
    }
}
