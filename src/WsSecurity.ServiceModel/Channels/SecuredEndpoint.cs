#if COREWCF
using CoreWCF.Description;
#else
using System.ServiceModel.Description;
#endif

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Whether an endpoint has message security at all, for what would have no effect without it.</summary>
internal static class SecuredEndpoint
{
    /// <summary>Refuses an endpoint whose messages would leave unprotected though somebody asked for protection.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="because">What asks for protection.</param>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static void Demand(ServiceEndpoint endpoint, string because)
    {
        if (endpoint.Binding?.CreateBindingElements().Find<WsSecurityBindingElement>() is null && !HasInspector(endpoint))
        {
            throw new InvalidOperationException(
                $"The endpoint '{endpoint.Name}' has {because}, and no message security: its messages would leave unprotected. Use binding.{nameof(MessageSecurityExtensions.WithMessageSecurity)}(policy).");
        }
    }

#if COREWCF
    private static bool HasInspector(ServiceEndpoint endpoint) => false;
#else
    private static bool HasInspector(ServiceEndpoint endpoint) => endpoint.EndpointBehaviors.OfType<MessageSecurityInspectorBehavior>().Any();
#endif
}
