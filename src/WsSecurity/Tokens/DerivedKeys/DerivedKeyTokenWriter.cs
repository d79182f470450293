using System.Buffers;
using System.Globalization;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.DerivedKeys;

/// <summary>Writes wsc:DerivedKeyToken (WS-SecureConversation section 7).</summary>
internal static class DerivedKeyTokenWriter
{
    public static void Write(IBufferWriter<byte> output, string uri, string id, byte[] nonce, int length, Action<Utf8XmlWriter> writeSource)
    {
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("wsc", "DerivedKeyToken");
        writer.NamespaceDeclaration("wsc", uri);
        writer.NamespaceDeclaration("wsu", Wsu.Namespace);
        writer.Attribute("wsu", "Id", id);
        writeSource(writer);
        WriteNumber(writer, "Offset", 0);
        WriteNumber(writer, "Length", length);
        writer.StartElement("wsc", "Nonce");
        writer.Base64(nonce);
        writer.EndElement();
        writer.EndElement();
    }

    public static void WriteReference(Utf8XmlWriter writer, string uri, string id, bool emitBspRequiredAttributes)
    {
        writer.StartElement("wsse", "SecurityTokenReference");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.StartElement("wsse", "Reference");
        writer.Attribute("", "URI", "#" + id);
        if (emitBspRequiredAttributes)
        {
            writer.Attribute("", "ValueType", uri + "/dk");
        }

        writer.EndElement();
        writer.EndElement();
    }

    private static void WriteNumber(Utf8XmlWriter writer, string name, int number)
    {
        writer.StartElement("wsc", name);
        writer.Text(number.ToString(CultureInfo.InvariantCulture));
        writer.EndElement();
    }
}
