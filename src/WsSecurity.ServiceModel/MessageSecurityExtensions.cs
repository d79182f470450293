using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.ServiceModel;

/// <summary>Adds message security to a binding or an endpoint of a client.</summary>
public static class MessageSecurityExtensions
{
    /// <summary>
    /// Copies a binding (<c>BasicHttpBinding</c>, <c>WSHttpBinding</c>, <c>NetHttpBinding</c>, <c>NetTcpBinding</c>, or any other) into a
    /// <see cref="CustomBinding"/> with the same elements, name, namespace and timeouts, and message security directly above the message encoding.
    /// The binding's own security mode must be None or Transport.
    /// </summary>
    /// <param name="binding">The binding; it is left as it is.</param>
    /// <param name="policy">What is written and what is demanded.</param>
    /// <param name="credentials">Our keys and what we know of the service; null: the <c>ClientCredentials</c> of the channel factory.</param>
    /// <param name="transit">A second Security header, for a node on the way; null: none.</param>
    /// <returns>The new binding.</returns>
    /// <exception cref="ArgumentException">The header for the node has the actor of the policy, or there is none.</exception>
    /// <exception cref="InvalidOperationException">The binding has no message encoding, or cannot be taken apart because of its security mode.</exception>
    public static CustomBinding WithMessageSecurity(this Binding binding, SecurityPolicy policy, SecurityCredentials? credentials = null, TransitSecurity? transit = null)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var custom = TakeApart(binding);
        var encoding = custom.Elements.Find<MessageEncodingBindingElement>() ?? throw new InvalidOperationException(
            $"The binding '{binding.Name}' leaves the message encoding to the transport; add one, for example {nameof(TextMessageEncodingBindingElement)}.");
        custom.Elements.Insert(custom.Elements.IndexOf(encoding), new WsSecurityBindingElement(policy) { Credentials = credentials, Transit = transit });
        return custom;
    }

    /// <summary>
    /// Gives an endpoint message security: rewrites its <see cref="ServiceEndpoint.Binding"/> as <see cref="WithMessageSecurity"/> does. Call it
    /// before the channel factory is opened.
    /// </summary>
    /// <param name="endpoint">The endpoint, for example <c>ChannelFactory.Endpoint</c> or <c>ClientBase.Endpoint</c>.</param>
    /// <param name="policy">What is written and what is demanded.</param>
    /// <param name="credentials">Our keys and what we know of the service; null: the <c>ClientCredentials</c> of the channel factory.</param>
    /// <param name="transit">A second Security header, for a node on the way; null: none.</param>
    /// <exception cref="InvalidOperationException">
    /// The endpoint has no binding, or one that <see cref="WithMessageSecurity"/> refuses, or a callback contract that the policy has no keys for.
    /// </exception>
    public static void AddMessageSecurity(this ServiceEndpoint endpoint, SecurityPolicy policy, SecurityCredentials? credentials = null, TransitSecurity? transit = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(policy);
        CallbackContracts.Demand(endpoint.Contract, policy);
        var binding = endpoint.Binding ?? throw new InvalidOperationException($"The endpoint '{endpoint.Name}' has no binding yet; set one first.");
        endpoint.Binding = binding.WithMessageSecurity(policy, credentials, transit);
    }

    private static CustomBinding TakeApart(Binding binding)
    {
        try
        {
            return new CustomBinding(binding);
        }
        catch (PlatformNotSupportedException unsupported)
        {
            // The client's bindings throw this for the message security that they no longer have: WSHttpBinding by default.
            throw new InvalidOperationException(
                $"The binding '{binding.Name}' asks for message security of its own, which this platform lacks; set its security mode to None or Transport.", unsupported);
        }
    }
}
