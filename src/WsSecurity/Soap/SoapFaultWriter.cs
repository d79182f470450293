using System.Buffers;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Soap;

/// <summary>Writes the standard faults (SOAP Message Security 1.1.1, section 12), with the specification's own reasons and nothing else.</summary>
internal static class SoapFaultWriter
{
    public static void Write(SecurityFaultCode code, SoapVersion version, IBufferWriter<byte> output)
    {
        var soap = SoapNamespaces.Of(version);
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("soap", "Envelope");
        writer.NamespaceDeclaration("soap", soap);
        writer.StartElement("soap", "Body");
        writer.StartElement("soap", "Fault");
        var (prefix, uri, name, reason) = Describe(code);
        if (version == SoapVersion.Soap11)
        {
            writer.StartElement("", "faultcode");
            if (prefix != "soap")
            {
                writer.NamespaceDeclaration(prefix, uri);
            }

            writer.Text($"{prefix}:{name}");
            writer.EndElement();
            writer.StartElement("", "faultstring");
            writer.Text(reason);
            writer.EndElement();
        }
        else
        {
            WriteSoap12(writer, prefix, uri, name, reason);
        }

        writer.EndElement();
        writer.EndElement();
        writer.EndElement();
    }

    private static void WriteSoap12(Utf8XmlWriter writer, string prefix, string uri, string name, string reason)
    {
        writer.StartElement("soap", "Code");
        writer.StartElement("soap", "Value");
        writer.Text(prefix == "soap" ? $"soap:{name}" : "soap:Sender");
        writer.EndElement();
        if (prefix != "soap")
        {
            writer.StartElement("soap", "Subcode");
            writer.StartElement("soap", "Value");
            writer.NamespaceDeclaration(prefix, uri);
            writer.Text($"{prefix}:{name}");
            writer.EndElement();
            writer.EndElement();
        }

        writer.EndElement();
        writer.StartElement("soap", "Reason");
        writer.StartElement("soap", "Text");
        writer.Attribute("xml", "lang", "en");
        writer.Text(reason);
        writer.EndElement();
        writer.EndElement();
    }

    private static (string Prefix, string Uri, string Name, string Reason) Describe(SecurityFaultCode code) => code switch
    {
        SecurityFaultCode.InvalidSecurity => ("wsse", Wsse.Namespace, "InvalidSecurity", "An error was discovered processing the Security header."),
        SecurityFaultCode.InvalidSecurityToken => ("wsse", Wsse.Namespace, "InvalidSecurityToken", "An invalid security token was provided."),
        SecurityFaultCode.FailedAuthentication => ("wsse", Wsse.Namespace, "FailedAuthentication", "The security token could not be authenticated or authorized."),
        SecurityFaultCode.SecurityTokenUnavailable => ("wsse", Wsse.Namespace, "SecurityTokenUnavailable", "Referenced security token could not be retrieved."),
        SecurityFaultCode.UnsupportedSecurityToken => ("wsse", Wsse.Namespace, "UnsupportedSecurityToken", "An unsupported token was provided."),
        SecurityFaultCode.UnsupportedAlgorithm => ("wsse", Wsse.Namespace, "UnsupportedAlgorithm", "An unsupported signature or encryption algorithm was used."),
        SecurityFaultCode.MessageExpired => ("wsu", Wsu.Namespace, "MessageExpired", "The message has expired."),
        SecurityFaultCode.MustUnderstand => ("soap", string.Empty, "MustUnderstand", "A mandatory header was not understood."),
        _ => ("wsse", Wsse.Namespace, "FailedCheck", "The signature or decryption was invalid."),
    };
}
