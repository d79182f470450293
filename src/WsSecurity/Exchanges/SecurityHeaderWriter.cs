using System.Buffers;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Writes the Security header around its elements (SOAP Message Security 1.1.1, section 5).</summary>
internal static class SecurityHeaderWriter
{
    /// <summary>Writes the header; nothing where it would be empty.</summary>
    public static void Write(IBufferWriter<byte> output, SoapEnvelope envelope, string? actor, IReadOnlyList<HeaderItem> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        var writer = new Utf8XmlWriter(output);
        writer.StartElement("wsse", "Security");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.NamespaceDeclaration("soap", envelope.Namespace);
        writer.Attribute("soap", "mustUnderstand", "1");
        if (actor is not null)
        {
            writer.Attribute("soap", envelope.Version == SoapVersion.Soap11 ? "actor" : "role", actor);
        }

        foreach (var item in items)
        {
            writer.RawMarkup(item.Octets);
        }

        writer.EndElement();
    }
}
