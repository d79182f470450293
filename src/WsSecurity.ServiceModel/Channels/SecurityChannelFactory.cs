using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Makes channels that protect and verify, over those of the binding below.</summary>
internal sealed class SecurityChannelFactory<TChannel>(Binding binding, IChannelFactory<TChannel> inner, ClientSecurity security) : ChannelFactoryBase<TChannel>(binding)
{
    /// <summary>Whether channels of this shape can be protected.</summary>
    public static bool CanProtect { get; } =
        typeof(TChannel) == typeof(IRequestChannel) || typeof(TChannel) == typeof(IRequestSessionChannel) ||
        typeof(TChannel) == typeof(IOutputChannel) || typeof(TChannel) == typeof(IOutputSessionChannel) ||
        typeof(TChannel) == typeof(IDuplexChannel) || typeof(TChannel) == typeof(IDuplexSessionChannel);

    public override T GetProperty<T>() => base.GetProperty<T>() ?? inner.GetProperty<T>();

    protected override TChannel OnCreateChannel(EndpointAddress address, Uri via)
    {
        var service = security.For(address);
        object channel = inner.CreateChannel(address, via)!;

        // By the shape that was asked for: one class of a transport can have several.
        return (TChannel)(object)(inner switch
        {
            IChannelFactory<IRequestSessionChannel> => new RequestSessionChannel(this, (IRequestSessionChannel)channel, service),
            IChannelFactory<IRequestChannel> => new RequestChannel<IRequestChannel>(this, (IRequestChannel)channel, service),
            IChannelFactory<IDuplexSessionChannel> => new DuplexSessionChannel(this, (IDuplexSessionChannel)channel, service),
            IChannelFactory<IDuplexChannel> => new DuplexChannel<IDuplexChannel>(this, (IDuplexChannel)channel, service),
            IChannelFactory<IOutputSessionChannel> => new OutputSessionChannel(this, (IOutputSessionChannel)channel, service),
            _ => new OutputChannel<IOutputChannel>(this, (IOutputChannel)channel, service),
        });
    }

    protected override void OnOpen(TimeSpan timeout) => inner.Open(timeout);

    protected override IAsyncResult OnBeginOpen(TimeSpan timeout, AsyncCallback callback, object state) => inner.BeginOpen(timeout, callback, state);

    protected override void OnEndOpen(IAsyncResult result) => inner.EndOpen(result);

    protected override void OnClose(TimeSpan timeout)
    {
        var time = new RemainingTime(timeout);
        base.OnClose(time.Left);
        inner.Close(time.Left);
    }

    protected override IAsyncResult OnBeginClose(TimeSpan timeout, AsyncCallback callback, object state) =>
        TaskToAsyncResult.Begin(CloseAsync(timeout), callback, state);

    protected override void OnEndClose(IAsyncResult result) => TaskToAsyncResult.End(result);

    protected override void OnAbort()
    {
        base.OnAbort();
        inner.Abort();
    }

    private async Task CloseAsync(TimeSpan timeout)
    {
        var time = new RemainingTime(timeout);
        await Task.Factory.FromAsync(base.OnBeginClose, base.OnEndClose, time.Left, null).ConfigureAwait(false);
        await Task.Factory.FromAsync(inner.BeginClose, inner.EndClose, time.Left, null).ConfigureAwait(false);
    }
}
