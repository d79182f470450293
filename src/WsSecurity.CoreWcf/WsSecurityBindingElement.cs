using CoreWCF.Channels;
using CoreWCF.Configuration;
using CoreWCF.Description;
using WsSecurity.CoreWcf.Channels;
using WsSecurity.Evidence;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.CoreWcf;

/// <summary>
/// Protects every message of a service's endpoint under one <see cref="SecurityPolicy"/>. Put it into a <see cref="CustomBinding"/>
/// directly above the message encoding, or let <see cref="MessageSecurityExtensions.WithMessageSecurity(Binding, SecurityPolicy, SecurityCredentials?)"/> do that.
/// Works over HTTP(S), WebSocket and net.tcp, with every encoding; messages are held in memory whole, also where the transport streams.
/// </summary>
public sealed class WsSecurityBindingElement : BindingElement, IPolicyExportExtension
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
        Evidence = other.Evidence;
        EndpointAddress = other.EndpointAddress;
        SupportsAuthorizationData = other.SupportsAuthorizationData;
    }

    /// <summary>What is written and what is demanded.</summary>
    public SecurityPolicy Policy { get; }

    /// <summary>Our keys and whom we trust, instead of the <see cref="CoreWCF.Description.ServiceCredentials"/> of the host.</summary>
    /// <value>null: the <see cref="CoreWCF.Description.ServiceCredentials"/> of the host.</value>
    public SecurityCredentials? Credentials { get; init; }

    /// <summary>Clock, log and replay cache.</summary>
    /// <value>null: what the host's services hold, and the defaults for the rest.</value>
    public SecurityServices? Services { get; init; }

    /// <summary>Which messages are kept as evidence, and where. The operation runs only when the request's is durable, unless it says otherwise.</summary>
    /// <value>null: that of <see cref="Services"/>, else the host's <see cref="EvidenceRecording"/> service, where there is one.</value>
    public EvidenceRecording? Evidence { get; init; }

    /// <summary>
    /// The endpoint's address as callers know it; a signed To that names another one is refused. Set it behind a proxy that rewrites the Host
    /// header, and wherever the host answers to any.
    /// </summary>
    /// <value>null: the address of each request.</value>
    public Uri? EndpointAddress { get; init; }

    /// <summary>
    /// Whether <c>[Authorize]</c> of operations is enforced against the verified caller, who then also stands in <c>OperationContext.ClaimsPrincipal</c>.
    /// Needs the services of <c>AddServiceModelSecurity</c>, or <c>AddAuthorization</c>. Set it to false for a host with a ServiceAuthorizationManager.
    /// </summary>
    /// <value>true.</value>
    public bool SupportsAuthorizationData { get; init; } = true;

    /// <inheritdoc/>
    public override BindingElement Clone() => new WsSecurityBindingElement(this);

    /// <inheritdoc/>
    public override T GetProperty<T>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return typeof(T) == typeof(IAuthorizationCapabilities) ? (T)(object)new Capabilities(SupportsAuthorizationData) : context.GetInnerProperty<T>();
    }

    /// <inheritdoc/>
    public override bool CanBuildServiceDispatcher<TChannel>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SecurityDispatcher.CanProtect(typeof(TChannel)) && base.CanBuildServiceDispatcher<TChannel>(context);
    }

    /// <summary>Builds the dispatcher.</summary>
    /// <param name="context">The binding as it is being built.</param>
    /// <param name="innerDispatcher">The service's own.</param>
    /// <typeparam name="TChannel">The shape of the channels.</typeparam>
    /// <returns>A dispatcher that verifies before the service's own runs, and protects what that answers.</returns>
    /// <exception cref="InvalidOperationException">
    /// The binding has no message encoding below this element, another security element, or this element twice; the policy is
    /// not supported, or the credentials lack what it needs.
    /// </exception>
    public override IServiceDispatcher BuildServiceDispatcher<TChannel>(BindingContext context, IServiceDispatcher innerDispatcher)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(innerDispatcher);
        BindingRequirements.Demand(context);
        if (!SecurityDispatcher.CanProtect(typeof(TChannel)))
        {
            throw new InvalidOperationException(
                $"The binding '{context.Binding.Name}' asks for channels of the shape {typeof(TChannel).Name}, which {nameof(WsSecurityBindingElement)} cannot protect.");
        }

        return context.BuildNextServiceDispatcher<TChannel>(SecurityDispatcher.Create(this, context, innerDispatcher));
    }

    void IPolicyExportExtension.ExportPolicy(MetadataExporter exporter, PolicyConversionContext context)
    {
        ArgumentNullException.ThrowIfNull(exporter);
        ArgumentNullException.ThrowIfNull(context);
        PolicyExport.Export(Policy, exporter, context);
    }

    private sealed class Capabilities(bool supportsAuthorizationData) : IAuthorizationCapabilities
    {
        public bool SupportsAuthorizationData => supportsAuthorizationData;
    }
}
