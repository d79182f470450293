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
        var time = new RemainingTime(timeout);
        using var exchange = Open(message, time);
        var verification = VerifyAsync(Inner.Request(message, time.Left), exchange, time);
        return verification.IsCompletedSuccessfully ? verification.Result : verification.AsTask().GetAwaiter().GetResult();
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
        var time = new RemainingTime(timeout);
        using var exchange = await OpenAsync(message, time).ConfigureAwait(false);
        var reply = await Task.Factory.FromAsync(Inner.BeginRequest, Inner.EndRequest, message, time.Left, null).ConfigureAwait(false);
        return await VerifyAsync(reply, exchange, time).ConfigureAwait(false);
    }

    // A streamed reply is read here, so the call's timeout holds here, too.
    private async ValueTask<Message?> VerifyAsync(Message? reply, RequestExchange exchange, RemainingTime time)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Aborted);
        deadline.CancelAfter(time.LeftForTimers);
        try
        {
            return await Service.VerifyAsync(reply, exchange, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException given) when (deadline.IsCancellationRequested)
        {
            throw Aborted.IsCancellationRequested
                ? new CommunicationObjectAbortedException($"The channel to {RemoteAddress} was aborted while it read a reply.", given)
                : new TimeoutException($"The reply of {RemoteAddress} did not arrive whole within the timeout of the call.", given);
        }
    }
}

/// <summary>Request and reply within a session.</summary>
internal sealed class RequestSessionChannel(ChannelManagerBase factory, IRequestSessionChannel inner, ServiceSecurity service)
    : RequestChannel<IRequestSessionChannel>(factory, inner, service), IRequestSessionChannel
{
    public IOutputSession Session => Inner.Session;
}
