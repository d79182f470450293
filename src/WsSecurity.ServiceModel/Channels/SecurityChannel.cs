using System.Diagnostics.CodeAnalysis;
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
