using WsSecurity.Encryption;
using WsSecurity.Specifications;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.Saml;
using WsSecurity.Xml;

namespace WsSecurity;

/// <summary>
/// A SAML assertion to send, 1.1 or 2.0, as its issuer wrote it. It goes octet by octet, so that the issuer's signature stays right. With a
/// <see cref="ProofKey"/> its sender proves by that secret to be the subject; without, by the key of <see cref="SecurityCredentials.Certificate"/>.
/// </summary>
public sealed class SamlAssertionCredential : SecurityTokenCredential
{
    private SamlAssertionCredential(byte[] octets, string id, bool isSaml20)
    {
        Octets = octets;
        Id = id;
        IsSaml20 = isSaml20;
    }

    /// <summary>The assertion's Id.</summary>
    public string Id { get; }

    /// <summary>When the assertion expires; null where it does not say.</summary>
    public DateTimeOffset? NotOnOrAfter { get; private init; }

    /// <summary>Whether its possession alone confirms the subject: then it is sent only encrypted or over a protected transport.</summary>
    public bool IsBearer { get; private init; }

    /// <summary>Whether the issuer encrypted the assertion for its relying party.</summary>
    public bool IsEncrypted { get; private init; }

    /// <summary>The secret that the issuer shares with the subject; empty where there is none.</summary>
    public ReadOnlyMemory<byte> ProofKey { get; private init; }

    internal override DateTimeOffset? ReusableUntil => NotOnOrAfter;

    internal byte[] Octets { get; }

    internal bool IsSaml20 { get; }

    internal SamlAssertionName Named => new(Id, IsSaml20);

    /// <summary>Reads an assertion; whether it is true is for its receiver to say.</summary>
    /// <param name="document">A document whose root is the assertion, with every namespace declared in it.</param>
    /// <returns>The assertion.</returns>
    /// <exception cref="ArgumentException">It is no SAML 1.1 or 2.0 assertion.</exception>
    public static SamlAssertionCredential Parse(ReadOnlyMemory<byte> document) => Scan(document, nameof(document), Read);

    /// <summary>
    /// Takes an assertion that the issuer encrypted for its relying party, as the RequestedSecurityToken of WS-Trust often is. It counts as a bearer assertion
    /// unless it has a <see cref="ProofKey"/>, and no message signature of its sender can cover it.
    /// </summary>
    /// <param name="document">A document whose root is the saml2:EncryptedAssertion or xenc:EncryptedData, with every namespace declared in it.</param>
    /// <param name="attachedReference">
    /// The wsse:SecurityTokenReference that names the assertion inside of a message: RequestedAttachedReference of WS-Trust 1.3, section 4.2.
    /// </param>
    /// <param name="notOnOrAfter">When the assertion expires; null where that is not known.</param>
    /// <returns>The assertion.</returns>
    /// <exception cref="ArgumentException">It is no encrypted assertion, or the reference names none.</exception>
    public static SamlAssertionCredential ParseEncrypted(ReadOnlyMemory<byte> document, ReadOnlyMemory<byte> attachedReference, DateTimeOffset? notOnOrAfter = null)
    {
        var (id, isSaml20) = Scan(attachedReference, nameof(attachedReference), ReadReference);
        return Scan(document, nameof(document), root => ReadEncrypted(root, id, isSaml20, notOnOrAfter));
    }

    /// <summary>Adds the secret that the issuer shares with the subject: the proof key of WS-Trust 1.3, section 4.4.</summary>
    /// <param name="secret">The secret; it is copied, and never written.</param>
    /// <returns>The assertion with the secret.</returns>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public SamlAssertionCredential WithProofKey(ReadOnlyMemory<byte> secret) => secret.IsEmpty
        ? throw new ArgumentException("A proof key has octets.", nameof(secret))
        : new SamlAssertionCredential(Octets, Id, IsSaml20) { NotOnOrAfter = NotOnOrAfter, IsBearer = !IsEncrypted && IsBearer, IsEncrypted = IsEncrypted, ProofKey = secret.ToArray() };

    /// <summary>The assertion, UTF-8.</summary>
    /// <returns>A copy of its octets. Whoever gets a bearer assertion can use it.</returns>
    public byte[] ToArray() => [.. Octets];

    /// <summary>Writes nothing of the assertion but its Id.</summary>
    public override string ToString() => $"{nameof(SamlAssertionCredential)} {{ Id = {Id} }}";

    /// <summary>The assertion as its issuer encrypted it.</summary>
    internal SamlAssertionCredential Encrypted(byte[] octets) =>
        new(octets, Id, IsSaml20) { NotOnOrAfter = NotOnOrAfter, IsBearer = IsBearer, IsEncrypted = true, ProofKey = ProofKey };

    private static T Scan<T>(ReadOnlyMemory<byte> document, string parameter, Func<XmlElement, T?> read)
    {
        try
        {
            using var index = XmlIndex.Scan(XmlEncoding.ToUtf8(document, null), ProcessingLimits.Default);
            return read(index.Root) ?? throw new ArgumentException("The document is not what it should be.", parameter);
        }
        catch (WsSecurityException exception)
        {
            throw new ArgumentException($"The document cannot be read: {exception.Message}", parameter, exception);
        }
    }

    private static SamlAssertionCredential Read(XmlElement root)
    {
        if (!SamlAssertionReader.Is(root) || SamlAssertionReader.IdOf(root) is not { Length: > 0 } id)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "It is no SAML assertion with an Id.");
        }

        var isBearer = false;
        foreach (var element in root.Descendants)
        {
            isBearer |= (element.Is("SubjectConfirmation"u8, Saml20.Namespace) && element.GetAttribute("Method") == Saml20.Bearer)
                || (element.Is("ConfirmationMethod"u8, Saml11.Namespace) && element.TryGetText(out var method) && method.Trim() == Saml11.Bearer);
        }

        return new SamlAssertionCredential(root.Octets.ToArray(), id, root.NamespaceUri == Saml20.Namespace)
        {
            NotOnOrAfter = SamlAssertionReader.ReadInstant(root.Child("Conditions"u8, root.NamespaceUri), "NotOnOrAfter"),
            IsBearer = isBearer,
        };
    }

    private static SamlAssertionCredential ReadEncrypted(XmlElement root, string id, bool? isSaml20, DateTimeOffset? notOnOrAfter)
    {
        var isElement = root.Is("EncryptedAssertion"u8, Saml20.Namespace);
        if (isElement)
        {
            SamlEncryptedElement.Read(root);
        }
        else
        {
            EncryptedDataReader.ReadData(root);
        }

        return new SamlAssertionCredential(root.Octets.ToArray(), id, isElement || (isSaml20 ?? true)) { NotOnOrAfter = notOnOrAfter, IsBearer = true, IsEncrypted = true };
    }

    private static (string Id, bool? IsSaml20) ReadReference(XmlElement root) => SecurityTokenReference.Read(root) switch
    {
        SecurityTokenReference.SamlAssertion assertion => (assertion.Id, root.FirstChild.GetAttribute("ValueType") == SamlTokenProfile.SamlId),
        SecurityTokenReference.Direct direct => (direct.Id, root.GetAttribute("TokenType", Wsse.Namespace11) is { } type ? type == SamlTokenProfile.Saml20TokenType : null),
        _ => throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "It names no SAML assertion."),
    };
}
