using System.ServiceModel.Description;

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
        if (endpoint.Binding?.CreateBindingElements().Find<WsSecurityBindingElement>() is null && !endpoint.EndpointBehaviors.OfType<MessageSecurityInspectorBehavior>().Any())
        {
            throw new InvalidOperationException(
                $"The endpoint '{endpoint.Name}' has {because}, and no message security: its messages would leave unprotected. Call endpoint.{nameof(MessageSecurityExtensions.AddMessageSecurity)}(policy).");
        }
    }
}
