using System.Buffers;
using WsSecurity.Algorithms;
using WsSecurity.Exchanges;
using WsSecurity.Signatures;
using WsSecurity.Specifications;
using WsSecurity.Timestamps;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Writes SAML 2.0 assertions, canonical by construction, and names them.</summary>
internal static class SamlAssertionWriter
{
    public static byte[] Write(
        string issuer, SamlAssertionDescription description, DateTimeOffset now, AlgorithmSuite suite, SignatureKey key, CertificateEntry certificate)
    {
        // SAML 2.0 Core, section 1.3.4: an Id is an NCName, unique by 128 bits at random.
        var id = Ids.New("_saml");
        var unsigned = WriteAssertion(id, issuer, description, now, []);
        var reference = new OutgoingReference(id, PrefixList.Empty, suite.Digest.Hash(unsigned), IsEnveloped: true);
        var (signature, _) = SignatureWriter.Write(Ids.New("SIG"), suite.SignatureFor(key), key, suite.Digest, [reference], writer => WriteCertificate(writer, certificate));
        return WriteAssertion(id, issuer, description, now, signature);
    }

    /// <summary>Names an assertion as the token of a key (SAML Token Profile 1.1.1, section 3.4).</summary>
    public static void WriteReference(Utf8XmlWriter writer, SamlAssertionCredential assertion)
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

    private static byte[] WriteAssertion(string id, string issuer, SamlAssertionDescription description, DateTimeOffset now, byte[] signature)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("saml2", "Assertion");
        writer.NamespaceDeclaration("saml2", Saml20.Namespace);
        writer.Attribute("", "ID", id);
        writer.Attribute("", "IssueInstant", UtcInstant.Format(now));
        writer.Attribute("", "Version", "2.0");
        WriteText(writer, "Issuer", issuer);
        writer.RawMarkup(signature);
        WriteSubject(writer, description);
        WriteConditions(writer, description, now);
        WriteAttributes(writer, description);
        writer.EndElement();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteSubject(Utf8XmlWriter writer, SamlAssertionDescription description)
    {
        writer.StartElement("saml2", "Subject");
        WriteText(writer, "NameID", description.Subject);
        writer.StartElement("saml2", "SubjectConfirmation");
        writer.Attribute("", "Method", description.ConfirmationMethod switch
        {
            SamlConfirmationMethod.HolderOfKey => Saml20.HolderOfKey,
            SamlConfirmationMethod.SenderVouches => Saml20.SenderVouches,
            _ => Saml20.Bearer,
        });
        if (description.SubjectCertificate is { } certificate)
        {
            writer.StartElement("saml2", "SubjectConfirmationData");
            writer.StartElement("ds", "KeyInfo");
            writer.NamespaceDeclaration("ds", XmlSignature.Namespace);
            WriteCertificate(writer, new CertificateEntry(certificate));
            writer.EndElement();
            writer.EndElement();
        }

        writer.EndElement();
        writer.EndElement();
    }

    private static void WriteConditions(Utf8XmlWriter writer, SamlAssertionDescription description, DateTimeOffset now)
    {
        writer.StartElement("saml2", "Conditions");
        writer.Attribute("", "NotBefore", UtcInstant.Format(now));
        writer.Attribute("", "NotOnOrAfter", UtcInstant.Format(now + description.Lifetime));
        if (description.Audiences.Count > 0)
        {
            writer.StartElement("saml2", "AudienceRestriction");
            foreach (var audience in description.Audiences)
            {
                WriteText(writer, "Audience", audience);
            }

            writer.EndElement();
        }

        if (description.OneTimeUse)
        {
            writer.StartElement("saml2", "OneTimeUse");
            writer.EndElement();
        }

        writer.EndElement();
    }

    private static void WriteAttributes(Utf8XmlWriter writer, SamlAssertionDescription description)
    {
        if (description.Claims.Count == 0)
        {
            return;
        }

        writer.StartElement("saml2", "AttributeStatement");
        foreach (var attribute in description.Claims.GroupBy(claim => claim.Type, StringComparer.Ordinal))
        {
            writer.StartElement("saml2", "Attribute");
            writer.Attribute("", "Name", attribute.Key);
            writer.Attribute("", "NameFormat", "urn:oasis:names:tc:SAML:2.0:attrname-format:uri");
            foreach (var claim in attribute)
            {
                WriteText(writer, "AttributeValue", claim.Value);
            }

            writer.EndElement();
        }

        writer.EndElement();
    }

    // Stands in a KeyInfo, which has declared the prefix.
    private static void WriteCertificate(Utf8XmlWriter writer, CertificateEntry certificate)
    {
        writer.StartElement("ds", "X509Data");
        writer.StartElement("ds", "X509Certificate");
        writer.Base64(certificate.Raw.Span);
        writer.EndElement();
        writer.EndElement();
    }

    private static void WriteText(Utf8XmlWriter writer, string name, string text)
    {
        writer.StartElement("saml2", name);
        writer.Text(text);
        writer.EndElement();
    }
}
