using WsSecurity.Specifications;
using WsSecurity.Timestamps;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Writes saml:Assertion (SAML 1.1 Core, section 2.3.2).</summary>
internal sealed class Saml11Writer(string issuer, SamlAssertionDescription description, DateTimeOffset now, Action<Utf8XmlWriter>? writeProofKey)
    : SamlAssertionWriter("saml", issuer, description, now, writeProofKey)
{
    /// <summary>Divides a claim's type into an attribute's namespace and name, as WIF does.</summary>
    /// <exception cref="ArgumentException">It has no slash with something on both sides.</exception>
    public static (string Namespace, string Name) Divide(string claimType) =>
        claimType.LastIndexOf('/') is > 0 and var slash && slash < claimType.Length - 1
            ? (claimType[..slash], claimType[(slash + 1)..])
            : throw new ArgumentException($"The claim type '{claimType}' has no namespace before a last slash, which SAML 1.1 needs.", nameof(claimType));

    protected override void WriteAssertion(Utf8XmlWriter writer, byte[] signature)
    {
        writer.StartElement(Prefix, "Assertion");
        writer.NamespaceDeclaration(Prefix, Saml11.Namespace);
        writer.Attribute("", "AssertionID", Id);
        writer.Attribute("", "IssueInstant", UtcInstant.Format(Now));
        writer.Attribute("", "Issuer", Issuer);
        writer.Attribute("", "MajorVersion", "1");
        writer.Attribute("", "MinorVersion", "1");
        WriteConditions(writer);
        WriteStatements(writer);
        writer.RawMarkup(signature);
        writer.EndElement();
    }

    private void WriteConditions(Utf8XmlWriter writer)
    {
        writer.StartElement(Prefix, "Conditions");
        WriteValidity(writer);
        WriteAudiences(writer, "AudienceRestrictionCondition");
        if (Description.OneTimeUse)
        {
            WriteEmpty(writer, "DoNotCacheCondition");
        }

        writer.EndElement();
    }

    // Section 2.3.2: there is at least one statement, and each has the Subject.
    private void WriteStatements(Utf8XmlWriter writer)
    {
        if (Description.AuthenticationMethod is not null || Description.Claims.Count == 0)
        {
            writer.StartElement(Prefix, "AuthenticationStatement");
            writer.Attribute("", "AuthenticationInstant", UtcInstant.Format(Description.AuthenticationInstant ?? Now));
            writer.Attribute("", "AuthenticationMethod", Description.AuthenticationMethod ?? "urn:oasis:names:tc:SAML:1.0:am:unspecified");
            WriteSubject(writer);
            writer.EndElement();
        }

        if (Description.Claims.Count == 0)
        {
            return;
        }

        writer.StartElement(Prefix, "AttributeStatement");
        WriteSubject(writer);
        foreach (var attribute in Attributes)
        {
            var (ns, name) = Divide(attribute.Key);
            writer.StartElement(Prefix, "Attribute");
            writer.Attribute("", "AttributeName", name);
            writer.Attribute("", "AttributeNamespace", ns);
            foreach (var claim in attribute)
            {
                WriteText(writer, "AttributeValue", claim.Value);
            }

            writer.EndElement();
        }

        writer.EndElement();
    }

    private void WriteSubject(Utf8XmlWriter writer)
    {
        writer.StartElement(Prefix, "Subject");
        writer.StartElement(Prefix, "NameIdentifier");
        if (Description.SubjectFormat is { } format)
        {
            writer.Attribute("", "Format", format);
        }

        writer.Text(Description.Subject);
        writer.EndElement();
        writer.StartElement(Prefix, "SubjectConfirmation");
        WriteText(writer, "ConfirmationMethod", Description.ConfirmationMethod switch
        {
            SamlConfirmationMethod.HolderOfKey => Saml11.HolderOfKey,
            SamlConfirmationMethod.SenderVouches => Saml11.SenderVouches,
            _ => Saml11.Bearer,
        });
        if (Description.ConfirmationMethod == SamlConfirmationMethod.HolderOfKey)
        {
            WriteSubjectKey(writer);
        }

        writer.EndElement();
        writer.EndElement();
    }
}
