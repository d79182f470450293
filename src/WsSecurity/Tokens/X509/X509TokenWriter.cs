using System.Buffers;
using System.Globalization;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.X509;

/// <summary>Writes certificates and references to them (X.509 Certificate Token Profile 1.1.1, section 3).</summary>
internal static class X509TokenWriter
{
    public static void WriteToken(IBufferWriter<byte> output, string id, CertificateEntry certificate, bool emitBspRequiredAttributes = true)
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

        writer.Attribute("", "ValueType", X509TokenProfile.X509v3);
        writer.Base64(certificate.Raw.Span);
        writer.EndElement();
    }

    /// <summary>Writes a SecurityTokenReference that names a certificate, or its bare key.</summary>
    /// <exception cref="InvalidOperationException">The certificate has no SubjectKeyIdentifier to be named by.</exception>
    public static void WriteReference(Utf8XmlWriter writer, CertificateEntry certificate, KeyReference form, string? id = null, bool emitBspRequiredAttributes = true)
    {
        if (form == KeyReference.KeyValue)
        {
            KeyValue.Write(writer, certificate.Certificate);
            return;
        }

        writer.StartElement("wsse", "SecurityTokenReference");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        if (id is not null)
        {
            writer.NamespaceDeclaration("wsu", Wsu.Namespace);
            writer.Attribute("wsu", "Id", id);
        }

        switch (form)
        {
            case KeyReference.Thumbprint:
                WriteKeyIdentifier(writer, Wsse.ThumbprintSha1, certificate.ThumbprintSha1, emitBspRequiredAttributes);
                break;
            case KeyReference.SubjectKeyIdentifier:
                var identifier = certificate.SubjectKeyIdentifier
                    ?? throw new InvalidOperationException($"The certificate '{certificate.Certificate.Subject}' has no SubjectKeyIdentifier; choose another KeyReference.");
                WriteKeyIdentifier(writer, X509TokenProfile.SubjectKeyIdentifier, identifier, emitBspRequiredAttributes);
                break;
            default:
                WriteIssuerSerial(writer, certificate);
                break;
        }

        writer.EndElement();
    }

    /// <summary>Writes a SecurityTokenReference to a token in the same header.</summary>
    public static void WriteDirectReference(Utf8XmlWriter writer, string id, bool emitBspRequiredAttributes = true)
    {
        writer.StartElement("wsse", "SecurityTokenReference");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.StartElement("wsse", "Reference");
        writer.Attribute("", "URI", "#" + id);
        if (emitBspRequiredAttributes)
        {
            writer.Attribute("", "ValueType", X509TokenProfile.X509v3);
        }

        writer.EndElement();
        writer.EndElement();
    }

    private static void WriteKeyIdentifier(Utf8XmlWriter writer, string valueType, byte[] value, bool emitBspRequiredAttributes)
    {
        writer.StartElement("wsse", "KeyIdentifier");
        if (emitBspRequiredAttributes)
        {
            writer.Attribute("", "EncodingType", Wsse.Base64Binary);
        }

        writer.Attribute("", "ValueType", valueType);
        writer.Base64(value);
        writer.EndElement();
    }

    private static void WriteIssuerSerial(Utf8XmlWriter writer, CertificateEntry certificate)
    {
        // A reference always stands in a KeyInfo, which has declared the prefix.
        writer.StartElement("ds", "X509Data");
        writer.StartElement("ds", "X509IssuerSerial");
        writer.StartElement("ds", "X509IssuerName");
        writer.Text(DistinguishedName.Format(certificate.Certificate.IssuerName));
        writer.EndElement();
        writer.StartElement("ds", "X509SerialNumber");
        writer.Text(certificate.SerialNumber.ToString(CultureInfo.InvariantCulture));
        writer.EndElement();
        writer.EndElement();
        writer.EndElement();
    }
}
