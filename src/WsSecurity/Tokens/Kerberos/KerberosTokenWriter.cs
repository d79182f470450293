using System.Buffers;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Kerberos;

/// <summary>Writes AP-REQs and references to them (Kerberos Token Profile 1.1.1, sections 3.2 and 3.3).</summary>
internal static class KerberosTokenWriter
{
    public static string TypeOf(KerberosTokenForm form) => form == KerberosTokenForm.Gss ? KerberosTokenProfile.GssApReq : KerberosTokenProfile.ApReq;

    public static void WriteToken(IBufferWriter<byte> output, string id, KerberosTokenForm form, ReadOnlySpan<byte> octets, bool emitBspRequiredAttributes)
    {
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("wsse", "BinarySecurityToken");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.NamespaceDeclaration("wsu", Wsu.Namespace);
        writer.Attribute("wsu", "Id", id);
        if (emitBspRequiredAttributes)
        {
            writer.Attribute("", "EncodingType", Wsse.Base64Binary);
        }

        writer.Attribute("", "ValueType", TypeOf(form));
        writer.Base64(octets);
        writer.EndElement();
    }

    /// <summary>Names a token of this header, or by the SHA-1 of its octets one of this header or of the request.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="form">The token's form.</param>
    /// <param name="id">The token's Id; null to name it by its SHA-1.</param>
    /// <param name="sha1">The SHA-1 of the octets that the token holds.</param>
    /// <param name="emitBspRequiredAttributes">Whether the reference says of what kind the token is, and how its SHA-1 is encoded.</param>
    public static void WriteReference(Utf8XmlWriter writer, KerberosTokenForm form, string? id, ReadOnlySpan<byte> sha1, bool emitBspRequiredAttributes)
    {
        writer.StartElement("wsse", "SecurityTokenReference");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.NamespaceDeclaration("wsse11", Wsse.Namespace11);
        writer.Attribute("wsse11", "TokenType", TypeOf(form));
        if (id is not null)
        {
            writer.StartElement("wsse", "Reference");
            writer.Attribute("", "URI", "#" + id);
            if (emitBspRequiredAttributes)
            {
                writer.Attribute("", "ValueType", TypeOf(form));
            }
        }
        else
        {
            writer.StartElement("wsse", "KeyIdentifier");
            if (emitBspRequiredAttributes)
            {
                writer.Attribute("", "EncodingType", Wsse.Base64Binary);
            }

            writer.Attribute("", "ValueType", KerberosTokenProfile.ApReqSha1);
            writer.Base64(sha1);
        }

        writer.EndElement();
        writer.EndElement();
    }
}
