using WsSecurity.Exchanges;
using WsSecurity.Specifications;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Reads saml:Assertion of SAML 2.0 Core, section 2.3.3.</summary>
internal static class Saml20Reader
{
    public static SamlAssertion Read(XmlElement element, TrackedElement tracked, Func<byte[], CertificateEntry> readCertificate)
    {
        SamlAssertionReader.Demand(element.GetAttribute("Version") == "2.0", "its Version is not 2.0");
        string? issuer = null;
        string? subject = null;
        var conditions = default(SamlConditions);
        var confirmations = new List<SamlSubjectConfirmation>();
        var attributes = new List<SamlAttribute>();
        foreach (var child in element.Children)
        {
            if (child.Is("Issuer"u8, Saml20.Namespace) && issuer is null)
            {
                issuer = SamlAssertionReader.ReadText(child, "the Issuer");
            }
            else if (child.Is("Subject"u8, Saml20.Namespace) && subject is null)
            {
                subject = ReadSubject(child, confirmations, readCertificate);
            }
            else if (child.Is("Conditions"u8, Saml20.Namespace) && conditions is null)
            {
                conditions = ReadConditions(child);
            }
            else if (child.Is("AttributeStatement"u8, Saml20.Namespace))
            {
                ReadAttributes(child, attributes);
            }
            else if (!child.Is("Signature"u8, XmlSignature.Namespace) && !child.Is("Advice"u8, Saml20.Namespace) && !child.Is("AuthnStatement"u8, Saml20.Namespace))
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }

        return new SamlAssertion
        {
            Element = tracked,
            Id = SamlAssertionReader.ReadAttribute(element, "ID"),
            Issuer = issuer ?? throw SamlAssertionReader.Broken("it has no Issuer"),
            Subject = subject ?? throw SamlAssertionReader.Broken("it has no Subject"),
            Confirmations = confirmations,
            Conditions = conditions ?? SamlConditions.None,
            Attributes = attributes,
        };
    }

    private static string ReadSubject(XmlElement element, List<SamlSubjectConfirmation> confirmations, Func<byte[], CertificateEntry> readCertificate)
    {
        string? name = null;
        foreach (var child in element.Children)
        {
            if (child.Is("NameID"u8, Saml20.Namespace) && name is null)
            {
                name = SamlAssertionReader.ReadText(child, "the NameID");
            }
            else if (child.Is("SubjectConfirmation"u8, Saml20.Namespace))
            {
                SamlAssertionReader.Add(confirmations, ReadConfirmation(child, readCertificate));
            }
            else
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }

        return name ?? throw SamlAssertionReader.Broken("its Subject has no NameID");
    }

    private static SamlSubjectConfirmation ReadConfirmation(XmlElement element, Func<byte[], CertificateEntry> readCertificate)
    {
        SamlConfirmationMethod? method = SamlAssertionReader.ReadAttribute(element, "Method") switch
        {
            Saml20.Bearer => SamlConfirmationMethod.Bearer,
            Saml20.HolderOfKey => SamlConfirmationMethod.HolderOfKey,
            Saml20.SenderVouches => SamlConfirmationMethod.SenderVouches,
            _ => null,
        };
        var data = element.Child("SubjectConfirmationData"u8, Saml20.Namespace);
        if (data.IsNone)
        {
            return new SamlSubjectConfirmation { Method = method };
        }

        return new SamlSubjectConfirmation
        {
            Method = method,
            Key = method == SamlConfirmationMethod.HolderOfKey ? SamlSubjectKeyReader.Read(data.Child("KeyInfo"u8, XmlSignature.Namespace), readCertificate) : null,
            NotBefore = SamlAssertionReader.ReadInstant(data, "NotBefore"),
            NotOnOrAfter = SamlAssertionReader.ReadInstant(data, "NotOnOrAfter"),
            Recipient = data.GetAttribute("Recipient"),
        };
    }

    private static SamlConditions ReadConditions(XmlElement element)
    {
        var audiences = new List<IReadOnlyList<string>>();
        var isOneTime = false;
        foreach (var child in element.Children)
        {
            if (child.Is("AudienceRestriction"u8, Saml20.Namespace))
            {
                audiences.Add(SamlAssertionReader.ReadAudiences(child, Saml20.Namespace));
            }
            else if (child.Is("OneTimeUse"u8, Saml20.Namespace))
            {
                isOneTime = true;
            }
            else if (!child.Is("ProxyRestriction"u8, Saml20.Namespace))
            {
                // Section 2.5.1.1: a condition that is not understood leaves the assertion indeterminate. ProxyRestriction binds issuers only.
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
            if (!child.Is("Attribute"u8, Saml20.Namespace))
            {
                throw SamlAssertionReader.Unsupported(child);
            }

            SamlAssertionReader.Add(attributes, SamlAssertionReader.ReadAttribute(child, "Name"), SamlAssertionReader.ReadValues(child, Saml20.Namespace));
        }
    }
}
