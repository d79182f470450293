using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace WsSecurity.Interop.Wss4j;

/// <summary>The plain messages of the tests: the two that the recordings were made from.</summary>
internal static class Messages
{
    public static XNamespace Service { get; } = "urn:wssecurity:interop";

    public static XNamespace Addressing { get; } = "http://www.w3.org/2005/08/addressing";

    private static XNamespace Utility { get; } = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    /// <summary>The plain request in one SOAP version, "soap11" or "soap12".</summary>
    public static byte[] Plain(string version) => File.ReadAllBytes(Path.Combine(Peer.Folder, "recorded", $"plain.{version}.xml"));

    /// <summary>The octets of an envelope, as UTF-8 without a declaration; carriage returns stay.</summary>
    public static byte[] Write(XElement envelope)
    {
        using var stream = new MemoryStream();
        var settings = new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            OmitXmlDeclaration = true,
            NewLineHandling = NewLineHandling.Entitize,
        };
        using (var writer = XmlWriter.Create(stream, settings))
        {
            envelope.Save(writer);
        }

        return stream.ToArray();
    }

    /// <summary>
    /// The content of the payload, which the echo service sends back. The order of attributes and the form of empty elements are
    /// nobody's business, and a wsu:Id stays on an element that was signed by it.
    /// </summary>
    public static string Payload(byte[] envelope)
    {
        using var stream = new MemoryStream(envelope);
        var root = XDocument.Load(stream, LoadOptions.PreserveWhitespace).Root!;
        var payload = root.Element(root.Name.Namespace + "Body")!.Elements().Single();
        foreach (var element in payload.Descendants())
        {
            if (!element.Nodes().Any())
            {
                element.RemoveNodes();
            }

            element.ReplaceAttributes(element.Attributes().Where(attribute => attribute.Name.Namespace != Utility && attribute.Value != Utility.NamespaceName).OrderBy(attribute => attribute.Name.ToString(), StringComparer.Ordinal));
        }

        return string.Concat(payload.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting)));
    }
}
