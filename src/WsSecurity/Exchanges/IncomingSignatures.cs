using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Signatures;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Verifies the signatures of a message (XML Signature 1.1, section 3.2; SOAP Message Security 1.1.1, section 8).</summary>
internal sealed class IncomingSignatures(Party party, IncomingDocument document, IncomingKeys keys)
{
    private readonly List<VerifiedSignature> _signatures = [];
    private readonly List<KnownDigest> _digests = [];
    private XmlIndex? _digestedIndex;
    private long _hashed;

    public IReadOnlyList<VerifiedSignature> Verified => _signatures;

    /// <summary>Verifies a ds:Signature: its value, its digests and its signer.</summary>
    /// <exception cref="WsSecurityException">Something in it is wrong.</exception>
    public void Verify(XmlElement element)
    {
        var parsed = SignatureReader.Read(element, party.Policy.Limits);
        var algorithm = party.Suite.FindSignature(parsed.UntrustedSignatureAlgorithm, party.Policy.SignatureAlgorithms);
        var digests = parsed.References.Select(reference => party.Suite.FindDigest(reference.UntrustedDigestAlgorithm)).ToList();
        var (key, tokenElement) = keys.Resolve(SecurityTokenReference.FromKeyInfo(parsed.KeyInfo), element);
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
            token = party.Signers.Trust(certificate, keys.Certificates.Sent);
        }
        else if (key is SamlKey { SubjectKey.Certificate: { } subject })
        {
            // The issuer vouches for the key, so that no chain is asked.
            party.Signers.RefuseOwn(subject);
        }

        _signatures.Add(new VerifiedSignature
        {
            Element = document.Track(element),
            Key = key,
            Token = token,
            TokenElement = tokenElement.IsNone ? null : document.Track(tokenElement),
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
            if (symmetric is { IsForEncryption: true, Source: null })
            {
                throw new WsSecurityException(SecurityFailure.InvalidSalt, "A signature is by a password's key whose salt says that it encrypts.");
            }

            keys.HasUsedSecret = true;
            verificationKey = new HmacSignatureKey(symmetric.Secret);
        }
        else if (key is CustomKey custom)
        {
            keys.HasUsedSecret |= custom.Key.Key is HmacSignatureKey;
            verificationKey = custom.Key.Key;
        }
        else if (key is SamlKey saml)
        {
            verificationKey = saml.SubjectKey.VerificationKey;
        }
        else
        {
            verificationKey = ((CertificateKey)key).Certificate.VerificationKey
                ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "The signer's key is neither RSA nor ECDSA.");
        }

        party.Suite.RequireKeyLength(verificationKey);
        return verificationKey;
    }

    private VerifiedReference Verify(ParsedReference reference, DigestAlgorithm digest)
    {
        var target = document.Envelope.Index.FindById(reference.TargetId);
        if (target.IsNone)
        {
            throw new WsSecurityException(SecurityFailure.UnresolvedReference, "A signature refers to an Id that the message does not have.");
        }

        var covered = target;
        CertificateEntry? named = null;
        byte[] actual;
        if (reference.IsStrTransform)
        {
            (actual, covered, named) = DigestToken(target, reference, digest);
        }
        else
        {
            actual = Digest(target, reference, digest);
        }

        if (!CryptographicOperations.FixedTimeEquals(actual, reference.DigestValue))
        {
            throw new WsSecurityException(SecurityFailure.DigestMismatch, $"The signed part {ElementPath.Of(target)} was changed.");
        }

        if (!party.Policy.Tolerances.UnsignedPrefixBindings && !reference.IsStrTransform && reference.Canonicalization.Version == CanonicalVersion.Exclusive
            && CanonicalizationMethod.DependsOnOuterPrefix(covered, reference.Prefixes))
        {
            throw new WsSecurityException(SecurityFailure.UnsignedPrefixBinding, $"An xsi:type in {ElementPath.Of(target)} has a prefix that is bound outside of the signed part.");
        }

        return new VerifiedReference(document.Track(covered), ElementPath.Of(covered), digest.Uri, reference.Canonicalization, reference.Prefixes, named);
    }

    private byte[] Digest(XmlElement target, ParsedReference reference, DigestAlgorithm digest)
    {
        if (_digestedIndex != document.Envelope.Index)
        {
            // Offsets of the document before something in it was decrypted.
            _digests.Clear();
            _digestedIndex = document.Envelope.Index;
        }

        foreach (var known in _digests)
        {
            if (known.Start == target.Start && known.Digest == digest && known.Canonicalization == reference.Canonicalization
                && known.Prefixes.Prefixes.SequenceEqual(reference.Prefixes.Prefixes))
            {
                return known.Value;
            }
        }

        // References to nested elements could have the same octets hashed over and over.
        _hashed += target.End - target.Start;
        if (_hashed > (4L * document.Envelope.Source.Length) + (1 << 20))
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, "The signatures cover the same content too often.");
        }

        using var hash = digest.CreateHash();
        using var sink = new HashSink(hash, target.Index.Utf8);
        reference.Canonicalization.Canonicalize(target, reference.Prefixes, default, sink);
        var value = sink.GetHashAndReset();
        _digests.Add(new KnownDigest(target.Start, digest, reference.Canonicalization, reference.Prefixes, value));
        return value;
    }

    // SOAP Message Security 1.1.1, section 8.3: the token stands for the reference to it.
    private (byte[] Digest, XmlElement Covered, CertificateEntry? Named) DigestToken(XmlElement target, ParsedReference reference, DigestAlgorithm digest)
    {
        if (!target.Is("SecurityTokenReference"u8, Wsse.Namespace))
        {
            throw new WsSecurityException(SecurityFailure.InvalidSignatureStructure, "An STR-Transform is applied to something else than a SecurityTokenReference.");
        }

        var tokenReference = SecurityTokenReference.Read(target);

        // An assertion is covered whether it names a key or not; nothing is decrypted for that.
        var (key, token) = keys.FindAssertion(tokenReference, target) is { IsNone: false } assertion ? (null, assertion) : keys.Resolve(tokenReference, target);
        if (!token.IsNone)
        {
            return (digest.Hash(TokenOctets.OfElement(token, reference.Canonicalization, reference.Prefixes).Span), token, null);
        }

        if (key is CertificateKey { Certificate: var certificate })
        {
            return (digest.Hash(TokenOctets.OfCertificate(System.Text.Encoding.UTF8.GetString(target.Prefix), certificate.Raw.Span).Span), target, certificate);
        }

        throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "An STR-Transform leads to a token that has no octets.");
    }

    private readonly record struct KnownDigest(
        int Start, DigestAlgorithm Digest, CanonicalizationMethod Canonicalization, PrefixList Prefixes, byte[] Value);
}
