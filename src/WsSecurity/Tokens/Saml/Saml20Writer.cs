using WsSecurity.Specifications;
using WsSecurity.Timestamps;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Writes saml2:Assertion (SAML 2.0 Core, section 2.3.3).</summary>
internal sealed class Saml20Writer(string issuer, SamlAssertionDescription description, DateTimeOffset now, Action<Utf8XmlWriter>? writeProofKey)
    : SamlAssertionWriter("saml2", issuer, description, now, writeProofKey)
{
    protected override void WriteAssertion(Utf8XmlWriter writer, byte[] signature)
    {
        writer.StartElement(Prefix, "Assertion");
        writer.NamespaceDeclaration(Prefix, Saml20.Namespace);
        writer.Attribute("", "ID", Id);
        writer.Attribute("", "IssueInstant", UtcInstant.Format(Now));
        writer.Attribute("", "Version", "2.0");
        WriteText(writer, "Issuer", Issuer);
        writer.RawMarkup(signature);
        WriteSubject(writer);
        WriteConditions(writer);
        WriteAuthentication(writer);
        WriteAttributes(writer);
        writer.EndElement();
    }

    private void WriteSubject(Utf8XmlWriter writer)
    {
        writer.StartElement(Prefix, "Subject");
        writer.StartElement(Prefix, "NameID");
        if (Description.SubjectFormat is { } format)
        {
            writer.Attribute("", "Format", format);
        }

        writer.Text(Description.Subject);
        writer.EndElement();
        writer.StartElement(Prefix, "SubjectConfirmation");
        writer.Attribute("", "Method", Description.ConfirmationMethod switch
        {
            SamlConfirmationMethod.HolderOfKey => Saml20.HolderOfKey,
            SamlConfirmationMethod.SenderVouches => Saml20.SenderVouches,
            _ => Saml20.Bearer,
        });
        if (Description.ConfirmationMethod == SamlConfirmationMethod.HolderOfKey)
        {
            writer.StartElement(Prefix, "SubjectConfirmationData");
            WriteSubjectKey(writer);
            writer.EndElement();
        }

        writer.EndElement();
        writer.EndElement();
    }

    private void WriteConditions(Utf8XmlWriter writer)
    {
        writer.StartElement(Prefix, "Conditions");
        WriteValidity(writer);
        WriteAudiences(writer, "AudienceRestriction");
        if (Description.OneTimeUse)
        {
            WriteEmpty(writer, "OneTimeUse");
        }

        writer.EndElement();
    }

    private void WriteAuthentication(Utf8XmlWriter writer)
    {
        if (Description.AuthenticationMethod is not { } method)
        {
            return;
        }

        writer.StartElement(Prefix, "AuthnStatement");
        writer.Attribute("", "AuthnInstant", UtcInstant.Format(Description.AuthenticationInstant ?? Now));
        writer.StartElement(Prefix, "AuthnContext");
        WriteText(writer, "AuthnContextClassRef", method);
        writer.EndElement();
        writer.EndElement();
    }

    private void WriteAttributes(Utf8XmlWriter writer)
    {
        if (Description.Claims.Count == 0)
        {
            return;
        }

        writer.StartElement(Prefix, "AttributeStatement");
        foreach (var attribute in Attributes)
        {
            writer.StartElement(Prefix, "Attribute");
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
}
