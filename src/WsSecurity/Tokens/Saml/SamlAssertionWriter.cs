using System.Buffers;
using System.Security.Claims;
using WsSecurity.Timestamps;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Writes an assertion; what the versions have in common.</summary>
internal abstract class SamlAssertionWriter
{
    private protected SamlAssertionWriter(string prefix, string issuer, SamlAssertionDescription description, DateTimeOffset now, Action<Utf8XmlWriter>? writeProofKey)
    {
        Prefix = prefix;
        Issuer = issuer;
        Description = description;
        Now = now;
        WriteProofKey = writeProofKey;

        // SAML 2.0 Core, section 1.3.4: an Id is an NCName, unique by 128 bits at random.
        Id = Exchanges.Ids.New("_saml");
    }

    public string Id { get; }

    protected string Prefix { get; }

    protected string Issuer { get; }

    protected SamlAssertionDescription Description { get; }

    protected DateTimeOffset Now { get; }

    /// <summary>Writes the EncryptedKey of the proof key; null where there is none.</summary>
    protected Action<Utf8XmlWriter>? WriteProofKey { get; }

    protected IEnumerable<IGrouping<string, Claim>> Attributes => Description.Claims.GroupBy(claim => claim.Type, StringComparer.Ordinal);

    public static SamlAssertionWriter Create(string issuer, SamlAssertionDescription description, DateTimeOffset now, Action<Utf8XmlWriter>? writeProofKey) =>
        description.Version == SamlVersion.Saml11 ? new Saml11Writer(issuer, description, now, writeProofKey) : new Saml20Writer(issuer, description, now, writeProofKey);

    /// <summary>Writes the assertion, with the issuer's signature where there is one already.</summary>
    public byte[] Write(byte[] signature)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        WriteAssertion(new Utf8XmlWriter(output), signature);
        return output.WrittenSpan.ToArray();
    }

    protected abstract void WriteAssertion(Utf8XmlWriter writer, byte[] signature);

    /// <summary>Writes the subject's key, where the description has one.</summary>
    protected void WriteSubjectKey(Utf8XmlWriter writer)
    {
        writer.StartElement("ds", "KeyInfo");
        writer.NamespaceDeclaration("ds", Specifications.XmlSignature.Namespace);
        if (WriteProofKey is not null)
        {
            WriteProofKey(writer);
        }
        else
        {
            X509DataWriter.WriteCertificate(writer, new CertificateEntry(Description.SubjectCertificate!));
        }

        writer.EndElement();
    }

    protected void WriteValidity(Utf8XmlWriter writer)
    {
        writer.Attribute("", "NotBefore", UtcInstant.Format(Now));
        writer.Attribute("", "NotOnOrAfter", UtcInstant.Format(Now + Description.Lifetime));
    }

    protected void WriteAudiences(Utf8XmlWriter writer, string restriction)
    {
        if (Description.Audiences.Count == 0)
        {
            return;
        }

        writer.StartElement(Prefix, restriction);
        foreach (var audience in Description.Audiences)
        {
            WriteText(writer, "Audience", audience);
        }

        writer.EndElement();
    }

    protected void WriteText(Utf8XmlWriter writer, string name, string text)
    {
        writer.StartElement(Prefix, name);
        writer.Text(text);
        writer.EndElement();
    }

    protected void WriteEmpty(Utf8XmlWriter writer, string name)
    {
        writer.StartElement(Prefix, name);
        writer.EndElement();
    }
}
