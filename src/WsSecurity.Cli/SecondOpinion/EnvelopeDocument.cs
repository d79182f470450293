using System.Xml;

namespace WsSecurity.Cli.SecondOpinion;

/// <summary>An envelope as a DOM, with the Security header of one actor.</summary>
internal sealed class EnvelopeDocument
{
    private EnvelopeDocument(XmlDocument document, XmlElement security)
    {
        Document = document;
        Security = security;
    }

    public XmlDocument Document { get; }

    public XmlElement Security { get; }

    /// <summary>The signatures of the header, in its order.</summary>
    public IReadOnlyList<XmlElement> Signatures =>
        [.. Security.ChildNodes.OfType<XmlElement>().Where(element => element is { LocalName: "Signature", NamespaceURI: Namespaces.Dsig })];

    /// <exception cref="XmlException">The octets are no XML, or hold a DTD.</exception>
    public static EnvelopeDocument? Load(ReadOnlyMemory<byte> octets, string? actor)
    {
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        using var stream = new MemoryStream(octets.ToArray());
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        document.Load(reader);

        var header = document.DocumentElement?.ChildNodes.OfType<XmlElement>().FirstOrDefault(element => element.LocalName == "Header");
        var security = header?.ChildNodes.OfType<XmlElement>()
            .FirstOrDefault(element => element is { LocalName: "Security", NamespaceURI: Namespaces.Wsse } && IsFor(element, actor));
        return security is null ? null : new EnvelopeDocument(document, security);
    }

    public IEnumerable<XmlElement> Elements(string localName, string namespaceUri) =>
        Document.GetElementsByTagName(localName, namespaceUri).OfType<XmlElement>().ToArray();

    private static bool IsFor(XmlElement security, string? actor)
    {
        var actor11 = security.GetAttribute("actor", Namespaces.Soap11);
        var stated = actor11.Length > 0 ? actor11 : security.GetAttribute("role", Namespaces.Soap12);
        return actor is null
            ? stated.Length == 0 || stated == "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"
            : stated == actor;
    }
}
