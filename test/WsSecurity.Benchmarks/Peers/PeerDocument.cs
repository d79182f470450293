using System.Text;
using System.Xml;

namespace WsSecurity.Benchmarks.Peers;

/// <summary>Reads and writes the document object that the platform's classes work on.</summary>
internal static class PeerDocument
{
    public const string Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    public const string Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    public const string Wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    private static readonly XmlWriterSettings Plain = new() { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true };

    public static XmlDocument Load(byte[] octets)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        using var reader = XmlReader.Create(new MemoryStream(octets));
        document.Load(reader);
        return document;
    }

    public static byte[] Save(XmlDocument document, int capacity)
    {
        using var output = new MemoryStream(capacity);
        using (var writer = XmlWriter.Create(output, Plain))
        {
            document.Save(writer);
        }

        return output.ToArray();
    }

    public static XmlElement Header(XmlDocument document) => document.DocumentElement!["Header", Soap]!;

    public static XmlElement Body(XmlDocument document) => document.DocumentElement!["Body", Soap]!;

    public static XmlElement Security(XmlDocument document) => Header(document)["Security", Wsse]!;

    public static void SetId(XmlElement element, string id)
    {
        // Declared as a node: else the prefix that is signed is not the one that is saved.
        element.SetAttribute("xmlns:wsu", Wsu);
        var attribute = element.OwnerDocument.CreateAttribute("wsu", "Id", Wsu);
        attribute.Value = id;
        element.SetAttributeNode(attribute);
    }

    public static XmlElement AddSecurity(XmlDocument document)
    {
        var security = document.CreateElement("wsse", "Security", Wsse);
        Header(document).AppendChild(security);
        return security;
    }
}
