using System.Diagnostics.CodeAnalysis;
using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Both directions at once: replies to us, callbacks to us, and our answers to those.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A channel is closed or aborted, never disposed; both end the exchanges.")]
internal class DuplexChannel<TInner> : SecurityChannel<TInner>, IDuplexChannel
    where TInner : class, IDuplexChannel
{
    private readonly DuplexExchanges _exchanges;

    public DuplexChannel(ChannelManagerBase factory, TInner inner, ServiceSecurity service)
        : base(factory, inner, service) => _exchanges = new DuplexExchanges(service, DefaultReceiveTimeout);

    public EndpointAddress LocalAddress => Inner.LocalAddress;

    public EndpointAddress RemoteAddress => Inner.RemoteAddress;

    public Uri Via => Inner.Via;

    public void Send(Message message) => Send(message, DefaultSendTimeout);

    public void Send(Message message, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfDisposedOrNotOpen();
        var time = new RemainingTime(timeout);
        using var sending = _exchanges.Prepare(message, DuplexExchanges.IsAnswer(message) ? null : Open(message, time), time.Left);
        Inner.Send(message, time.Left);
        sending.Succeed();
    }

    public IAsyncResult BeginSend(Message message, AsyncCallback callback, object state) => BeginSend(message, DefaultSendTimeout, callback, state);

    public IAsyncResult BeginSend(Message message, TimeSpan timeout, AsyncCallback callback, object state)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfDisposedOrNotOpen();
        return TaskToAsyncResult.Begin(SendAsync(message, timeout), callback, state);
    }

    public void EndSend(IAsyncResult result) => TaskToAsyncResult.End(result);

    public Message? Receive() => Receive(DefaultReceiveTimeout);

    public Message? Receive(TimeSpan timeout)
    {
        var time = new RemainingTime(timeout);
        while (Inner.Receive(time.Left) is { } received)
        {
            if (Admit(received) is { } message)
            {
                return message;
            }
        }

        return null;
    }

    public IAsyncResult BeginReceive(AsyncCallback callback, object state) => BeginReceive(DefaultReceiveTimeout, callback, state);

    public IAsyncResult BeginReceive(TimeSpan timeout, AsyncCallback callback, object state) =>
        TaskToAsyncResult.Begin(ReceiveAsync(timeout), callback, state);

    public Message? EndReceive(IAsyncResult result) => TaskToAsyncResult.End<Message?>(result);

    public bool TryReceive(TimeSpan timeout, out Message? message)
    {
        var time = new RemainingTime(timeout);
        while (Inner.TryReceive(time.Left, out var received))
        {
            // A null message ends the session.
            message = received is null ? null : Admit(received);
            if (received is null || message is not null)
            {
                return true;
            }
        }

        message = null;
        return false;
    }

    public IAsyncResult BeginTryReceive(TimeSpan timeout, AsyncCallback callback, object state) =>
        TaskToAsyncResult.Begin(TryReceiveAsync(timeout), callback, state);

    public bool EndTryReceive(IAsyncResult result, out Message? message)
    {
        (var isReceived, message) = TaskToAsyncResult.End<(bool, Message?)>(result);
        return isReceived;
    }

    public bool WaitForMessage(TimeSpan timeout) => Inner.WaitForMessage(timeout);

    public IAsyncResult BeginWaitForMessage(TimeSpan timeout, AsyncCallback callback, object state) => Inner.BeginWaitForMessage(timeout, callback, state);

    public bool EndWaitForMessage(IAsyncResult result) => Inner.EndWaitForMessage(result);

    protected override void OnClosed()
    {
        _exchanges.Dispose();
        base.OnClosed();
    }

    protected override void OnFaulted()
    {
        _exchanges.Dispose();
        base.OnFaulted();
    }

    private async Task SendAsync(Message message, TimeSpan timeout)
    {
        var time = new RemainingTime(timeout);
        using var sending = _exchanges.Prepare(message, DuplexExchanges.IsAnswer(message) ? null : await OpenAsync(message, time).ConfigureAwait(false), time.Left);
        await Task.Factory.FromAsync(Inner.BeginSend, Inner.EndSend, message, time.Left, null).ConfigureAwait(false);
        sending.Succeed();
    }

    private async Task<Message?> ReceiveAsync(TimeSpan timeout)
    {
        var time = new RemainingTime(timeout);
        while (await Task.Factory.FromAsync(Inner.BeginReceive, Inner.EndReceive, time.Left, null).ConfigureAwait(false) is { } received)
        {
            if (await _exchanges.AdmitAsync(received, Aborted).ConfigureAwait(false) is { } message)
            {
                return message;
            }
        }

        return null;
    }

    private async Task<(bool IsReceived, Message? Message)> TryReceiveAsync(TimeSpan timeout)
    {
        var time = new RemainingTime(timeout);
        while (true)
        {
            var (isReceived, received) = await Task<(bool, Message?)>.Factory.FromAsync(Inner.BeginTryReceive, EndTryReceiveInner, time.Left, null).ConfigureAwait(false);
            if (!isReceived || received is null)
            {
                return (isReceived, null);
            }

            if (await _exchanges.AdmitAsync(received, Aborted).ConfigureAwait(false) is { } message)
            {
                return (true, message);
            }
        }
    }

    private (bool IsReceived, Message? Message) EndTryReceiveInner(IAsyncResult result)
    {
        var isReceived = Inner.EndTryReceive(result, out var message);
        return (isReceived, message);
    }

    // Who receives synchronously waits here where a callback's verification asks a store.
    private Message? Admit(Message received)
    {
        var admission = _exchanges.AdmitAsync(received, Aborted);
        return admission.IsCompletedSuccessfully ? admission.Result : admission.AsTask().GetAwaiter().GetResult();
    }
}

/// <summary>Both directions within a session.</summary>
internal sealed class DuplexSessionChannel(ChannelManagerBase factory, IDuplexSessionChannel inner, ServiceSecurity service)
    : DuplexChannel<IDuplexSessionChannel>(factory, inner, service), IDuplexSessionChannel
{
    public IDuplexSession Session => Inner.Session;
}
