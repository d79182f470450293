using CoreWCF.Channels;
using CoreWCF.Configuration;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>Verifies each message of a session, and hands it on, or answers it with the standard fault. The session goes on.</summary>
internal sealed class SessionDispatcher(
    IServiceChannelDispatcher inner, IDuplexSessionChannel channel, SessionExchanges exchanges, EndpointSecurity security) : IServiceChannelDispatcher
{
    public async Task DispatchAsync(Message message)
    {
        // No message is the last.
        if (message is null)
        {
            await inner.DispatchAsync((Message)null!).ConfigureAwait(false);
            return;
        }

        var admission = await exchanges.AdmitAsync(message).ConfigureAwait(false);
        if (admission.Fault is { } fault)
        {
            await RefuseAsync(fault).ConfigureAwait(false);
        }
        else if (admission.Message is { } verified)
        {
            await inner.DispatchAsync(verified).ConfigureAwait(false);
        }
    }

    public Task DispatchAsync(RequestContext context) => throw new NotSupportedException("A session hands on messages, not requests.");

    private async Task RefuseAsync(Message fault)
    {
        try
        {
            await channel.SendAsync(fault).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The caller has gone.
            Log.FaultNotSent(security.Logger, error);
            channel.Abort();
        }
    }
}
