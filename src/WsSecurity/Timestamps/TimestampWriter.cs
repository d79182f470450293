using System.Buffers;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Timestamps;

/// <summary>Writes wsu:Timestamp (SOAP Message Security 1.1.1, section 10).</summary>
internal static class TimestampWriter
{
    public static void Write(IBufferWriter<byte> output, string id, DateTimeOffset created, TimeSpan lifetime)
    {
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("wsu", "Timestamp");
        writer.NamespaceDeclaration("wsu", Wsu.Namespace);
        writer.Attribute("wsu", "Id", id);
        writer.StartElement("wsu", "Created");
        writer.Text(UtcInstant.Format(created));
        writer.EndElement();
        writer.StartElement("wsu", "Expires");
        writer.Text(UtcInstant.Format(created + lifetime));
        writer.EndElement();
        writer.EndElement();
    }
}
