using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Configuration;

namespace WsSecurity.CoreWcf.Amqp.Tests;

/// <summary>A binding element above the security whose dispatcher fails with the first message, before the service sees it.</summary>
internal sealed class FailingOnce : BindingElement
{
    private int _messages;

    public override BindingElement Clone() => this;

    public override T GetProperty<T>(BindingContext context) => context.GetInnerProperty<T>();

    public override bool CanBuildServiceDispatcher<TChannel>(BindingContext context) => context.CanBuildNextServiceDispatcher<TChannel>();

    public override IServiceDispatcher BuildServiceDispatcher<TChannel>(BindingContext context, IServiceDispatcher innerDispatcher) =>
        context.BuildNextServiceDispatcher<TChannel>(new Dispatcher(this, innerDispatcher));

    private sealed class Dispatcher(FailingOnce element, IServiceDispatcher inner) : IServiceDispatcher
    {
        public Uri BaseAddress => inner.BaseAddress;

        public Binding Binding => inner.Binding;

        public ServiceHostBase Host => inner.Host;

        public IList<Type> SupportedChannelTypes => inner.SupportedChannelTypes;

        public async Task<IServiceChannelDispatcher> CreateServiceChannelDispatcherAsync(IChannel channel) =>
            new ChannelDispatcher(element, await inner.CreateServiceChannelDispatcherAsync(channel));
    }

    private sealed class ChannelDispatcher(FailingOnce element, IServiceChannelDispatcher inner) : IServiceChannelDispatcher
    {
        public Task DispatchAsync(RequestContext context) =>
            Interlocked.Increment(ref element._messages) == 1 ? throw new TimeoutException("no room for it") : inner.DispatchAsync(context);

        public Task DispatchAsync(Message message) => inner.DispatchAsync(message);
    }
}
