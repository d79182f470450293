using WsSecurity.Exchanges;
using WsSecurity.Signatures;
using WsSecurity.Specifications;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Reads saml:Assertion of SAML 1.1 Core, section 2.3.2.</summary>
internal static class Saml11Reader
{
    public static SamlAssertion Read(XmlElement element, TrackedElement tracked, Func<byte[], CertificateEntry> readCertificate)
    {
        SamlAssertionReader.Demand(element.GetAttribute("MajorVersion") == "1" && element.GetAttribute("MinorVersion") is "0" or "1", "its version is not 1.1");
        var subject = default(XmlElement);
        var conditions = default(SamlConditions);
        var attributes = new List<SamlAttribute>();
        foreach (var child in element.Children)
        {
            if (child.Is("Conditions"u8, Saml11.Namespace) && conditions is null)
            {
                conditions = ReadConditions(child);
            }
            else if (child.Is("AttributeStatement"u8, Saml11.Namespace))
            {
                subject = SameSubject(subject, child);
                ReadAttributes(child, attributes);
            }
            else if (child.Is("AuthenticationStatement"u8, Saml11.Namespace))
            {
                subject = SameSubject(subject, child);
            }
            else if (!child.Is("Signature"u8, XmlSignature.Namespace) && !child.Is("Advice"u8, Saml11.Namespace))
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }

        var confirmations = new List<SamlSubjectConfirmation>();
        var name = ReadSubject(subject, confirmations, readCertificate);
        return new SamlAssertion
        {
            Element = tracked,
            Id = SamlAssertionReader.ReadAttribute(element, "AssertionID"),
            Issuer = SamlAssertionReader.ReadAttribute(element, "Issuer"),
            Subject = name,
            Confirmations = confirmations,
            Conditions = conditions ?? SamlConditions.None,
            Attributes = attributes,
        };
    }

    // Each statement is about a subject of its own; what is handed on is about one.
    private static XmlElement SameSubject(XmlElement known, XmlElement statement)
    {
        var subject = statement.Child("Subject"u8, Saml11.Namespace);
        SamlAssertionReader.Demand(!subject.IsNone, "a statement has no Subject");
        SamlAssertionReader.Demand(known.IsNone || Canonical(known).Span.SequenceEqual(Canonical(subject).Span), "its statements are about different subjects");
        return subject;
    }

    private static ReadOnlyMemory<byte> Canonical(XmlElement element) => CanonicalOctets.Of(element, CanonicalizationMethod.Exclusive, PrefixList.Empty);

    private static string ReadSubject(XmlElement element, List<SamlSubjectConfirmation> confirmations, Func<byte[], CertificateEntry> readCertificate)
    {
        string? name = null;
        foreach (var child in element.Children)
        {
            if (child.Is("NameIdentifier"u8, Saml11.Namespace) && name is null)
            {
                name = SamlAssertionReader.ReadText(child, "the NameIdentifier");
            }
            else if (child.Is("SubjectConfirmation"u8, Saml11.Namespace) && confirmations.Count == 0)
            {
                ReadConfirmation(child, confirmations, readCertificate);
            }
            else
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }

        return name ?? throw SamlAssertionReader.Broken("no statement has a Subject with a NameIdentifier");
    }

    // Section 2.4.2.3: several methods share one KeyInfo.
    private static void ReadConfirmation(XmlElement element, List<SamlSubjectConfirmation> confirmations, Func<byte[], CertificateEntry> readCertificate)
    {
        foreach (var child in element.Children)
        {
            if (!child.Is("ConfirmationMethod"u8, Saml11.Namespace))
            {
                continue;
            }

            SamlConfirmationMethod? method = SamlAssertionReader.ReadText(child, "a ConfirmationMethod") switch
            {
                Saml11.Bearer => SamlConfirmationMethod.Bearer,
                Saml11.HolderOfKey => SamlConfirmationMethod.HolderOfKey,
                Saml11.SenderVouches => SamlConfirmationMethod.SenderVouches,
                _ => null,
            };
            SamlAssertionReader.Add(confirmations, new SamlSubjectConfirmation
            {
                Method = method,
                Key = method == SamlConfirmationMethod.HolderOfKey ? SamlSubjectKeyReader.Read(element.Child("KeyInfo"u8, XmlSignature.Namespace), readCertificate) : null,
            });
        }
    }

    private static SamlConditions ReadConditions(XmlElement element)
    {
        var audiences = new List<IReadOnlyList<string>>();
        var isOneTime = false;
        foreach (var child in element.Children)
        {
            if (child.Is("AudienceRestrictionCondition"u8, Saml11.Namespace))
            {
                audiences.Add(SamlAssertionReader.ReadAudiences(child, Saml11.Namespace));
            }
            else if (child.Is("DoNotCacheCondition"u8, Saml11.Namespace))
            {
                isOneTime = true;
            }
            else
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }

        return new SamlConditions
        {
            NotBefore = SamlAssertionReader.ReadInstant(element, "NotBefore"),
            NotOnOrAfter = SamlAssertionReader.ReadInstant(element, "NotOnOrAfter"),
            Audiences = audiences,
            IsOneTime = isOneTime,
        };
    }

    private static void ReadAttributes(XmlElement statement, List<SamlAttribute> attributes)
    {
        foreach (var child in statement.Children)
        {
            if (child.Is("Attribute"u8, Saml11.Namespace))
            {
                // WIF's names for claims: namespace and name, joined.
                var name = $"{SamlAssertionReader.ReadAttribute(child, "AttributeNamespace").TrimEnd('/')}/{SamlAssertionReader.ReadAttribute(child, "AttributeName")}";
                SamlAssertionReader.Add(attributes, name, SamlAssertionReader.ReadValues(child, Saml11.Namespace));
            }
        }
    }
}
