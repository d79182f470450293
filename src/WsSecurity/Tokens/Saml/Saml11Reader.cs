using WsSecurity.Signatures;
using WsSecurity.Specifications;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Reads saml:Assertion of SAML 1.1 Core, section 2.3.2.</summary>
internal sealed class Saml11Reader(SamlAssertionBuilder assertion, Func<byte[], CertificateEntry> readCertificate)
{
    private XmlElement _subject;

    public static SamlAssertionBuilder Read(XmlElement element, Func<byte[], CertificateEntry> readCertificate)
    {
        SamlAssertionReader.Demand(element.GetAttribute("MajorVersion") == "1" && element.GetAttribute("MinorVersion") is "0" or "1", "its version is not 1.1");
        var assertion = new SamlAssertionBuilder(isSaml20: false, SamlAssertionReader.ReadAttribute(element, "AssertionID"), SamlAssertionReader.ReadAttribute(element, "Issuer"));
        new Saml11Reader(assertion, readCertificate).ReadContent(element);
        return assertion;
    }

    private void ReadContent(XmlElement element)
    {
        foreach (var child in element.Children)
        {
            if (child.Is("Conditions"u8, Saml11.Namespace))
            {
                assertion.SetConditions(ReadConditions(child));
            }
            else if (child.Is("AttributeStatement"u8, Saml11.Namespace))
            {
                ReadSubject(child);
                ReadAttributes(child);
            }
            else if (child.Is("AuthenticationStatement"u8, Saml11.Namespace))
            {
                ReadSubject(child);
                assertion.Add(ReadAuthentication(child));
            }
            else if (!child.Is("Signature"u8, XmlSignature.Namespace) && !child.Is("Advice"u8, Saml11.Namespace))
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }
    }

    // Each statement is about a subject of its own; what is handed on is about one.
    private void ReadSubject(XmlElement statement)
    {
        var subject = statement.Child("Subject"u8, Saml11.Namespace);
        SamlAssertionReader.Demand(!subject.IsNone, "a statement has no Subject");
        if (!_subject.IsNone)
        {
            SamlAssertionReader.Demand(Canonical(_subject).Span.SequenceEqual(Canonical(subject).Span), "its statements are about different subjects");
            return;
        }

        _subject = subject;
        var confirmation = default(XmlElement);
        foreach (var child in subject.Children)
        {
            if (child.Is("NameIdentifier"u8, Saml11.Namespace))
            {
                assertion.SetSubject(new SamlSubjectName(SamlAssertionReader.ReadText(child, "the NameIdentifier"))
                {
                    Format = child.GetAttribute("Format"),
                    NameQualifier = child.GetAttribute("NameQualifier"),
                });
            }
            else if (child.Is("SubjectConfirmation"u8, Saml11.Namespace) && confirmation.IsNone)
            {
                confirmation = child;
                ReadConfirmation(child);
            }
            else
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }
    }

    private static ReadOnlyMemory<byte> Canonical(XmlElement element) => CanonicalOctets.Of(element, CanonicalizationMethod.Exclusive, PrefixList.Empty);

    // Section 2.4.2.3: several methods share one KeyInfo.
    private void ReadConfirmation(XmlElement element)
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
            assertion.Add(new SamlSubjectConfirmation
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

        return SamlAssertionReader.ReadConditions(element, audiences, isOneTime);
    }

    // Section 2.4.3: where the subject was, and where to ask for more, is nothing that restricts.
    private static SamlAuthentication ReadAuthentication(XmlElement statement) => new(
        SamlAssertionReader.ReadAttribute(statement, "AuthenticationMethod"),
        SamlAssertionReader.ReadInstant(statement, "AuthenticationInstant") ?? throw SamlAssertionReader.Broken("AuthenticationInstant is missing"),
        null);

    private void ReadAttributes(XmlElement statement)
    {
        foreach (var child in statement.Children)
        {
            if (child.Is("Attribute"u8, Saml11.Namespace))
            {
                // WIF's names for claims: namespace and name, joined.
                var name = $"{SamlAssertionReader.ReadAttribute(child, "AttributeNamespace").TrimEnd('/')}/{SamlAssertionReader.ReadAttribute(child, "AttributeName")}";
                assertion.Add(new SamlAttribute(name, SamlAssertionReader.ReadValues(child, Saml11.Namespace)));
            }
            else if (!child.Is("Subject"u8, Saml11.Namespace))
            {
                throw SamlAssertionReader.Unsupported(child);
            }
        }
    }
}
