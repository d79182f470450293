using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Dispatcher;
using System.Xml;
using WsSecurity.ServiceModel;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>
/// Binds the prefix <c>u</c> on the envelope, which our engine then takes for Ids. Mono writes the headers that it received anew, with prefixes of its own, before it
/// looks at their signatures: <c>s</c>, <c>a</c> and <c>u</c>, those of .NET Framework. A signed header with another prefix fails there.
/// </summary>
internal sealed class UtilityPrefix : IEndpointBehavior, IClientMessageInspector
{
    public const string Namespace = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    /// <summary>What the last reply proved.</summary>
    public ProtectionEvidence? OfReply { get; private set; }

    object? IClientMessageInspector.BeforeSendRequest(ref Message request, IClientChannel channel)
    {
        request = new PrefixedMessage(request);
        return null;
    }

    void IClientMessageInspector.AfterReceiveReply(ref Message reply, object correlationState) => OfReply = reply.Properties.GetProtectionEvidence();

    void IEndpointBehavior.AddBindingParameters(ServiceEndpoint endpoint, BindingParameterCollection bindingParameters)
    {
    }

    void IEndpointBehavior.ApplyClientBehavior(ServiceEndpoint endpoint, ClientRuntime clientRuntime) => clientRuntime.ClientMessageInspectors.Add(this);

    void IEndpointBehavior.ApplyDispatchBehavior(ServiceEndpoint endpoint, EndpointDispatcher endpointDispatcher)
    {
    }

    void IEndpointBehavior.Validate(ServiceEndpoint endpoint)
    {
    }

    private sealed class PrefixedMessage(Message message) : Message
    {
        public override MessageHeaders Headers => message.Headers;

        public override MessageProperties Properties => message.Properties;

        public override MessageVersion Version => message.Version;

        protected override void OnWriteStartEnvelope(XmlDictionaryWriter writer)
        {
            message.WriteStartEnvelope(writer);
            writer.WriteXmlnsAttribute("u", Namespace);
        }

        protected override void OnWriteBodyContents(XmlDictionaryWriter writer) => message.WriteBodyContents(writer);

        protected override void OnClose()
        {
            base.OnClose();
            message.Close();
        }
    }
}
