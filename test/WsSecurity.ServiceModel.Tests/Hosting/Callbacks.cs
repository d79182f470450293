using System.Buffers;
using System.Xml.Linq;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>What a duplex service calls back, in plain, and the roles that protect it.</summary>
internal static class Callbacks
{
    public const string NewsAction = Envelopes.Service + "/IEcho/OnNews";
    public const string QuestionAction = Envelopes.Service + "/IEcho/OnQuestion";

    public static XDocument News(string text) => Create(NewsAction, "OnNews", text, null);

    public static XDocument Question(string text, string messageId) => Create(QuestionAction, "OnQuestion", text, messageId);

    public static (byte[] Octets, PendingReply Reply) Protect(this Initiator initiator, XDocument envelope)
    {
        var output = new ArrayBufferWriter<byte>();
        var reply = initiator.ProtectRequest(envelope.ToOctets(), MessageContext.Empty, output);
        return (output.WrittenSpan.ToArray(), reply);
    }

    private static XDocument Create(string action, string operation, string text, string? messageId) => Envelopes.Create(
        Envelopes.Soap12,
        [
            new XElement(Envelopes.Addressing + "Action", action),
            messageId is null ? null! : new XElement(Envelopes.Addressing + "MessageID", messageId),
            messageId is null ? null! : new XElement(
                Envelopes.Addressing + "ReplyTo",
                new XElement(Envelopes.Addressing + "Address", "http://www.w3.org/2005/08/addressing/anonymous")),
        ],
        new XElement(Envelopes.Contract + operation, new XElement(Envelopes.Contract + "text", text)));
}
