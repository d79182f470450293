using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Tokens.DerivedKeys;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The tokens and keys of a message: those that it brings, and those that it names.</summary>
internal sealed class IncomingKeys(
    Party party, IncomingDocument document, IncomingAssertions assertions, IncomingCustomTokens customTokens, IncomingKerberosToken kerberos, SymmetricKey? requestKey)
{
    private readonly List<(TrackedElement Element, SymmetricKey Key)> _keys = [];
    private readonly List<(TrackedElement Element, SymmetricKey Key, TrackedElement? Source)> _derivedKeys = [];
    private readonly List<SymmetricKey> _enclosedKeys = [];
    private readonly List<(TrackedElement Element, CertificateEntry Certificate)> _certificateTokens = [];
    private readonly List<CertificateEntry> _sentCertificates = [];
    private readonly HashSet<int> _beingRead = [];

    /// <summary>The certificates that the message brings.</summary>
    public IReadOnlyCollection<CertificateEntry> SentCertificates => _sentCertificates;

    /// <summary>The certificates that stand in the header as tokens.</summary>
    public IReadOnlyList<(TrackedElement Element, CertificateEntry Certificate)> CertificateTokens => _certificateTokens;

    /// <summary>The keys that the message brings, in the order in which they were decrypted.</summary>
    public IReadOnlyList<SymmetricKey> Encrypted => _keys.ConvertAll(entry => entry.Key);

    /// <summary>Whether a private key or a shared secret has been used: from then on failures are answered alike, at the common deadline.</summary>
    public bool HasUsedSecret { get; set; }

    /// <summary>The version of WS-SecureConversation in which the message derives keys; null where it derives none.</summary>
    public SecureConversationVersion? SecureConversationVersion { get; private set; }

    /// <summary>Whether the key of a token is at hand: an EncryptedKey that was decrypted, or a DerivedKeyToken, which needs no work.</summary>
    public bool IsAvailable(XmlElement token) => (!token.IsNone && (DerivedKeyToken.Is(token) || KerberosTokenReader.Is(token))) || _keys.Exists(known => known.Element.Is(token));

    /// <summary>Zeroes every key of the message but the one that the exchange goes on with.</summary>
    public void ForgetAllBut(SymmetricKey? kept)
    {
        IEnumerable<SymmetricKey> own = kerberos.Token is { } token ? [token.Key] : [];
        foreach (var key in _keys.Select(entry => entry.Key).Concat(_derivedKeys.Select(entry => entry.Key)).Concat(_enclosedKeys).Concat(own))
        {
            if (key != kept)
            {
                key.Dispose();
            }
        }
    }

    /// <summary>Reads a wsse:BinarySecurityToken (X.509 Certificate Token Profile 1.1.1, section 3.1).</summary>
    /// <exception cref="WsSecurityException">It is neither a certificate nor a path of them.</exception>
    public CertificateEntry ReadCertificate(XmlElement token)
    {
        // Read where it stands, and once more for each signature that names it.
        var known = _certificateTokens.Find(entry => entry.Element.Is(token)).Certificate;
        if (known is not null)
        {
            return known;
        }

        var type = token.GetAttribute("ValueType") ?? X509TokenProfile.X509v3;
        if (type is not (X509TokenProfile.X509v3 or X509TokenProfile.X509PkiPathv1 or X509TokenProfile.Pkcs7))
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, $"The BinarySecurityToken type '{RefusedValue.Show(type)}' is not supported.");
        }

        if (token.GetAttribute("EncodingType") is { } encoding && encoding != Wsse.Base64Binary)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A BinarySecurityToken has another encoding than Base64Binary.");
        }

        if (!token.TryGetBase64(out var der))
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A BinarySecurityToken is not Base64.");
        }

        var limit = party.Policy.Limits.MaxTokens;
        var certificate = type switch
        {
            X509TokenProfile.X509PkiPathv1 => RememberPath(CertificatePath.ReadPkiPath(der, limit)),
            X509TokenProfile.Pkcs7 => RememberPath(CertificatePath.ReadPkcs7(der, limit)),
            _ => Remember(party.ReadCertificate(der)),
        };
        _certificateTokens.Add((document.Track(token), certificate));
        return certificate;
    }

    // The certificates above the signer's serve the chain like those that are sent one by one.
    private CertificateEntry RememberPath(IReadOnlyList<byte[]> path)
    {
        foreach (var above in path.Skip(1))
        {
            Remember(party.ReadCertificate(above));
        }

        return Remember(party.ReadCertificate(path[0]));
    }

    private CertificateEntry Remember(CertificateEntry certificate)
    {
        if (!_sentCertificates.Contains(certificate))
        {
            HeaderLimit.Demand(_sentCertificates.Count, party.Policy.Limits.MaxTokens, "certificates");
            _sentCertificates.Add(certificate);
        }

        return certificate;
    }

    /// <summary>Finds the key that a reference names, and the token that brings it; none where it is only named.</summary>
    /// <exception cref="WsSecurityException">There is none, or it cannot be used.</exception>
    public (SecurityKey Key, XmlElement Token) Resolve(SecurityTokenReference reference, XmlElement user)
    {
        switch (reference)
        {
            case SecurityTokenReference.Direct direct:
                return ResolveDirect(direct.Id, user);
            case SecurityTokenReference.Thumbprint thumbprint:
                return (Found(party.Certificates.FindByThumbprint(thumbprint.Sha1, _sentCertificates), "thumbprint"), default);
            case SecurityTokenReference.SubjectKeyIdentifier identifier:
                return (Found(party.Certificates.FindBySubjectKeyIdentifier(identifier.Identifier, _sentCertificates), "subject key identifier"), default);
            case SecurityTokenReference.IssuerSerial issuerSerial:
                return (Found(party.Certificates.FindByIssuerSerial(issuerSerial.Issuer, issuerSerial.Serial, _sentCertificates), "issuer and serial number"), default);
            case SecurityTokenReference.KeyValue value:
                return (FindKeyValue(value.PublicKeyInfo), default);
            case SecurityTokenReference.Certificate certificate:
                return (new CertificateKey(Remember(party.ReadCertificate(certificate.Der))), default);
            case SecurityTokenReference.Embedded embedded when KerberosTokenReader.Is(embedded.Token):
                return (kerberos.Read(embedded.Token).Key, embedded.Token);
            case SecurityTokenReference.Embedded embedded:
                return (new CertificateKey(ReadCertificate(embedded.Token)), embedded.Token);
            case SecurityTokenReference.SamlAssertion assertion:
                return ResolveAssertion(assertion.Id, user);
            case SecurityTokenReference.ImpliedDerivedKey implied:
                return Derive(implied.Token, implied.Namespace, user);
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
        var token = FindToken(id, user);
        if (customTokens.Accepts(token))
        {
            return (new CustomKey(customTokens.Read(token)), token);
        }

        if (KerberosTokenReader.Is(token))
        {
            return (kerberos.Read(token).Key, token);
        }

        if (token.Is("BinarySecurityToken"u8, Wsse.Namespace))
        {
            return (new CertificateKey(ReadCertificate(token)), token);
        }

        if (token.Is("EncryptedKey"u8, XmlEncryption.Namespace))
        {
            return (ReadEncryptedKey(token, null), token);
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
                if (!named.IsUnique && party.Trust(certificate, _sentCertificates).TrustDomain != seal.TrustDomain)
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
        if (parsed.Source is not (SecurityTokenReference.Direct or SecurityTokenReference.EncryptedKeySha1 or SecurityTokenReference.SamlAssertion or SecurityTokenReference.KerberosApReqSha1)
            || Names(parsed.Source, DerivedKeyToken.Is) || Resolve(parsed.Source, token) is not (SymmetricKey { Source: null } source, var sourceToken))
        {
            throw new WsSecurityException(
                SecurityFailure.UnsupportedSecurityToken, "A DerivedKeyToken derives from something else than an EncryptedKey, the secret that a SAML assertion brings, or a Kerberos token.");
        }

        SecureConversationVersion ??= uri == WsSecureConversation.Namespace
            ? WsSecurity.SecureConversationVersion.WSSecureConversation13
            : WsSecurity.SecureConversationVersion.WSSecureConversationFeb2005;
        HasUsedSecret = true;
        var key = source.Derive(PSha1KeyDerivation.Derive(source.Secret, parsed.Seed, parsed.Offset, parsed.Length));
        _derivedKeys.Add((document.Track(token), key, sourceToken.IsNone ? null : document.Track(sourceToken)));
        return (key, sourceToken);
    }

    private static CertificateKey Found(CertificateEntry? certificate, string by) =>
        certificate is null
            ? throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, $"No known certificate has the {by} that the message names.")
            : new CertificateKey(certificate);

    // Certificates that the message itself brings do not count: whoever made the key could have made them.
    private CertificateKey FindKeyValue(byte[] publicKeyInfo)
    {
        if (party.Policy.KeyReference != KeyReference.KeyValue)
        {
            throw new WsSecurityException(SecurityFailure.KeyValueNotTrusted, "A KeyInfo holds a bare key, which identifies nobody, and the policy has no KeyReference KeyValue.");
        }

        return party.Certificates.FindByPublicKey(publicKeyInfo, party.Now) is { } certificate
            ? new CertificateKey(certificate)
            : throw new WsSecurityException(SecurityFailure.KeyValueNotTrusted, "A KeyInfo holds a bare key that is that of no known certificate.");
    }

    private SymmetricKey FindKey(byte[] sha1)
    {
        if (requestKey is { IsKerberos: false } && CryptographicOperations.FixedTimeEquals(sha1, requestKey.EncryptedKeySha1))
        {
            return requestKey;
        }

        foreach (var (_, key) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(sha1, key.EncryptedKeySha1))
            {
                return key;
            }
        }

        throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, "The message names an EncryptedKey that this exchange does not know.");
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

    /// <summary>Decrypts an xenc:EncryptedKey, once.</summary>
    /// <param name="element">The element.</param>
    /// <param name="content">What the key is for, where that is known; it tells the key's length.</param>
    public SymmetricKey ReadEncryptedKey(XmlElement element, ContentEncryptionAlgorithm? content)
    {
        var known = _keys.Find(entry => entry.Element.Is(element)).Key;
        if (known is not null)
        {
            return known;
        }

        HeaderLimit.Demand(_keys.Count + _beingRead.Count, party.Policy.Limits.MaxEncryptedKeys, "EncryptedKeys");
        if (!_beingRead.Add(element.Start))
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "EncryptedKeys wrap one another in a ring.");
        }

        SymmetricKey key;
        try
        {
            key = new EncryptedKeyDecryption(party, this).Decrypt(EncryptedDataReader.ReadKey(element), content);
        }
        finally
        {
            _beingRead.Remove(element.Start);
        }

        _keys.Add((document.Track(element), key));
        return key;
    }

    /// <summary>Decrypts a key that stands in a token, or in what it encrypts.</summary>
    /// <param name="keys">The same key for one recipient each, of whom we must be one.</param>
    /// <param name="content">What the key is for, where that is known; it tells the key's length.</param>
    /// <exception cref="WsSecurityException">None is for us, or it is encrypted in a way that is not allowed.</exception>
    public SymmetricKey Open(IReadOnlyList<ParsedEncryptedKey> keys, ContentEncryptionAlgorithm? content)
    {
        HeaderLimit.Demand(_enclosedKeys.Count, party.Policy.Limits.MaxEncryptedKeys, "EncryptedKeys in tokens");
        WsSecurityException? refusal = null;
        foreach (var key in keys)
        {
            try
            {
                var opened = new EncryptedKeyDecryption(party, this, isEnclosed: true).Decrypt(key, content);
                _enclosedKeys.Add(opened);
                return opened;
            }
            catch (WsSecurityException exception) when (exception.Failure == SecurityFailure.DecryptionKeyUnavailable)
            {
                refusal = exception;
            }
        }

        throw refusal ?? new WsSecurityException(SecurityFailure.DecryptionKeyUnavailable, "What is encrypted in a token brings no key.");
    }

    /// <summary>Whether a reference leads to a token of that kind; tokens that name one another in a ring must not be followed for ever.</summary>
    public bool Names(SecurityTokenReference reference, Func<XmlElement, bool> isKind) =>
        reference is SecurityTokenReference.Direct direct && document.Envelope.Index.FindById(direct.Id) is { IsNone: false } token && isKind(token);
}
