using System.Xml.Linq;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>What the test services read and write, in plain.</summary>
internal static class Envelopes
{
    public const string Service = "urn:wssecurity:test";

    public static readonly XNamespace Addressing = "http://www.w3.org/2005/08/addressing";
    public static readonly XNamespace Contract = Service;
    public static readonly XNamespace Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    public static readonly XNamespace Soap12 = "http://www.w3.org/2003/05/soap-envelope";

    public static XDocument Parse(ReadOnlyMemory<byte> octets)
    {
        using var stream = new MemoryStream(octets.ToArray());
        return XDocument.Load(stream, LoadOptions.PreserveWhitespace);
    }

    public static XDocument Parse(VerifiedMessage message)
    {
        using var stream = message.OpenRead();
        return XDocument.Load(stream, LoadOptions.PreserveWhitespace);
    }

    public static byte[] ToOctets(this XDocument document) => System.Text.Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting));

    public static XElement Body(this XDocument envelope) => envelope.Root!.Element(envelope.Root.Name.Namespace + "Body")!;

    public static string? Header(this XDocument envelope, string name) =>
        envelope.Root!.Element(envelope.Root.Name.Namespace + "Header")?.Element(Addressing + name)?.Value;

    public static XNamespace Soap(this XDocument envelope) => envelope.Root!.Name.Namespace;

    /// <summary>An envelope in answer to another: same version, and related to it where that has a MessageID.</summary>
    public static XDocument Answer(XDocument request, string action, params object[] body) =>
        Create(request.Soap(), request.Header("MessageID") is { } id ? [new XElement(Addressing + "Action", action), new XElement(Addressing + "RelatesTo", id)] : [], body);

    public static XDocument Create(XNamespace soap, object[] headers, params object[] body) => new(new XElement(
        soap + "Envelope",
        new XAttribute(XNamespace.Xmlns + "s", soap.NamespaceName),
        headers.Length == 0 ? null : new XElement(soap + "Header", headers),
        new XElement(soap + "Body", body)));

    public static XElement Fault(XNamespace soap, string code, string reason, params object[] detail) => soap == Soap11
        ? new XElement(
            soap + "Fault",
            new XElement("faultcode", "s:" + code),
            new XElement("faultstring", reason),
            new XElement("detail", detail))
        : new XElement(
            soap + "Fault",
            new XElement(soap + "Code", new XElement(soap + "Value", "s:" + (code == "Client" ? "Sender" : "Receiver"))),
            new XElement(soap + "Reason", new XElement(soap + "Text", new XAttribute(XNamespace.Xml + "lang", "en"), reason)),
            new XElement(soap + "Detail", detail));
}
