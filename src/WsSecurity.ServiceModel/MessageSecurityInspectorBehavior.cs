using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Dispatcher;
using System.Xml;
using WsSecurity.ServiceModel.Channels;
using WsSecurity.ServiceModel.Encoding;
using WsSecurity.ServiceModel.Inspectors;

namespace WsSecurity.ServiceModel;

/// <summary>
/// Message security by a message inspector, for those who cannot change the binding of an endpoint; everybody else uses
/// <see cref="MessageSecurityExtensions.AddMessageSecurity"/>. An inspector sees a request before WCF gives it To, MessageID and ReplyTo, so only
/// policies that leave those unsigned and encrypt no part are accepted; the others are refused when the channel factory is built.
/// </summary>
public sealed class MessageSecurityInspectorBehavior : IEndpointBehavior
{
    private ClientSecurity? _security;

    /// <summary>Creates the behavior, for one endpoint.</summary>
    /// <param name="policy">What is written and what is demanded.</param>
    /// <exception cref="ArgumentNullException"><paramref name="policy"/> is null.</exception>
    public MessageSecurityInspectorBehavior(SecurityPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy = policy;
    }

    /// <summary>What is written and what is demanded.</summary>
    public SecurityPolicy Policy { get; }

    /// <summary>Our keys and what we know of the service, instead of the <see cref="ClientCredentials"/> of the channel factory.</summary>
    /// <value>null: the <see cref="ClientCredentials"/> of the channel factory.</value>
    public SecurityCredentials? Credentials { get; init; }

    /// <summary>Clock and log.</summary>
    /// <value><see cref="SecurityServices.Default"/>.</value>
    public SecurityServices Services { get; init; } = SecurityServices.Default;

    void IEndpointBehavior.Validate(ServiceEndpoint endpoint) => InspectorRequirements.Demand(Policy, endpoint);

    void IEndpointBehavior.AddBindingParameters(ServiceEndpoint endpoint, BindingParameterCollection bindingParameters)
    {
        // The attributes of operations come after this; the levels are read when messages are.
        OperationProtectionLevels.FindOrAdd(bindingParameters);

        // Other behaviors may stand behind this one in the endpoint's list.
        var parameters = new BindingParameterCollection { bindingParameters.Find<OperationProtectionLevels>() };
        if (endpoint.EndpointBehaviors.OfType<SecurityCredentialsBehavior>().FirstOrDefault() is { } own)
        {
            parameters.Add(own.Credentials);
        }
        else if (endpoint.EndpointBehaviors.OfType<ClientCredentials>().FirstOrDefault() is { } client)
        {
            parameters.Add(client);
        }

        _security = ClientSecurity.Create(Policy, Services, Credentials, parameters, endpoint.Binding.GetProperty<ISecurityCapabilities>([]));
    }

    void IEndpointBehavior.ApplyClientBehavior(ServiceEndpoint endpoint, ClientRuntime clientRuntime)
    {
        var quotas = endpoint.Binding.GetProperty<XmlDictionaryReaderQuotas>([]) ?? new XmlDictionaryReaderQuotas();
        var text = PlainText.For(endpoint.Binding.MessageVersion, quotas);
        var oneWayActions = endpoint.Contract.Operations.Where(operation => operation.IsOneWay).Select(operation => operation.Messages[0].Action);
        clientRuntime.ClientMessageInspectors.Add(new MessageSecurityInspector(_security!, text, Policy.Limits, oneWayActions.ToHashSet(StringComparer.Ordinal)));
    }

    void IEndpointBehavior.ApplyDispatchBehavior(ServiceEndpoint endpoint, EndpointDispatcher endpointDispatcher)
    {
    }
}
