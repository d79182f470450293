using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Dispatcher;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.ServiceModel;

/// <summary>
/// Gives one endpoint its own <see cref="SecurityCredentials"/>. They come before those of <see cref="WsSecurityBindingElement"/> and before the
/// <see cref="ClientCredentials"/> of the channel factory, which are then not read at all; the identity of the address is still checked.
/// </summary>
/// <param name="credentials">Our keys and what we know of the service.</param>
public sealed class SecurityCredentialsBehavior(SecurityCredentials credentials) : IEndpointBehavior
{
    /// <summary>Our keys and what we know of the service.</summary>
    public SecurityCredentials Credentials { get; } = credentials ?? throw new ArgumentNullException(nameof(credentials));

    void IEndpointBehavior.AddBindingParameters(ServiceEndpoint endpoint, BindingParameterCollection bindingParameters) => bindingParameters.Add(Credentials);

    void IEndpointBehavior.ApplyClientBehavior(ServiceEndpoint endpoint, ClientRuntime clientRuntime)
    {
    }

    void IEndpointBehavior.ApplyDispatchBehavior(ServiceEndpoint endpoint, EndpointDispatcher endpointDispatcher)
    {
    }

    void IEndpointBehavior.Validate(ServiceEndpoint endpoint) => SecuredEndpoint.Demand(endpoint, nameof(SecurityCredentialsBehavior));
}
