using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Names an assertion as the token of a key (SAML Token Profile 1.1.1, section 3.4).</summary>
internal static class SamlReferenceWriter
{
    public static void Write(Utf8XmlWriter writer, SamlAssertionName assertion)
    {
        writer.StartElement("wsse", "SecurityTokenReference");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.NamespaceDeclaration("wsse11", Wsse.Namespace11);
        writer.Attribute("wsse11", "TokenType", assertion.IsSaml20 ? SamlTokenProfile.Saml20TokenType : SamlTokenProfile.Saml11TokenType);
        writer.StartElement("wsse", "KeyIdentifier");
        writer.Attribute("", "ValueType", assertion.IsSaml20 ? SamlTokenProfile.SamlId : SamlTokenProfile.SamlAssertionId);
        writer.Text(assertion.Id);
        writer.EndElement();
        writer.EndElement();
    }
}
