using WsSecurity.Specifications;
using WsSecurity.Tokens.Saml;
using WsSecurity.Xml;

namespace WsSecurity;

/// <summary>A SAML assertion to send, 1.1 or 2.0, as its issuer wrote it. It goes octet by octet, so that the issuer's signature stays right.</summary>
public sealed class SamlAssertionCredential
{
    private SamlAssertionCredential(XmlElement assertion, string id)
    {
        Octets = assertion.Octets.ToArray();
        Id = id;
        IsSaml20 = assertion.NamespaceUri == Saml20.Namespace;
        NotOnOrAfter = SamlAssertionReader.ReadInstant(assertion.Child("Conditions"u8, assertion.NamespaceUri), "NotOnOrAfter");
        foreach (var element in assertion.Descendants)
        {
            IsBearer |= (element.Is("SubjectConfirmation"u8, Saml20.Namespace) && element.GetAttribute("Method") == Saml20.Bearer)
                || (element.Is("ConfirmationMethod"u8, Saml11.Namespace) && element.TryGetText(out var method) && method.Trim() == Saml11.Bearer);
        }
    }

    /// <summary>The assertion's Id.</summary>
    public string Id { get; }

    /// <summary>When the assertion expires; null where it does not say.</summary>
    public DateTimeOffset? NotOnOrAfter { get; }

    /// <summary>Whether its possession alone confirms the subject: then it is sent only encrypted or over a protected transport.</summary>
    public bool IsBearer { get; }

    internal byte[] Octets { get; }

    internal bool IsSaml20 { get; }

    /// <summary>Reads an assertion; whether it is true is for its receiver to say.</summary>
    /// <param name="document">A document whose root is the assertion, with every namespace declared in it.</param>
    /// <returns>The assertion.</returns>
    /// <exception cref="ArgumentException">It is no SAML 1.1 or 2.0 assertion.</exception>
    public static SamlAssertionCredential Parse(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var index = XmlIndex.Scan(XmlEncoding.ToUtf8(document, null), ProcessingLimits.Default);
            return SamlAssertionReader.Is(index.Root) && SamlAssertionReader.IdOf(index.Root) is { Length: > 0 } id
                ? new SamlAssertionCredential(index.Root, id)
                : throw new ArgumentException("The document is no SAML assertion with an Id.", nameof(document));
        }
        catch (WsSecurityException exception)
        {
            throw new ArgumentException("The document is no SAML assertion.", nameof(document), exception);
        }
    }

    /// <summary>The assertion, UTF-8.</summary>
    /// <returns>A copy of its octets. Whoever gets a bearer assertion can use it.</returns>
    public byte[] ToArray() => [.. Octets];

    /// <summary>Writes nothing of the assertion but its Id.</summary>
    public override string ToString() => $"{nameof(SamlAssertionCredential)} {{ Id = {Id} }}";
}
