using System.Diagnostics.CodeAnalysis;
using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>A channel over one of the transport's: opens, closes and faults with it.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A channel is closed or aborted, never disposed; a source without a timer holds nothing.")]
internal abstract class SecurityChannel<TInner> : ChannelBase
    where TInner : class, IChannel
{
    private readonly CancellationTokenSource _aborted = new();

    protected SecurityChannel(ChannelManagerBase factory, TInner inner, ServiceSecurity service)
        : base(factory)
    {
        Inner = inner;
        Service = service;
        inner.Faulted += (_, _) => Fault();
    }

    protected TInner Inner { get; }

    protected ServiceSecurity Service { get; }

    /// <summary>Cancelled when the channel is aborted or faults.</summary>
    protected CancellationToken Aborted => _aborted.Token;

    /// <summary>Opens an exchange; the tokens of the message are acquired within the time of the call.</summary>
    /// <param name="message">The request.</param>
    /// <param name="time">The time of the call.</param>
    protected async ValueTask<RequestExchange> OpenAsync(Message message, RemainingTime time)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Aborted);
        deadline.CancelAfter(time.LeftForTimers);
        try
        {
            return await Service.OpenAsync(message, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException given) when (deadline.IsCancellationRequested)
        {
            throw Aborted.IsCancellationRequested
                ? new CommunicationObjectAbortedException("The channel was aborted while it acquired the tokens of a message.", given)
                : new TimeoutException("The tokens of the message were not acquired within the timeout of the call.", given);
        }
    }

    /// <inheritdoc cref="OpenAsync"/>
    protected RequestExchange Open(Message message, RemainingTime time)
    {
        var opening = OpenAsync(message, time);
        return opening.IsCompletedSuccessfully ? opening.Result : opening.AsTask().GetAwaiter().GetResult();
    }

    public override T GetProperty<T>() => base.GetProperty<T>() ?? Inner.GetProperty<T>();

    protected override void OnOpen(TimeSpan timeout) => Inner.Open(timeout);

    protected override IAsyncResult OnBeginOpen(TimeSpan timeout, AsyncCallback callback, object state) => Inner.BeginOpen(timeout, callback, state);

    protected override void OnEndOpen(IAsyncResult result) => Inner.EndOpen(result);

    protected override void OnClose(TimeSpan timeout) => Inner.Close(timeout);

    protected override IAsyncResult OnBeginClose(TimeSpan timeout, AsyncCallback callback, object state) => Inner.BeginClose(timeout, callback, state);

    protected override void OnEndClose(IAsyncResult result) => Inner.EndClose(result);

    protected override void OnAbort()
    {
        _aborted.Cancel();
        Inner.Abort();
    }

    protected override void OnFaulted()
    {
        _aborted.Cancel();
        base.OnFaulted();
    }
}
