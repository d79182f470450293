using System.ServiceModel.Channels;
using WsSecurity.ServiceModel.Channels;
using WsSecurity.ServiceModel.Encoding;

namespace WsSecurity.ServiceModel;

/// <summary>
/// Protects every message of a client's channels under one <see cref="SecurityPolicy"/>. Put it into a <see cref="CustomBinding"/>
/// directly above the message encoding, or let <see cref="MessageSecurityExtensions.WithMessageSecurity"/> do that.
/// Works with every transport and encoding that the client has; messages are held in memory whole, also where the transport streams.
/// </summary>
public sealed class WsSecurityBindingElement : BindingElement
{
    /// <summary>Creates the element.</summary>
    /// <param name="policy">What is written and what is demanded.</param>
    /// <exception cref="ArgumentNullException"><paramref name="policy"/> is null.</exception>
    public WsSecurityBindingElement(SecurityPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy = policy;
    }

    private WsSecurityBindingElement(WsSecurityBindingElement other)
        : base(other)
    {
        Policy = other.Policy;
        Credentials = other.Credentials;
        Services = other.Services;
        Transit = other.Transit;
    }

    /// <summary>What is written and what is demanded.</summary>
    public SecurityPolicy Policy { get; }

    /// <summary>
    /// Our keys and what we know of the service, instead of the <c>ClientCredentials</c> of the channel factory. A
    /// <see cref="SecurityCredentialsBehavior"/> of the endpoint comes first.
    /// </summary>
    /// <value>null: the <c>ClientCredentials</c> of the channel factory.</value>
    public SecurityCredentials? Credentials { get; init; }

    /// <summary>A second Security header, for a node on the way, over the protection for the service.</summary>
    /// <value>null: messages carry the service's alone.</value>
    /// <exception cref="ArgumentException">Its header has the <see cref="SecurityPolicy.Actor"/> of <see cref="Policy"/>, or there is none.</exception>
    public TransitSecurity? Transit
    {
        get;
        init
        {
            value?.Demand(Policy);
            field = value;
        }
    }

    /// <summary>Clock and log.</summary>
    /// <value><see cref="SecurityServices.Default"/>.</value>
    public SecurityServices Services { get; init; } = SecurityServices.Default;

    /// <inheritdoc/>
    public override BindingElement Clone() => new WsSecurityBindingElement(this);

    /// <inheritdoc/>
    public override T GetProperty<T>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.GetInnerProperty<T>();
    }

    /// <inheritdoc/>
    public override bool CanBuildChannelFactory<TChannel>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SecurityChannelFactory<TChannel>.CanProtect && context.CanBuildInnerChannelFactory<TChannel>();
    }

    /// <summary>Builds the channel factory.</summary>
    /// <param name="context">The binding as it is being built.</param>
    /// <typeparam name="TChannel">The shape of the channels.</typeparam>
    /// <returns>A factory whose channels protect and verify.</returns>
    /// <exception cref="InvalidOperationException">
    /// The binding has no message encoding below this element, another security element, or this element twice; the policy is
    /// not supported, or the credentials lack what it needs.
    /// </exception>
    public override IChannelFactory<TChannel> BuildChannelFactory<TChannel>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        BindingRequirements.Demand(context);
        if (!CanBuildChannelFactory<TChannel>(context))
        {
            throw new InvalidOperationException(
                $"The binding '{context.Binding.Name}' cannot build channels of the shape {typeof(TChannel).Name} under {nameof(WsSecurityBindingElement)}.");
        }

        var security = ClientSecurity.Create(Policy, Services, Credentials, context.BindingParameters, context.GetInnerProperty<ISecurityCapabilities>(), Transit);
        ProtectedEncodingBindingElement.WrapEncoding(context.RemainingBindingElements, Policy.Limits);
        return new SecurityChannelFactory<TChannel>(context.Binding, context.BuildInnerChannelFactory<TChannel>(), security);
    }
}
