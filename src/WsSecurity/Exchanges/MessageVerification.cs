using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Policy;
using WsSecurity.Signatures;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Timestamps;
using WsSecurity.Tokens;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.Username;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>
/// Works through the Security header of one message in document order (SOAP Message Security 1.1.1, section 5) and collects what
/// was found true. It demands nothing: what must be there is the policy's business (<see cref="PolicyEnforcement"/>).
/// </summary>
internal sealed class MessageVerification : IDisposable
{
    // What stands directly in a Security header: tokens, signatures, keys, confirmations, a Timestamp.
    private const int MaxHeaderElements = 64;

    private readonly Party _party;
    private readonly SymmetricKey? _requestKey;
    private readonly ProcessingLimits _limits;
    private readonly List<TrackedElement> _tracked = [];
    private readonly List<TrackedElement> _processed = [];
    private readonly List<VerifiedSignature> _signatures = [];
    private readonly List<DecryptedPart> _decryptedParts = [];
    private readonly List<UsernameToken> _usernameTokens = [];
    private readonly List<SignatureConfirmation> _confirmations = [];
    private readonly List<(TrackedElement Element, SymmetricKey Key)> _keys = [];
    private readonly List<CertificateEntry> _sentCertificates = [];
    private readonly Dictionary<(int, string, string, string), byte[]> _digests = [];
    private TrackedElement? _security;
    private readonly HashSet<string> _decryptedIds = new(StringComparer.Ordinal);
    private int _decryptions;
    private long _hashed;

    /// <param name="party">Whose policy and keys apply.</param>
    /// <param name="requestKey">The key of the exchange, when this is a reply under it.</param>
    public MessageVerification(Party party, SymmetricKey? requestKey)
    {
        _party = party;
        _requestKey = requestKey;
        _limits = party.Policy.Limits;
    }

    /// <summary>The envelope as it stands now: everything that could be decrypted is.</summary>
    public SoapEnvelope Envelope { get; private set; } = null!;

    /// <summary>Our Security header; none where the message has none.</summary>
    public XmlElement SecurityHeader => _security?.In(Envelope.Index) ?? default;

    public IReadOnlyList<VerifiedSignature> Signatures => _signatures;

    public IReadOnlyList<DecryptedPart> DecryptedParts => _decryptedParts;

    public IReadOnlyList<UsernameToken> UsernameTokens => _usernameTokens;

    public IReadOnlyList<SignatureConfirmation> Confirmations => _confirmations;

    public Timestamp? Timestamp { get; private set; }

    public TrackedElement? TimestampElement { get; private set; }

    /// <summary>Whether a private key or a shared secret has been used: from then on failures are answered at the common deadline.</summary>
    public bool HasUsedSecret { get; private set; }

    /// <summary>The keys that came with the message, in document order.</summary>
    public IReadOnlyList<SymmetricKey> Keys => _keys.ConvertAll(entry => entry.Key);

