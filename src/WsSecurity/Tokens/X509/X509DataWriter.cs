using WsSecurity.Xml;

namespace WsSecurity.Tokens.X509;

/// <summary>Writes ds:X509Data (XML Signature 1.1, section 4.5.4) into a KeyInfo, which has declared the prefix.</summary>
internal static class X509DataWriter
{
    public static void WriteCertificate(Utf8XmlWriter writer, CertificateEntry certificate)
    {
        writer.StartElement("ds", "X509Data");
        writer.StartElement("ds", "X509Certificate");
        writer.Base64(certificate.Raw.Span);
        writer.EndElement();
        writer.EndElement();
    }
}
