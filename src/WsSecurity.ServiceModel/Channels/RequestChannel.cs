using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Request and reply: each call is an exchange of its own, which ends with the call.</summary>
internal class RequestChannel<TInner>(ChannelManagerBase factory, TInner inner, ServiceSecurity service) : SecurityChannel<TInner>(factory, inner, service), IRequestChannel
    where TInner : class, IRequestChannel
{
    public EndpointAddress RemoteAddress => Inner.RemoteAddress;

    public Uri Via => Inner.Via;

    public Message? Request(Message message) => Request(message, DefaultSendTimeout);

    public Message? Request(Message message, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfDisposedOrNotOpen();
        using var exchange = Service.Open(message);
        return Service.Verify(Inner.Request(message, timeout), exchange);
    }

    public IAsyncResult BeginRequest(Message message, AsyncCallback callback, object state) => BeginRequest(message, DefaultSendTimeout, callback, state);

    public IAsyncResult BeginRequest(Message message, TimeSpan timeout, AsyncCallback callback, object state)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfDisposedOrNotOpen();
        return TaskToAsyncResult.Begin(RequestAsync(message, timeout), callback, state);
    }

    public Message? EndRequest(IAsyncResult result) => TaskToAsyncResult.End<Message?>(result);

    private async Task<Message?> RequestAsync(Message message, TimeSpan timeout)
    {
        using var exchange = Service.Open(message);
        var reply = await Task.Factory.FromAsync(Inner.BeginRequest, Inner.EndRequest, message, timeout, null).ConfigureAwait(false);
        return await Service.VerifyAsync(reply, exchange, Aborted).ConfigureAwait(false);
    }
}

/// <summary>Request and reply within a session.</summary>
internal sealed class RequestSessionChannel(ChannelManagerBase factory, IRequestSessionChannel inner, ServiceSecurity service)
    : RequestChannel<IRequestSessionChannel>(factory, inner, service), IRequestSessionChannel
{
    public IOutputSession Session => Inner.Session;
}
