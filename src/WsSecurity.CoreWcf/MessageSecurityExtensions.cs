using CoreWCF.Channels;
using Microsoft.Extensions.DependencyInjection;
using WsSecurity.Evidence;

namespace WsSecurity.CoreWcf;

/// <summary>Adds message security to the binding of a service's endpoint.</summary>
public static class MessageSecurityExtensions
{
    /// <summary>
    /// Copies a binding (<c>BasicHttpBinding</c>, <c>WSHttpBinding</c>, <c>NetTcpBinding</c>, or any other) into a
    /// <see cref="CustomBinding"/> with the same elements, name, namespace and timeouts, and message security directly above the message encoding.
    /// The binding's own security mode must be None or Transport.
    /// </summary>
    /// <param name="binding">The binding; it is left as it is.</param>
    /// <param name="policy">What is written and what is demanded.</param>
    /// <param name="credentials">Our keys and whom we trust; null: the <c>ServiceCredentials</c> of the host.</param>
    /// <returns>The new binding.</returns>
    /// <exception cref="InvalidOperationException">The binding has no message encoding.</exception>
    public static CustomBinding WithMessageSecurity(this Binding binding, SecurityPolicy policy, SecurityCredentials? credentials = null) =>
        binding.WithMessageSecurity(new WsSecurityBindingElement(policy) { Credentials = credentials });

    /// <summary>Copies a binding, as the other overload does, with the policy and the credentials of a configured binding.</summary>
    /// <param name="binding">The binding; it is left as it is.</param>
    /// <param name="services">The host's services, with those of <c>AddWsSecurity(configuration)</c>.</param>
    /// <param name="name">The name below <c>WsSecurity:Bindings</c>.</param>
    /// <returns>The new binding.</returns>
    /// <exception cref="BindingConfigurationException">There is no such binding, or its configuration cannot be used.</exception>
    /// <exception cref="InvalidOperationException">The binding has no message encoding, or the services have no <c>AddWsSecurity(configuration)</c>.</exception>
    public static CustomBinding WithMessageSecurity(this Binding binding, IServiceProvider services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        var configured = services.GetRequiredService<ConfiguredBindings>().Load(name);
        return binding.WithMessageSecurity(new WsSecurityBindingElement(configured.Policy)
        {
            Credentials = configured.Credentials,
            Evidence = services.GetRequiredService<EvidenceTrails>().RecordingOf(configured, name),
        });
    }

    /// <summary>Copies a binding, as the other overloads do, with an element that has further settings.</summary>
    /// <param name="binding">The binding; it is left as it is.</param>
    /// <param name="element">The element.</param>
    /// <returns>The new binding.</returns>
    /// <exception cref="InvalidOperationException">The binding has no message encoding.</exception>
    public static CustomBinding WithMessageSecurity(this Binding binding, WsSecurityBindingElement element)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(element);
        var custom = new CustomBinding(binding);
        var encoding = custom.Elements.Find<MessageEncodingBindingElement>() ?? throw new InvalidOperationException(
            $"The binding '{binding.Name}' leaves the message encoding to the transport; add one, for example {nameof(TextMessageEncodingBindingElement)}.");
        custom.Elements.Insert(custom.Elements.IndexOf(encoding), element);
        return custom;
    }
}