    /// <exception cref="WsSecurityException">Something in the message is wrong.</exception>
    public void Run(ReadOnlyMemory<byte> wire, string? charset)
    {
        if (wire.Length > _limits.MaxMessageSize)
        {
            throw new WsSecurityException(SecurityFailure.MessageTooLarge, $"The message has {wire.Length} octets; {_limits.MaxMessageSize} are permitted.");
        }

        Envelope = SoapEnvelope.Read(XmlIndex.Scan(XmlEncoding.ToUtf8(wire, charset), _limits));
        var security = Envelope.FindSecurityHeader(_party.Policy.Actor);
        if (security.IsNone)
        {
            return;
        }

        if (security.End - security.Start > _limits.MaxSecurityHeaderSize)
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"The Security header has more than {_limits.MaxSecurityHeaderSize} octets.");
        }

        _security = Track(security);
        do
        {
            while (NextUnprocessed() is { IsNone: false } next)
            {
                if (_processed.Count == MaxHeaderElements)
                {
                    throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"The Security header holds more than {MaxHeaderElements} elements.");
                }

                // Tracked before it is processed: what it decrypts moves it.
                _processed.Add(Track(next));
                Process(next);
            }
        }
        while (DecryptLeftover());

        CheckLayout();
    }

    public DecryptedPart? FindDecrypted(XmlElement element) =>
        _decryptedParts.Find(part => !part.ContentOnly && part.Element.Is(element));

    /// <summary>The key that the exchange goes on with; every other that the message brought is zeroed.</summary>
    public SymmetricKey? KeptKey { get; set; }

    public void Dispose()
    {
        Envelope?.Index.Dispose();
        foreach (var (_, key) in _keys)
        {
            if (key != KeptKey)
            {
                key.Dispose();
            }
        }
    }

    private XmlElement NextUnprocessed()
    {
        foreach (var child in SecurityHeader.Children)
        {
            if (!_processed.Exists(done => !done.WasReplaced && done.Is(child)))
            {
                return child;
            }
        }

        return default;
    }

    private void Process(XmlElement element)
    {
        if (element.Is("BinarySecurityToken"u8, Wsse.Namespace))
        {
            ReadCertificate(element);
        }
        else if (element.Is("Timestamp"u8, Wsu.Namespace))
        {
            ReadTimestamp(element);
        }
        else if (element.Is("UsernameToken"u8, Wsse.Namespace))
        {
            DemandRoom(_usernameTokens.Count, _limits.MaxTokens, "UsernameTokens");
            _usernameTokens.Add(UsernameTokenReader.Read(element, Track(element)));
        }
        else if (element.Is("Signature"u8, XmlSignature.Namespace))
        {
            DemandRoom(_signatures.Count, _limits.MaxSignatures, "signatures");
            Verify(element);
        }
        else if (element.Is("EncryptedKey"u8, XmlEncryption.Namespace))
        {
            ProcessEncryptedKey(element);
        }
        else if (element.Is("ReferenceList"u8, XmlEncryption.Namespace))
        {
            DecryptAll(EncryptedDataReader.ReadReferenceList(element, _limits), null, element);
        }
        else if (element.Is("EncryptedData"u8, XmlEncryption.Namespace))
        {
            ProcessEncryptedData(element);
        }
        else if (element.Is("SignatureConfirmation"u8, Wsse.Namespace11))
        {
            DemandRoom(_confirmations.Count, _limits.MaxSignatures, "SignatureConfirmations");
            _confirmations.Add(SignatureConfirmation.Read(element, Track(element)));
        }
        else if (!element.Is("SecurityTokenReference"u8, Wsse.Namespace))
        {
            throw Unexpected(element);
        }
    }

    private static WsSecurityException Unexpected(XmlElement element)
    {
        var name = RefusedValue.Show(System.Text.Encoding.UTF8.GetString(element.LocalName));
        if (element.Is("DerivedKeyToken"u8, WsSecureConversation.Namespace) || element.Is("DerivedKeyToken"u8, WsSecureConversation.Namespace200502)
            || element.Is("SecurityContextToken"u8, WsSecureConversation.Namespace) || element.Is("SecurityContextToken"u8, WsSecureConversation.Namespace200502)
            || element.Is("Assertion"u8, "urn:oasis:names:tc:SAML:1.0:assertion") || element.Is("Assertion"u8, "urn:oasis:names:tc:SAML:2.0:assertion"))
        {
            return new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, $"The token '{name}' is not supported.");
        }

        return new WsSecurityException(SecurityFailure.UnexpectedSecurityElement, $"The Security header holds '{name}', which is not understood.");
    }

    private static void DemandRoom(int count, int limit, string what)
    {
        if (count >= limit)
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"The Security header holds more than {limit} {what}.");
        }
    }

    private TrackedElement Track(XmlElement element)
    {
        var tracked = new TrackedElement(element);
        _tracked.Add(tracked);
        return tracked;
    }

    // Timestamp

    private void ReadTimestamp(XmlElement element)
    {
        if (Timestamp is not null)
        {
            throw new WsSecurityException(SecurityFailure.InvalidTimestamp, "The Security header holds two Timestamps (Basic Security Profile 1.1, R3227).");
        }

        Timestamp = TimestampReader.Read(element);
        TimestampElement = Track(element);
    }

    // Tokens and keys

    private CertificateEntry ReadCertificate(XmlElement token)
    {
        if (token.GetAttribute("ValueType") is { } type && type != X509TokenProfile.X509v3)
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

        return Remember(_party.ReadCertificate(der));
    }

    private CertificateEntry Remember(CertificateEntry certificate)
    {
        if (!_sentCertificates.Contains(certificate))
        {
            DemandRoom(_sentCertificates.Count, _limits.MaxTokens, "certificates");
            _sentCertificates.Add(certificate);
        }

        return certificate;
    }

    private (SecurityKey Key, XmlElement Token) Resolve(SecurityTokenReference reference, XmlElement user)
    {
        switch (reference)
        {
            case SecurityTokenReference.Direct direct:
                return ResolveDirect(direct.Id, user);
            case SecurityTokenReference.Thumbprint thumbprint:
                return (Found(_party.Certificates.FindByThumbprint(thumbprint.Sha1, _sentCertificates), "thumbprint"), default);
            case SecurityTokenReference.SubjectKeyIdentifier identifier:
                return (Found(_party.Certificates.FindBySubjectKeyIdentifier(identifier.Identifier, _sentCertificates), "subject key identifier"), default);
            case SecurityTokenReference.IssuerSerial issuerSerial:
                return (Found(_party.Certificates.FindByIssuerSerial(issuerSerial.Issuer, issuerSerial.Serial, _sentCertificates), "issuer and serial number"), default);
            case SecurityTokenReference.Certificate certificate:
                return (new CertificateKey(Remember(_party.ReadCertificate(certificate.Der))), default);
            case SecurityTokenReference.EncryptedKeySha1 sha1:
                return (FindKey(sha1.Sha1), default);
            default:
                throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "A key is named in a way that is not supported.");
        }
    }

    private (SecurityKey Key, XmlElement Token) ResolveDirect(string id, XmlElement user)
    {
        var token = Envelope.Index.FindById(id);
        if (token.IsNone || token.Parent != SecurityHeader)
        {
            throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, "A key is named by an Id that no token in the Security header has.");
        }

        if (_party.Policy.SecurityHeaderLayout == SecurityHeaderLayout.Strict && token.Start > user.Start)
        {
            throw new WsSecurityException(SecurityFailure.HeaderLayoutViolated, "A token stands behind what refers to it.");
        }

        if (token.Is("BinarySecurityToken"u8, Wsse.Namespace))
        {
            return (new CertificateKey(ReadCertificate(token)), token);
        }

        if (token.Is("EncryptedKey"u8, XmlEncryption.Namespace))
        {
            return (ReadEncryptedKey(token, null), token);
        }

        throw new WsSecurityException(
            SecurityFailure.SecurityTokenUnavailable,
            $"A key is named by the Id of '{RefusedValue.Show(System.Text.Encoding.UTF8.GetString(token.LocalName))}', which brings none.");
    }

    private static CertificateKey Found(CertificateEntry? certificate, string by) =>
        certificate is null
            ? throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, $"No known certificate has the {by} that the message names.")
            : new CertificateKey(certificate);

    private SymmetricKey FindKey(byte[] sha1)
    {
        if (_requestKey is not null && CryptographicOperations.FixedTimeEquals(sha1, _requestKey.EncryptedKeySha1))
        {
            return _requestKey;
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

    // Decrypting

    private void ProcessEncryptedKey(XmlElement element)
    {
        var list = element.Child("ReferenceList"u8, XmlEncryption.Namespace);
        var ids = list.IsNone ? [] : EncryptedDataReader.ReadReferenceList(list, _limits);
        var key = ReadEncryptedKey(element, FindAlgorithms(ids).FirstOrDefault());
        if (ids.Count > 0)
        {
            DecryptAll(ids, key, element);
        }
    }

    // Every algorithm is looked at before a private key is used.
    private List<ContentEncryptionAlgorithm> FindAlgorithms(List<string> ids) =>
        ids.FindAll(id => !_decryptedIds.Contains(id))
            .ConvertAll(id => _party.Suite.FindContentEncryption(EncryptedDataReader.ReadData(FindEncryptedData(id)).UntrustedAlgorithm));

    private XmlElement FindEncryptedData(string id)
    {
        var element = Envelope.Index.FindById(id);
        return element.IsNone
            ? throw new WsSecurityException(SecurityFailure.UnresolvedReference, "A DataReference names nothing in the message.")
            : element;
    }

    private SymmetricKey ReadEncryptedKey(XmlElement element, ContentEncryptionAlgorithm? content)
    {
        var known = _keys.Find(entry => entry.Element.Is(element)).Key;
        if (known is not null)
        {
            return known;
        }

        DemandRoom(_keys.Count, _limits.MaxEncryptedKeys, "EncryptedKeys");
        var parsed = EncryptedDataReader.ReadKey(element);
        var (transport, parameters) = _party.Suite.FindKeyTransport(parsed.UntrustedAlgorithm, parsed.UntrustedDigest, parsed.UntrustedMaskGeneration, parsed.Label);
        var privateKey = FindDecryptionKey(parsed.KeyInfo, element);
        HasUsedSecret = true;
        var (min, max) = content is null ? (_party.Suite.MinSymmetricKeyLength, _party.Suite.MaxSymmetricKeyLength) : (content.KeySize, content.KeySize);
        var secret = transport.Decrypt(privateKey, parsed.CipherValue, parameters, min, max);
        var key = new SymmetricKey(secret, SHA1.HashData(parsed.CipherValue), transport.Uri);
        _keys.Add((Track(element), key));
        return key;
    }

    private RSA FindDecryptionKey(XmlElement keyInfo, XmlElement user)
    {
        CertificateKey? key;
        try
        {
            key = Resolve(SecurityTokenReference.FromKeyInfo(keyInfo), user).Key as CertificateKey;
        }
        catch (WsSecurityException exception) when (exception.Failure == SecurityFailure.SecurityTokenUnavailable)
        {
            throw new WsSecurityException(SecurityFailure.DecryptionKeyUnavailable, "An EncryptedKey is for a certificate that is not ours.", exception);
        }

        return (key is null ? null : _party.FindDecryptionKey(key.Certificate))
            ?? throw new WsSecurityException(SecurityFailure.DecryptionKeyUnavailable, "An EncryptedKey is for a certificate whose private key we do not hold.");
    }

    private void ProcessEncryptedData(XmlElement element)
    {
        // Where its key stands further down, the key's ReferenceList may name it; if none does it is left over.
        var data = EncryptedDataReader.ReadData(element);
        if (!data.KeyInfo.IsNone
            && (SecurityTokenReference.FromKeyInfo(data.KeyInfo) is not SecurityTokenReference.Direct direct
                || _keys.Exists(known => known.Element.Is(Envelope.Index.FindById(direct.Id)))))
        {
            Decrypt([Prepare(element, null)]);
        }
    }

    private bool DecryptLeftover()
    {
        foreach (var child in SecurityHeader.Children)
        {
            if (child.Is("EncryptedData"u8, XmlEncryption.Namespace))
            {
                if (EncryptedDataReader.ReadData(child).KeyInfo.IsNone)
                {
                    throw new WsSecurityException(SecurityFailure.DecryptionKeyUnavailable, "An element of the Security header is encrypted by a key that the message does not name.");
                }

                Decrypt([Prepare(child, null)]);
                return true;
            }
        }

        return false;
    }

    private void DecryptAll(List<string> ids, SymmetricKey? key, XmlElement user)
    {
        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Count)
        {
            throw new WsSecurityException(SecurityFailure.InvalidEncryptionStructure, "A ReferenceList names a part twice.");
        }

        // An EncryptedData of the header that named its key was decrypted when it was reached.
        ids = ids.FindAll(id => !_decryptedIds.Contains(id));

        if (_party.Policy.SecurityHeaderLayout == SecurityHeaderLayout.Strict)
        {
            foreach (var id in ids)
            {
                if (FindEncryptedData(id) is var data && data.Parent == SecurityHeader && data.Start < user.Start)
                {
                    throw new WsSecurityException(SecurityFailure.HeaderLayoutViolated, "An EncryptedData stands before its key.");
                }
            }
        }

        var parts = ids.ConvertAll(id => Prepare(FindEncryptedData(id), key));
        parts.Sort((left, right) => left.Start.CompareTo(right.Start));
        Decrypt(parts);
    }

    private PendingDecryption Prepare(XmlElement element, SymmetricKey? key)
    {
        var data = EncryptedDataReader.ReadData(element);
        var algorithm = _party.Suite.FindContentEncryption(data.UntrustedAlgorithm);
        if (key is null)
        {
            key = Resolve(SecurityTokenReference.FromKeyInfo(data.KeyInfo), element).Key as SymmetricKey
                ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "An EncryptedData names a key that is not symmetric.");
        }

        return new PendingDecryption(data, algorithm, key);
    }

    private void Decrypt(List<PendingDecryption> parts)
    {
        _decryptions += parts.Count;
        if (_decryptions > _limits.MaxEncryptedParts)
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"More than {_limits.MaxEncryptedParts} parts are encrypted.");
        }

        for (var i = 1; i < parts.Count; i++)
        {
            if (parts[i].Start < parts[i - 1].End)
            {
                throw new WsSecurityException(SecurityFailure.InvalidEncryptionStructure, "A ReferenceList names overlapping parts.");
            }
        }

        HasUsedSecret = true;
        foreach (var part in parts)
        {
            if (part.Data.Element.GetAttribute("Id") is { } id)
            {
                _decryptedIds.Add(id);
            }
        }

        var found = parts.ConvertAll(Describe);
        var old = Envelope.Index;
        var document = Decryption.Apply(old.Utf8, parts, _limits, out var replacements);
        for (var i = replacements.Count - 1; i >= 0; i--)
        {
            var (start, end, element, delta) = replacements[i];
            foreach (var tracked in _tracked)
            {
                tracked.Follow(start, end, element, delta);
            }
        }

        _digests.Clear();
        Envelope = SoapEnvelope.Read(document);
        old.Dispose();
        _decryptedParts.AddRange(found);
    }

    private DecryptedPart Describe(PendingDecryption part)
    {
        if (!part.Data.ContentOnly)
        {
            return new DecryptedPart(Track(part.Replaced), false, true, part.Algorithm.Uri, part.Key);
        }

        var parent = part.Data.Element.Parent;
        var source = parent.Index.Utf8.Span;
        var isWhole = IsBlank(source[parent.ContentStart..part.Start]) && IsBlank(source[part.End..parent.ContentEnd]);
        return new DecryptedPart(Track(parent), true, isWhole, part.Algorithm.Uri, part.Key);

        static bool IsBlank(ReadOnlySpan<byte> octets) => octets.IndexOfAnyExcept(" \t\r\n"u8) < 0;
    }

    // Signatures

    private void Verify(XmlElement element)
    {
        var parsed = SignatureReader.Read(element, _limits);
        var algorithm = _party.Suite.FindSignature(parsed.UntrustedSignatureAlgorithm, _party.Policy.SignatureAlgorithms);
        var digests = parsed.References.Select(reference => _party.Suite.FindDigest(reference.UntrustedDigestAlgorithm)).ToList();
        var (key, tokenElement) = Resolve(SecurityTokenReference.FromKeyInfo(parsed.KeyInfo), element);
        var verificationKey = FindVerificationKey(key);
        var signedInfo = CanonicalOctets.Of(parsed.SignedInfo, parsed.Canonicalization, parsed.Prefixes);
        if (!algorithm.Verify(verificationKey, signedInfo.Span, parsed.SignatureValue))
        {
            throw new WsSecurityException(SecurityFailure.SignatureInvalid, "The signature value does not fit SignedInfo and key.");
        }

        var references = new List<VerifiedReference>();
        for (var i = 0; i < digests.Count; i++)
        {
            references.Add(Verify(parsed.References[i], digests[i]));
        }

        X509VerifiedToken? token = null;
        if (key is CertificateKey { Certificate: var certificate })
        {
            token = _party.Trust(certificate, _sentCertificates);
        }

        _signatures.Add(new VerifiedSignature
        {
            Element = Track(element),
            Key = key,
            Token = token,
            TokenElement = tokenElement.IsNone ? null : Track(tokenElement),
            Algorithm = algorithm.Uri,
            References = references,
            SignatureValue = parsed.SignatureValue,
            SignedInfoHash = SHA256.HashData(signedInfo.Span),
        });
    }

    private SignatureKey FindVerificationKey(SecurityKey key)
    {
        SignatureKey verificationKey;
        if (key is SymmetricKey symmetric)
        {
            HasUsedSecret = true;
            verificationKey = new HmacSignatureKey(symmetric.Secret);
        }
        else
        {
            verificationKey = ((CertificateKey)key).Certificate.VerificationKey
                ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "The signer's key is neither RSA nor ECDSA.");
        }

        _party.Suite.RequireKeyLength(verificationKey);
        return verificationKey;
    }

    private VerifiedReference Verify(ParsedReference reference, DigestAlgorithm digest)
    {
        var target = Envelope.Index.FindById(reference.TargetId);
        if (target.IsNone)
        {
            throw new WsSecurityException(SecurityFailure.UnresolvedReference, "A signature refers to an Id that the message does not have.");
        }

        var covered = target;
        byte[] actual;
        if (reference.IsStrTransform)
        {
            (actual, covered) = DigestToken(target, reference, digest);
        }
        else
        {
            actual = Digest(target, reference, digest);
        }

        if (!CryptographicOperations.FixedTimeEquals(actual, reference.DigestValue))
        {
            throw new WsSecurityException(SecurityFailure.DigestMismatch, $"The signed part {ElementPath.Of(target)} was changed.");
        }

        if (!_party.Policy.Tolerances.UnsignedPrefixBindings && !reference.IsStrTransform && reference.Canonicalization.Version == CanonicalVersion.Exclusive
            && CanonicalizationMethod.DependsOnOuterPrefix(covered, reference.Prefixes))
        {
            throw new WsSecurityException(SecurityFailure.UnsignedPrefixBinding, $"An xsi:type in {ElementPath.Of(target)} has a prefix that is bound outside of the signed part.");
        }

        return new VerifiedReference(Track(covered), ElementPath.Of(covered), digest.Uri, reference.Canonicalization, reference.Prefixes);
    }

    private byte[] Digest(XmlElement target, ParsedReference reference, DigestAlgorithm digest)
    {
        var key = (target.Start, digest.Uri, reference.Canonicalization.Uri, reference.Prefixes.ToString());
        if (_digests.TryGetValue(key, out var known))
        {
            return known;
        }

        // References to nested elements could have the same octets hashed over and over.
        _hashed += target.End - target.Start;
        if (_hashed > (4L * Envelope.Source.Length) + (1 << 20))
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, "The signatures cover the same content too often.");
        }

        using var hash = digest.CreateHash();
        using var sink = new HashSink(hash, target.Index.Utf8);
        reference.Canonicalization.Canonicalize(target, reference.Prefixes, default, sink);
        return _digests[key] = sink.GetHashAndReset();
    }

    // SOAP Message Security 1.1.1, section 8.3: the token stands for the reference to it.
    private (byte[] Digest, XmlElement Covered) DigestToken(XmlElement target, ParsedReference reference, DigestAlgorithm digest)
    {
        if (!target.Is("SecurityTokenReference"u8, Wsse.Namespace))
        {
            throw new WsSecurityException(SecurityFailure.InvalidSignatureStructure, "An STR-Transform is applied to something else than a SecurityTokenReference.");
        }

        var (key, token) = Resolve(SecurityTokenReference.Read(target), target);
        if (!token.IsNone)
        {
            return (digest.Hash(TokenOctets.OfElement(token, reference.Canonicalization, reference.Prefixes).Span), token);
        }

        if (key is CertificateKey { Certificate: var certificate })
        {
            return (digest.Hash(TokenOctets.OfCertificate(System.Text.Encoding.UTF8.GetString(target.Prefix), certificate.Raw.Span).Span), target);
        }

        throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "An STR-Transform leads to a token that has no octets.");
    }

    // WS-SecurityPolicy 1.3, section 6.7.
    private void CheckLayout()
    {
        var layout = _party.Policy.SecurityHeaderLayout;
        if (layout is not (SecurityHeaderLayout.LaxTimestampFirst or SecurityHeaderLayout.LaxTimestampLast) || TimestampElement is null)
        {
            return;
        }

        var first = SecurityHeader.FirstChild;
        var last = first;
        for (var next = first; !next.IsNone; next = next.NextSibling)
        {
            last = next;
        }

        if (!TimestampElement.Is(layout == SecurityHeaderLayout.LaxTimestampFirst ? first : last))
        {
            throw new WsSecurityException(SecurityFailure.HeaderLayoutViolated, $"The Timestamp does not stand where the layout {layout} has it.");
        }
    }
}
