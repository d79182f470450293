using WsSecurity.Exchanges;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Custom;

/// <summary>Writes custom tokens and references to them (SOAP Message Security 1.1.1, sections 6.3 and 7.2).</summary>
internal static class CustomTokenWriter
{
    /// <exception cref="InvalidOperationException">Something must refer to an element that has no <c>wsu:Id</c>.</exception>
    public static HeaderItem Write(CustomTokenCredential credential, bool isReferenced)
    {
        if (credential.ValueType is not { } valueType)
        {
            return credential.Id is null && isReferenced
                ? throw new InvalidOperationException("A custom token that is signed or endorses has no wsu:Id to be referred to by.")
                : new HeaderItem(credential.Id ?? string.Empty, credential.Octets) { IsForeign = true };
        }

        return HeaderItem.Create("BST", (output, id) =>
        {
            var writer = new Utf8XmlWriter(output);
            writer.StartElement("wsse", "BinarySecurityToken");
            writer.NamespaceDeclaration("wsse", Wsse.Namespace);
            writer.NamespaceDeclaration("wsu", Wsu.Namespace);
            writer.Attribute("wsu", "Id", id);
            writer.Attribute("", "EncodingType", Wsse.Base64Binary);
            writer.Attribute("", "ValueType", valueType);
            writer.Base64(credential.Octets);
            writer.EndElement();
        });
    }

    public static void WriteReference(Utf8XmlWriter writer, string id, string? valueType)
    {
        writer.StartElement("wsse", "SecurityTokenReference");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.StartElement("wsse", "Reference");
        writer.Attribute("", "URI", "#" + id);
        if (valueType is not null)
        {
            writer.Attribute("", "ValueType", valueType);
        }

        writer.EndElement();
        writer.EndElement();
    }
}
