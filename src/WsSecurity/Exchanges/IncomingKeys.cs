using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Tokens.DerivedKeys;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.Saml;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The tokens and keys of a message: those that it brings, and those that it names.</summary>
internal sealed class IncomingKeys(
    Party party,
    IncomingDocument document,
    IncomingAssertions assertions,
    IncomingCustomTokens customTokens,
    IncomingKerberosToken kerberos,
    IncomingUsernameTokens usernameTokens,
    SymmetricKey? requestKey)
{
    private readonly List<(TrackedElement Element, SymmetricKey Key, TrackedElement? Source)> _derivedKeys = [];

    /// <summary>The certificates that the message brings.</summary>
    public IncomingCertificates Certificates { get; } = new(party, document);

    /// <summary>The keys that the message brings encrypted.</summary>
    public IncomingEncryptedKeys EncryptedKeys => field ??= new IncomingEncryptedKeys(party, document, this);

    /// <summary>Whether a private key or a shared secret has been used: from then on failures are answered alike, at the common deadline.</summary>
    public bool HasUsedSecret { get; set; }

    /// <summary>The version of WS-SecureConversation in which the message derives keys; null where it derives none.</summary>
    public SecureConversationVersion? SecureConversationVersion { get; private set; }

    /// <summary>Whether the key of a token is at hand: an EncryptedKey that was decrypted, or a DerivedKeyToken, ticket or UsernameToken, which needs no work.</summary>
    public bool IsAvailable(XmlElement token) => (!token.IsNone && (DerivedKeyToken.Is(token) || KerberosTokenReader.Is(token) || IncomingUsernameTokens.Is(token))) || EncryptedKeys.IsRead(token);

    /// <summary>Zeroes every key of the message but the one that the exchange goes on with.</summary>
    public void ForgetAllBut(SymmetricKey? kept)
    {
        var own = new[] { kerberos.Token?.Key, usernameTokens.Key }.OfType<SymmetricKey>();
        foreach (var key in EncryptedKeys.All.Concat(_derivedKeys.Select(entry => entry.Key)).Concat(EncryptedKeys.Enclosed).Concat(own))
        {
            if (key != kept)
            {
                key.Dispose();
            }
        }
    }

    /// <summary>Finds the key that a reference names, and the token that brings it; none where it is only named.</summary>
    /// <exception cref="WsSecurityException">There is none, or it cannot be used.</exception>
    public (SecurityKey Key, XmlElement Token) Resolve(SecurityTokenReference reference, XmlElement user)
    {
        switch (reference)
        {
            case SecurityTokenReference.Direct direct:
                return ResolveDirect(direct.Id, user);
            case SecurityTokenReference.Thumbprint or SecurityTokenReference.SubjectKeyIdentifier or SecurityTokenReference.IssuerSerial:
            case SecurityTokenReference.KeyValue or SecurityTokenReference.Certificate:
                return (new CertificateKey(Certificates.Find(reference)), default);
            case SecurityTokenReference.Embedded embedded when KerberosTokenReader.Is(embedded.Token):
                return (kerberos.Read(embedded.Token).Key, embedded.Token);
            case SecurityTokenReference.Embedded embedded:
                return (new CertificateKey(Certificates.ReadToken(embedded.Token)), embedded.Token);
            case SecurityTokenReference.SamlAssertion assertion:
                return ResolveAssertion(assertion.Id, user);
            case SecurityTokenReference.ImpliedDerivedKey implied:
                return Derive(implied.Token, implied.Namespace, user);
            case SecurityTokenReference.UsernameTokenOfRequest request:
                return requestKey?.UsernameTokenId == request.Id
                    ? (requestKey, default)
                    : throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, "The message names a UsernameToken that this exchange does not know.");
            case SecurityTokenReference.EncryptedKeySha1 sha1:
                return (FindKey(sha1.Sha1), default);
            case SecurityTokenReference.KerberosApReqSha1 sha1:
                return FindKerberosKey(sha1.Sha1, user);
            default:
                throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "A key is named in a way that is not supported.");
        }
    }

    private XmlElement FindToken(string id, XmlElement user)
    {
        var token = document.Envelope.Index.FindById(id);
        if (token.IsNone || token.Parent != document.SecurityHeader)
        {
            throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, "A key is named by an Id that no token in the Security header has.");
        }

        DemandOrder(token, user);
        return token;
    }

    private (SecurityKey Key, XmlElement Token) ResolveDirect(string id, XmlElement user)
    {
        // A reply under the password's key names the request's token, and does not bring it again.
        if (requestKey?.UsernameTokenId == id && document.Envelope.Index.FindById(id).IsNone)
        {
            return (requestKey, default);
        }

        var token = FindToken(id, user);
        if (customTokens.Accepts(token))
        {
            return (new CustomKey(customTokens.Read(token)), token);
        }

        if (KerberosTokenReader.Is(token))
        {
            return (kerberos.Read(token).Key, token);
        }

        if (IncomingUsernameTokens.Is(token))
        {
            return (usernameTokens.KeyOf(token), token);
        }

        if (token.Is("BinarySecurityToken"u8, Wsse.Namespace))
        {
            return (new CertificateKey(Certificates.ReadToken(token)), token);
        }

        if (token.Is("EncryptedKey"u8, XmlEncryption.Namespace))
        {
            return (EncryptedKeys.Read(token, null), token);
        }

        if (DerivedKeyToken.Is(token))
        {
            return ReadDerivedKey(token);
        }

        if (assertions.Accepts(token))
        {
            return (SubjectKeyOf(assertions.Read(token, this)), token);
        }

        throw new WsSecurityException(
            SecurityFailure.SecurityTokenUnavailable,
            $"A key is named by the Id of '{RefusedValue.Show(System.Text.Encoding.UTF8.GetString(token.LocalName))}', which brings none.");
    }

    private void DemandOrder(XmlElement token, XmlElement user)
    {
        if (party.DemandedLayout == SecurityHeaderLayout.Strict && token.Start > user.Start)
        {
            throw new WsSecurityException(SecurityFailure.HeaderLayoutViolated, "A token stands behind what refers to it.");
        }
    }

    private (SecurityKey Key, XmlElement Token) ResolveAssertion(string id, XmlElement user)
    {
        // A reply under the key of the request's assertion names it, and does not bring it again.
        if (requestKey?.Assertion?.Id == id)
        {
            return (requestKey, default);
        }

        var token = FindToken(id, user);
        return assertions.Accepts(token)
            ? (SubjectKeyOf(assertions.Read(token, this)), token)
            : throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, "A key is named as that of a SAML assertion, and is another's.");
    }

    /// <summary>Finds the assertion that a reference names, whether it has a key or not; none where it names something else.</summary>
    /// <exception cref="WsSecurityException">The assertion cannot be used.</exception>
    public XmlElement FindAssertion(SecurityTokenReference reference, XmlElement user)
    {
        var id = reference switch
        {
            SecurityTokenReference.SamlAssertion assertion => assertion.Id,
            SecurityTokenReference.Direct direct => direct.Id,
            _ => null,
        };
        if (id is null || document.Envelope.Index.FindById(id) is not { IsNone: false } found || !assertions.Accepts(found))
        {
            return default;
        }

        var token = FindToken(id, user);
        assertions.Read(token, this);
        return token;
    }

    private SecurityKey SubjectKeyOf(SamlAssertion assertion)
    {
        if (assertion.Seal is not { } seal)
        {
            throw new WsSecurityException(SecurityFailure.AssertionNotSigned, "A signature is by the key of a SAML assertion that its issuer did not sign.");
        }

        switch (assertion.SubjectKey)
        {
            case SamlPublicKey key:
                return new SamlKey(assertion, key);
            case SamlProofKey proof:
                return proof.Secret ?? throw new WsSecurityException(SecurityFailure.DecryptionKeyUnavailable, "The proof key of a SAML assertion is not for us.");
            case SamlNamedCertificate named:
                var certificate = ((CertificateKey)Resolve(named.Name, default).Key).Certificate;
                if (!named.IsUnique && party.Signers.Trust(certificate, Certificates.Sent).TrustDomain != seal.TrustDomain)
                {
                    throw new WsSecurityException(SecurityFailure.CertificateNotTrusted, "The certificate that a SAML assertion names by what any authority can write is not trusted in the issuer's domain.");
                }

                return new SamlKey(assertion, SamlSubjectKeyReader.OfCertificate(certificate));
            default:
                throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "A signature is by the key of a SAML assertion that names none.");
        }
    }

    // A policy that protects tokens means the one that brings the key, so that is what the derived key is said to come from.
    private (SecurityKey Key, XmlElement Token) ReadDerivedKey(XmlElement token)
    {
        var known = _derivedKeys.Find(entry => entry.Element.Is(token));
        if (known.Key is not null)
        {
            return (known.Key, known.Source?.In(document.Envelope.Index) ?? default);
        }

        return Derive(DerivedKeyToken.Read(token), token.NamespaceUri, token);
    }

    private (SecurityKey Key, XmlElement Token) Derive(DerivedKeyToken parsed, string uri, XmlElement token)
    {
        HeaderLimit.Demand(_derivedKeys.Count, party.Policy.Limits.MaxTokens, "derived keys");
        if (parsed.Source is not (SecurityTokenReference.Direct or SecurityTokenReference.EncryptedKeySha1 or SecurityTokenReference.SamlAssertion or SecurityTokenReference.KerberosApReqSha1 or SecurityTokenReference.UsernameTokenOfRequest)
            || Names(parsed.Source, DerivedKeyToken.Is) || Resolve(parsed.Source, token) is not (SymmetricKey { Source: null } source, var sourceToken))
        {
            throw new WsSecurityException(
                SecurityFailure.UnsupportedSecurityToken, "A DerivedKeyToken derives from something else than an EncryptedKey, the secret that a SAML assertion brings, a Kerberos token, or a UsernameToken.");
        }

        SecureConversationVersion ??= uri == WsSecureConversation.Namespace
            ? WsSecurity.SecureConversationVersion.WSSecureConversation13
            : WsSecurity.SecureConversationVersion.WSSecureConversationFeb2005;
        HasUsedSecret = true;
        var key = source.Derive(PSha1KeyDerivation.Derive(source.Secret, parsed.Seed, parsed.Offset, parsed.Length));
        _derivedKeys.Add((document.Track(token), key, sourceToken.IsNone ? null : document.Track(sourceToken)));
        return (key, sourceToken);
    }

    private SymmetricKey FindKey(byte[] sha1)
    {
        if (requestKey is { IsKerberos: false } && CryptographicOperations.FixedTimeEquals(sha1, requestKey.EncryptedKeySha1))
        {
            return requestKey;
        }

        return EncryptedKeys.All.FirstOrDefault(key => CryptographicOperations.FixedTimeEquals(sha1, key.EncryptedKeySha1))
            ?? throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, "The message names an EncryptedKey that this exchange does not know.");
    }

    private (SecurityKey Key, XmlElement Token) FindKerberosKey(byte[] sha1, XmlElement user)
    {
        if (requestKey is { IsKerberos: true } && CryptographicOperations.FixedTimeEquals(sha1, requestKey.EncryptedKeySha1))
        {
            return (requestKey, default);
        }

        foreach (var child in document.SecurityHeader.Children)
        {
            if (KerberosTokenReader.Is(child) && CryptographicOperations.FixedTimeEquals(sha1, kerberos.Read(child).Key.EncryptedKeySha1))
            {
                DemandOrder(child, user);
                return (kerberos.Read(child).Key, child);
            }
        }

        throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, "The message names a Kerberos token that this exchange does not know.");
    }

    /// <summary>Whether a reference leads to a token of that kind; tokens that name one another in a ring must not be followed for ever.</summary>
    public bool Names(SecurityTokenReference reference, Func<XmlElement, bool> isKind) =>
        reference is SecurityTokenReference.Direct direct && document.Envelope.Index.FindById(direct.Id) is { IsNone: false } token && isKind(token);
}
