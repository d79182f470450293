using System.Text;
using System.Xml.Linq;

namespace WsSecurity.Tests.Attacks;

/// <summary>A message on the wire, as somebody between the two parties changes it.</summary>
internal sealed class Wire
{
    public static readonly XNamespace Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    public static readonly XNamespace Wsse11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd";
    public static readonly XNamespace Wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    public static readonly XNamespace Ds = "http://www.w3.org/2000/09/xmldsig#";
    public static readonly XNamespace Xenc = "http://www.w3.org/2001/04/xmlenc#";
    public static readonly XNamespace Wsa = "http://www.w3.org/2005/08/addressing";
    public static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    private readonly XDocument _document;

    private Wire(XDocument document) => _document = document;

    public XElement Envelope => _document.Root!;

    public XNamespace Soap => Envelope.Name.Namespace;

    public XElement Header => Envelope.Element(Soap + "Header")!;

    public XElement Body => Envelope.Element(Soap + "Body")!;

    public XElement Security => Header.Element(Wsse + "Security")!;

    public XElement Signature => Find(Ds + "Signature");

    public static Wire Of(byte[] octets) => new(XDocument.Parse(Encoding.UTF8.GetString(octets), LoadOptions.PreserveWhitespace));

    public static byte[] Change(byte[] octets, Action<Wire> change)
    {
        var wire = Of(octets);
        change(wire);
        return wire.ToArray();
    }

    public XElement Find(XName name) => Envelope.Descendants(name).First();

    public static string Id(XElement element) => (string?)element.Attribute(Wsu + "Id") ?? (string)element.Attribute("Id")!;

    public byte[] ToArray() => Encoding.UTF8.GetBytes(_document.ToString(SaveOptions.DisableFormatting));
}
