using System.Xml;
using CoreWCF;
using CoreWCF.Channels;

namespace WsSecurity.Interop.Wss4j;

[ServiceContract(Namespace = "urn:wssecurity:interop")]
public interface IPassThroughService
{
    [OperationContract(Action = "*", ReplyAction = "*")]
    Message Process(Message request);
}

/// <summary>Sends back what it gets, whatever that is: the payload, and the Account header.</summary>
[ServiceBehavior(InstanceContextMode = InstanceContextMode.Single, ConcurrencyMode = ConcurrencyMode.Multiple, AddressFilterMode = AddressFilterMode.Any)]
internal sealed class PassThroughService : IPassThroughService
{
    public Message Process(Message request)
    {
        var payload = new XmlDocument { PreserveWhitespace = true };
        using (var reader = request.GetReaderAtBodyContents())
        {
            payload.AppendChild(payload.ReadNode(reader)!);
        }

        var answer = payload.CreateElement("e", "EchoResponse", Messages.Service.NamespaceName);
        foreach (var node in payload.DocumentElement!.ChildNodes.Cast<XmlNode>().ToArray())
        {
            answer.AppendChild(node);
        }

        var reply = Message.CreateMessage(request.Version, request.Headers.Action + "Response", new XmlNodeReader(answer));
        reply.Headers.CopyHeaderFrom(request, request.Headers.FindHeader("Account", Messages.Service.NamespaceName));
        return reply;
    }
}
