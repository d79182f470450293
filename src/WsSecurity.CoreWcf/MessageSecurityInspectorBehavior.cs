using System.Collections.ObjectModel;
using System.Xml;
using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Description;
using CoreWCF.Dispatcher;
using WsSecurity.CoreWcf.Channels;
using WsSecurity.CoreWcf.Inspectors;
using WsSecurity.ServiceModel.Encoding;
using WsSecurity.ServiceModel.Inspectors;

namespace WsSecurity.CoreWcf;

/// <summary>
/// Message security by a message inspector, for those who cannot change the binding of an endpoint; everybody else uses
/// <see cref="MessageSecurityExtensions.WithMessageSecurity(Binding, SecurityPolicy, SecurityCredentials?)"/>. An inspector sees a request after CoreWCF has parsed it, and a
/// reply before CoreWCF gives it its last headers, so only policies that encrypt no part and leave To, MessageID and ReplyTo unsigned are
/// accepted; the others are refused when the host starts. It runs after authorization, so <c>[Authorize]</c> does not see the caller;
/// <see cref="ServiceSecurityContext.Current"/> does. As a behavior of a service it guards each of its endpoints.
/// </summary>
public sealed class MessageSecurityInspectorBehavior : IEndpointBehavior, IServiceBehavior
{
    /// <summary>Creates the behavior.</summary>
    /// <param name="policy">What is written and what is demanded.</param>
    /// <exception cref="ArgumentNullException"><paramref name="policy"/> is null.</exception>
    public MessageSecurityInspectorBehavior(SecurityPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy = policy;
    }

    /// <summary>What is written and what is demanded.</summary>
    public SecurityPolicy Policy { get; }

    /// <summary>Our keys and whom we trust, instead of the <see cref="ServiceCredentials"/> of the host.</summary>
    /// <value>null: the <see cref="ServiceCredentials"/> of the host.</value>
    public SecurityCredentials? Credentials { get; init; }

    /// <summary>Clock, log and replay cache.</summary>
    /// <value>null: what the host's services hold, and the defaults for the rest.</value>
    public SecurityServices? Services { get; init; }

    void IEndpointBehavior.Validate(ServiceEndpoint endpoint) => InspectorRequirements.Demand(Policy, endpoint);

    void IEndpointBehavior.AddBindingParameters(ServiceEndpoint endpoint, BindingParameterCollection bindingParameters)
    {
    }

    void IEndpointBehavior.ApplyClientBehavior(ServiceEndpoint endpoint, ClientRuntime clientRuntime)
    {
    }

    void IEndpointBehavior.ApplyDispatchBehavior(ServiceEndpoint endpoint, EndpointDispatcher endpointDispatcher)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(endpointDispatcher);
        Guard(endpoint, endpointDispatcher, endpointDispatcher.ChannelDispatcher.Host.Description);
    }

    void IServiceBehavior.Validate(ServiceDescription serviceDescription, ServiceHostBase serviceHostBase)
    {
        ArgumentNullException.ThrowIfNull(serviceDescription);
        foreach (var endpoint in serviceDescription.Endpoints)
        {
            InspectorRequirements.Demand(Policy, endpoint);
        }
    }

    void IServiceBehavior.AddBindingParameters(
        ServiceDescription serviceDescription, ServiceHostBase serviceHostBase, Collection<ServiceEndpoint> endpoints, BindingParameterCollection bindingParameters)
    {
    }

    void IServiceBehavior.ApplyDispatchBehavior(ServiceDescription serviceDescription, ServiceHostBase serviceHostBase)
    {
        ArgumentNullException.ThrowIfNull(serviceDescription);
        ArgumentNullException.ThrowIfNull(serviceHostBase);
        foreach (var dispatcher in serviceHostBase.ChannelDispatchers.OfType<ChannelDispatcher>().SelectMany(channel => channel.Endpoints))
        {
            // One that stands for no described endpoint is the host's own.
            if (serviceDescription.Endpoints.FirstOrDefault(endpoint =>
                endpoint.Address.Uri == dispatcher.EndpointAddress.Uri && endpoint.Contract.Name == dispatcher.ContractName && endpoint.Contract.Namespace == dispatcher.ContractNamespace)
                is { } endpoint)
            {
                Guard(endpoint, dispatcher, serviceDescription);
            }
        }
    }

    private void Guard(ServiceEndpoint endpoint, EndpointDispatcher dispatcher, ServiceDescription host)
    {
        var quotas = endpoint.Binding.GetProperty<XmlDictionaryReaderQuotas>([]) ?? new XmlDictionaryReaderQuotas();
        var settings = new WsSecurityBindingElement(Policy) { Credentials = Credentials, Services = Services };
        var security = EndpointSecurity.Create(settings, endpoint.Binding, host, [endpoint.Contract]);
        var oneWayActions = endpoint.Contract.Operations.Where(operation => operation.IsOneWay).Select(operation => operation.Messages[0].Action);
        dispatcher.DispatchRuntime.MessageInspectors.Add(new MessageSecurityInspector(
            security, PlainText.For(endpoint.Binding.MessageVersion, quotas), Policy.Limits, oneWayActions.ToHashSet(StringComparer.Ordinal)));
    }
}
