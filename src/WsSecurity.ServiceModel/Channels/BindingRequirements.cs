#if COREWCF
using CoreWCF;
using CoreWCF.Channels;
#else
using System.ServiceModel;
using System.ServiceModel.Channels;
#endif

namespace WsSecurity.ServiceModel.Channels;

/// <summary>What a binding must look like around our element; each refusal names what to change.</summary>
internal static class BindingRequirements
{
    /// <summary>Refuses a binding in which messages could leave unprotected, or would be protected twice.</summary>
    /// <param name="context">The binding as it is being built; its remaining elements stand below ours.</param>
    public static void Demand(BindingContext context)
    {
        var name = context.Binding.Name;
        var elements = context.Binding.Elements;
        if (elements.OfType<WsSecurityBindingElement>().Skip(1).Any() || context.RemainingBindingElements.Find<WsSecurityBindingElement>() is not null)
        {
            throw new InvalidOperationException(
                $"The binding '{name}' has more than one {nameof(WsSecurityBindingElement)}; remove all but one. One policy can sign, encrypt and carry several tokens.");
        }

        switch (elements.Find<SecurityBindingElement>() ?? context.RemainingBindingElements.Find<SecurityBindingElement>())
        {
            case null:
                break;
            case TransportSecurityBindingElement:
                throw new InvalidOperationException(
                    $"The binding '{name}' uses TransportWithMessageCredential (a {nameof(TransportSecurityBindingElement)}) beside {nameof(WsSecurityBindingElement)}; " +
                    $"set its security mode to Transport, and use {nameof(SecurityPolicy)}.{nameof(SecurityPolicy.UserNameOverTransport)} or {nameof(SecurityPolicy.CertificateOverTransport)}.");
            case var other:
                throw new InvalidOperationException(
                    $"The binding '{name}' has a {other.GetType().Name} beside {nameof(WsSecurityBindingElement)}; remove it, or set the binding's security mode to None or Transport.");
        }

        var encoding = context.RemainingBindingElements.Find<MessageEncodingBindingElement>();
        if (encoding is null)
        {
            throw new InvalidOperationException(
                elements.Find<MessageEncodingBindingElement>() is null
                    ? $"The binding '{name}' leaves the message encoding to the transport; add one, for example {nameof(TextMessageEncodingBindingElement)}, below {nameof(WsSecurityBindingElement)}."
                    : $"The binding '{name}' has its message encoding above {nameof(WsSecurityBindingElement)}; move {nameof(WsSecurityBindingElement)} directly above the encoding.");
        }

        if (encoding.MessageVersion.Envelope == EnvelopeVersion.None)
        {
            throw new InvalidOperationException($"The binding '{name}' sends no SOAP envelopes (MessageVersion.None), so there is no header to protect them; use a SOAP version.");
        }
    }
}
