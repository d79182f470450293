using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Sends, and never hears: the exchange ends when the message is out.</summary>
internal class OutputChannel<TInner>(ChannelManagerBase factory, TInner inner, ServiceSecurity service) : SecurityChannel<TInner>(factory, inner, service), IOutputChannel
    where TInner : class, IOutputChannel
{
    public EndpointAddress RemoteAddress => Inner.RemoteAddress;

    public Uri Via => Inner.Via;

    public void Send(Message message) => Send(message, DefaultSendTimeout);

    public void Send(Message message, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfDisposedOrNotOpen();
        var time = new RemainingTime(timeout);
        using var exchange = Open(message, time);
        Inner.Send(message, time.Left);
    }

    public IAsyncResult BeginSend(Message message, AsyncCallback callback, object state) => BeginSend(message, DefaultSendTimeout, callback, state);

    public IAsyncResult BeginSend(Message message, TimeSpan timeout, AsyncCallback callback, object state)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfDisposedOrNotOpen();
        return TaskToAsyncResult.Begin(SendAsync(message, timeout), callback, state);
    }

    public void EndSend(IAsyncResult result) => TaskToAsyncResult.End(result);

    private async Task SendAsync(Message message, TimeSpan timeout)
    {
        var time = new RemainingTime(timeout);
        using var exchange = await OpenAsync(message, time).ConfigureAwait(false);
        await Task.Factory.FromAsync(Inner.BeginSend, Inner.EndSend, message, time.Left, null).ConfigureAwait(false);
    }
}

/// <summary>Sends within a session.</summary>
internal sealed class OutputSessionChannel(ChannelManagerBase factory, IOutputSessionChannel inner, ServiceSecurity service)
    : OutputChannel<IOutputSessionChannel>(factory, inner, service), IOutputSessionChannel
{
    public IOutputSession Session => Inner.Session;
}
