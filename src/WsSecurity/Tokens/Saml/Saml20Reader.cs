using WsSecurity.Specifications;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Reads saml:Assertion of SAML 2.0 Core, section 2.3.3.</summary>
internal sealed class Saml20Reader(SamlAssertionBuilder assertion, Func<byte[], CertificateEntry> readCertificate)
{
    public static SamlAssertionBuilder Read(XmlElement element, Func<byte[], CertificateEntry> readCertificate)
    {
        SamlAssertionReader.Demand(element.GetAttribute("Version") == "2.0", "its Version is not 2.0");
        var issuer = element.Child("Issuer"u8, Saml20.Namespace);
        SamlAssertionReader.Demand(!issuer.IsNone, "it has no Issuer");
        var assertion = new SamlAssertionBuilder(isSaml20: true, SamlAssertionReader.ReadAttribute(element, "ID"), SamlAssertionReader.ReadText(issuer, "the Issuer"));
        new Saml20Reader(assertion, readCertificate).ReadContent(element, issuer);
        return assertion;
    }

    /// <summary>Reads what an EncryptedID or an EncryptedAttribute held.</summary>
    public static void ReadDecrypted(XmlElement decrypted, XmlElement encrypted, SamlAssertionBuilder assertion)
    {
        if (encrypted.Is("EncryptedID"u8, Saml20.Namespace) && decrypted.Is("NameID"u8, Saml20.Namespace))
        {
            assertion.SetSubject(ReadName(decrypted));
        }
        else if (encrypted.Is("EncryptedAttribute"u8, Saml20.Namespace) && decrypted.Is("Attribute"u8, Saml20.Namespace))
        {
            assertion.Add(ReadAttribute(decrypted));
        }
        else
        {
            throw SamlAssertionReader.Unsupported(decrypted);
        }
    }

    private void ReadContent(XmlElement element, XmlElement issuer)
    {
        var subject = default(XmlElement);
        foreach (var child in element.Children)
        {
            if (child.Is("Subject"u8, Saml20.Namespace) && subject.IsNone)
            {
                subject = child;
                ReadSubject(child);
            }
            else if (child.Is("Conditions"u8, Saml20.Namespace))
            {
                assertion.SetConditions(ReadConditions(child));
            }
            else if (child.Is("AttributeStatement"u8, Saml20.Namespace))
            {
                ReadAttributes(child);
            }
            else if (child.Is("AuthnStatement"u8, Saml20.Namespace))
            {
                assertion.Add(ReadAuthentication(child));
            }
            else if (child != issuer && !child.Is("Signature"u8, XmlSignature.Namespace) && !child.Is("Advice"u8, Saml20.Namespace))
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }

        SamlAssertionReader.Demand(!subject.IsNone, "it has no Subject");
    }

    private void ReadSubject(XmlElement element)
    {
        foreach (var child in element.Children)
        {
            if (child.Is("NameID"u8, Saml20.Namespace))
            {
                assertion.SetSubject(ReadName(child));
            }
            else if (child.Is("EncryptedID"u8, Saml20.Namespace))
            {
                assertion.AddEncrypted(child);
            }
            else if (child.Is("SubjectConfirmation"u8, Saml20.Namespace))
            {
                assertion.Add(ReadConfirmation(child));
            }
            else
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }
    }

    private static SamlSubjectName ReadName(XmlElement element) => new(SamlAssertionReader.ReadText(element, "the NameID"))
    {
        Format = element.GetAttribute("Format"),
        NameQualifier = element.GetAttribute("NameQualifier"),
        SPNameQualifier = element.GetAttribute("SPNameQualifier"),
        SPProvidedId = element.GetAttribute("SPProvidedID"),
    };

    private SamlSubjectConfirmation ReadConfirmation(XmlElement element)
    {
        SamlConfirmationMethod? method = SamlAssertionReader.ReadAttribute(element, "Method") switch
        {
            Saml20.Bearer => SamlConfirmationMethod.Bearer,
            Saml20.HolderOfKey => SamlConfirmationMethod.HolderOfKey,
            Saml20.SenderVouches => SamlConfirmationMethod.SenderVouches,
            _ => null,
        };
        var data = default(XmlElement);
        foreach (var child in element.Children)
        {
            if (child.Is("SubjectConfirmationData"u8, Saml20.Namespace) && data.IsNone)
            {
                data = child;
            }
            else if (!child.Is("NameID"u8, Saml20.Namespace))
            {
                // Section 2.4.1.1: a NameID only says who attests.
                throw SamlAssertionReader.Unsupported(child);
            }
        }

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
            Address = data.GetAttribute("Address"),
            InResponseTo = data.GetAttribute("InResponseTo"),
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

        return SamlAssertionReader.ReadConditions(element, audiences, isOneTime);
    }

    private static SamlAuthentication ReadAuthentication(XmlElement statement)
    {
        string? method = null;
        foreach (var child in statement.Children)
        {
            if (child.Is("AuthnContext"u8, Saml20.Namespace))
            {
                var context = child.Child("AuthnContextClassRef"u8, Saml20.Namespace);
                method = context.IsNone ? null : SamlAssertionReader.ReadText(context, "the AuthnContextClassRef");
            }
            else if (!child.Is("SubjectLocality"u8, Saml20.Namespace))
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }

        return new SamlAuthentication(
            method,
            SamlAssertionReader.ReadInstant(statement, "AuthnInstant") ?? throw SamlAssertionReader.Broken("AuthnInstant is missing"),
            SamlAssertionReader.ReadInstant(statement, "SessionNotOnOrAfter"));
    }

    private void ReadAttributes(XmlElement statement)
    {
        foreach (var child in statement.Children)
        {
            if (child.Is("Attribute"u8, Saml20.Namespace))
            {
                assertion.Add(ReadAttribute(child));
            }
            else if (child.Is("EncryptedAttribute"u8, Saml20.Namespace))
            {
                assertion.AddEncrypted(child);
            }
            else
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }
    }

    private static SamlAttribute ReadAttribute(XmlElement element) =>
        new(SamlAssertionReader.ReadAttribute(element, "Name"), SamlAssertionReader.ReadValues(element, Saml20.Namespace));
}
