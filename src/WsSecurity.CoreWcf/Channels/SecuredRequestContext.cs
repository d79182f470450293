using CoreWCF.Channels;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>One verified request of a transport that asks for replies, and the way to its reply.</summary>
internal sealed class SecuredRequestContext(RequestContext inner, VerifiedExchange exchange, EndpointSecurity security) : RequestContext
{
    public override Message RequestMessage => exchange.Message;

    public override void Abort()
    {
        using (exchange)
        {
            inner.Abort();
        }
    }

    public override async Task CloseAsync()
    {
        using (exchange)
        {
            await inner.CloseAsync().ConfigureAwait(false);
        }
    }

    public override async Task CloseAsync(CancellationToken token)
    {
        using (exchange)
        {
            await inner.CloseAsync(token).ConfigureAwait(false);
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
