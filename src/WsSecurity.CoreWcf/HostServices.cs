using System.Collections.ObjectModel;
using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Description;

namespace WsSecurity.CoreWcf;

/// <summary>Shows a service host's behaviors the services of dependency injection, which no transport but HTTP hands to binding elements.</summary>
internal sealed class HostServices(IServiceProvider provider) : IServiceBehavior
{
    public IServiceProvider Provider => provider;

    void IServiceBehavior.AddBindingParameters(
        ServiceDescription serviceDescription, ServiceHostBase serviceHostBase, Collection<ServiceEndpoint> endpoints, BindingParameterCollection bindingParameters)
    {
    }

    void IServiceBehavior.ApplyDispatchBehavior(ServiceDescription serviceDescription, ServiceHostBase serviceHostBase)
    {
    }

    void IServiceBehavior.Validate(ServiceDescription serviceDescription, ServiceHostBase serviceHostBase)
    {
    }
}
