using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Configuration;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>A transport's session as the service's dispatcher sees it: what is sent through it is protected.</summary>
internal sealed class SessionChannel(IDuplexSessionChannel inner, SessionExchanges exchanges) : IDuplexSessionChannel
{
    public event EventHandler Closed
    {
        add => inner.Closed += value;
        remove => inner.Closed -= value;
    }

    public event EventHandler Closing
    {
        add => inner.Closing += value;
        remove => inner.Closing -= value;
    }

    public event EventHandler Faulted
    {
        add => inner.Faulted += value;
        remove => inner.Faulted -= value;
    }

    public event EventHandler Opened
    {
        add => inner.Opened += value;
        remove => inner.Opened -= value;
    }

    public event EventHandler Opening
    {
        add => inner.Opening += value;
        remove => inner.Opening -= value;
    }

    public CommunicationState State => inner.State;

    public IServiceChannelDispatcher ChannelDispatcher
    {
        get => inner.ChannelDispatcher;
        set => inner.ChannelDispatcher = value;
    }

    public EndpointAddress LocalAddress => inner.LocalAddress;

    public EndpointAddress RemoteAddress => inner.RemoteAddress;

    public Uri Via => inner.Via;

    public IDuplexSession Session => inner.Session;

    public T GetProperty<T>()
        where T : class => inner.GetProperty<T>();

    public Task OpenAsync() => inner.OpenAsync();

    public Task OpenAsync(CancellationToken token) => inner.OpenAsync(token);

    public Task CloseAsync() => inner.CloseAsync();

    public Task CloseAsync(CancellationToken token) => inner.CloseAsync(token);

    public void Abort() => inner.Abort();

    public Task SendAsync(Message message) => SendAsync(message, () => inner.SendAsync(message));

    public Task SendAsync(Message message, CancellationToken token) => SendAsync(message, () => inner.SendAsync(message, token));

    // CoreWCF's transports push messages into the dispatcher; what would pull one here would get it unverified.
    public Task<Message> ReceiveAsync(CancellationToken token) => throw NotPulled();

    public Task<(Message message, bool success)> TryReceiveAsync(CancellationToken token) => throw NotPulled();

    private static NotSupportedException NotPulled() => new("Messages of a secured session arrive at its dispatcher.");

    private async Task SendAsync(Message message, Func<Task> send)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var sending = exchanges.Prepare(message);
        await send().ConfigureAwait(false);
        sending.Succeed();
    }
}
