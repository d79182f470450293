using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Configuration;
using WsSecurity.ServiceModel.Encoding;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>Stands between a transport and the dispatcher of a service's endpoint: gives each channel what verifies and protects.</summary>
internal sealed class SecurityDispatcher : IServiceDispatcher
{
    private readonly IServiceDispatcher _inner;
    private readonly EndpointSecurity _security;

    private SecurityDispatcher(IServiceDispatcher inner, Binding binding, EndpointSecurity security)
    {
        _inner = inner;
        _security = security;
        Binding = binding;
    }

    public Uri BaseAddress => _inner.BaseAddress;

    /// <summary>The whole binding, its encoding wrapped: transports make their encoders from what stands here.</summary>
    public Binding Binding { get; }

    public ServiceHostBase Host => _inner.Host;

    public IList<Type> SupportedChannelTypes => _inner.SupportedChannelTypes;

    /// <summary>Whether channels of this shape can be protected.</summary>
    /// <param name="channel">The shape.</param>
    public static bool CanProtect(Type channel) =>
        channel == typeof(IReplyChannel) || channel == typeof(IReplySessionChannel) || channel == typeof(IDuplexSessionChannel);

    public static SecurityDispatcher Create(WsSecurityBindingElement element, BindingContext context, IServiceDispatcher inner)
    {
        var binding = new CustomBinding(context.Binding);
        ProtectedEncodingBindingElement.WrapEncoding(binding.Elements, context.RemainingBindingElements.Find<MessageEncodingBindingElement>(), element.Policy.Limits);
        return new SecurityDispatcher(inner, binding, EndpointSecurity.Create(element, context, inner));
    }

    public async Task<IServiceChannelDispatcher> CreateServiceChannelDispatcherAsync(IChannel channel)
    {
        switch (channel)
        {
            case IDuplexSessionChannel session:
                var exchanges = new SessionExchanges(_security, Binding.ReceiveTimeout);

                // When the channel is over, however that came about; not with the last message, since what runs may still answer.
                session.Closed += (_, _) => exchanges.Dispose();
                session.Faulted += (_, _) => exchanges.Dispose();
                var secured = new SessionChannel(session, exchanges);
                return new SessionDispatcher(await _inner.CreateServiceChannelDispatcherAsync(secured).ConfigureAwait(false), session, exchanges, _security);
            case IReplyChannel:
                return new RequestDispatcher(await _inner.CreateServiceChannelDispatcherAsync(channel).ConfigureAwait(false), _security);
            default:
                throw new InvalidOperationException($"The transport made a channel of the type {channel.GetType().Name}, which has no shape that can be protected.");
        }
    }
}
