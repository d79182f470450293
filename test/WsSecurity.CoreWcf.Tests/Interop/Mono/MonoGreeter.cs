using System.Xml;
using CoreWCF;
using CoreWCF.Channels;

namespace WsSecurity.Interop.MonoWcf;

[ServiceContract(Name = "Greeter", Namespace = "urn:wssecurity:mono")]
public interface IMonoGreeter
{
    [OperationContract(Action = "urn:wssecurity:mono/Greeter/Greet", ReplyAction = "urn:wssecurity:mono/Greeter/GreetResponse")]
    Message Greet(Message request);
}

/// <summary>The service of the Mono program's contract; it tells who is known to have called.</summary>
[ServiceBehavior(InstanceContextMode = InstanceContextMode.Single, ConcurrencyMode = ConcurrencyMode.Multiple)]
internal sealed class MonoGreeter : IMonoGreeter
{
    private const string Service = "urn:wssecurity:mono";

    public Message Greet(Message request)
    {
        string what;
        using (var reader = request.GetReaderAtBodyContents())
        {
            reader.ReadStartElement("Greet", Service);
            what = reader.ReadElementContentAsString("what", Service);
        }

        var caller = ServiceSecurityContext.Current?.PrimaryIdentity.Name;
        return new Reply(request.Version, $"you said {what}{(string.IsNullOrEmpty(caller) ? "" : ", " + caller)}");
    }

    // Binds the prefix that Mono writes Ids with, as the messages of interop/mono-wcf do.
    private sealed class Reply(MessageVersion version, string answer) : Message
    {
        public override MessageHeaders Headers { get; } = new(version) { Action = "urn:wssecurity:mono/Greeter/GreetResponse" };

        public override MessageProperties Properties { get; } = [];

        public override MessageVersion Version => version;

        protected override void OnWriteStartEnvelope(XmlDictionaryWriter writer)
        {
            base.OnWriteStartEnvelope(writer);
            writer.WriteXmlnsAttribute("u", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd");
        }

        protected override void OnWriteBodyContents(XmlDictionaryWriter writer)
        {
            writer.WriteStartElement("GreetResponse", Service);
            writer.WriteElementString("GreetResult", Service, answer);
            writer.WriteEndElement();
        }
    }
}
