using CoreWCF.Channels;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>One verified request of a transport that asks for replies, and the way to its reply.</summary>
internal sealed class SecuredRequestContext(RequestContext inner, VerifiedExchange exchange, EndpointSecurity security) : RequestContext
{
    public override Message RequestMessage => exchange.Message;

    public override void Abort()
    {
        inner.Abort();
        exchange.Dispose();
    }

    public override async Task CloseAsync()
    {
        await inner.CloseAsync().ConfigureAwait(false);
        exchange.Dispose();
    }

    public override async Task CloseAsync(CancellationToken token)
    {
        await inner.CloseAsync(token).ConfigureAwait(false);
        exchange.Dispose();
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
