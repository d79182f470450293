using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>A signature algorithm of SignatureMethod (XML Signature 1.1 section 6.4).</summary>
internal abstract class SignatureAlgorithm
{
    // RSASSA-PKCS1-v1_5: XML Signature 1.1, section 6.4.2.
    public static readonly SignatureAlgorithm RsaSha1 = new RsaSignatureAlgorithm(
        SignatureAlgorithmName.RsaSha1,
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        DigestAlgorithm.Sha1,
        RSASignaturePadding.Pkcs1);

    public static readonly SignatureAlgorithm RsaSha256 = new RsaSignatureAlgorithm(
        SignatureAlgorithmName.RsaSha256,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        DigestAlgorithm.Sha256,
        RSASignaturePadding.Pkcs1);

    public static readonly SignatureAlgorithm RsaSha384 = new RsaSignatureAlgorithm(
        SignatureAlgorithmName.RsaSha384,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        DigestAlgorithm.Sha384,
        RSASignaturePadding.Pkcs1);

    public static readonly SignatureAlgorithm RsaSha512 = new RsaSignatureAlgorithm(
        SignatureAlgorithmName.RsaSha512,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        DigestAlgorithm.Sha512,
        RSASignaturePadding.Pkcs1);

    // RSASSA-PSS without parameters: RFC 9231, section 2.3.10.
    public static readonly SignatureAlgorithm RsaPssSha256 = new RsaSignatureAlgorithm(
        SignatureAlgorithmName.RsaPssSha256,
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        DigestAlgorithm.Sha256,
        RSASignaturePadding.Pss);

    public static readonly SignatureAlgorithm RsaPssSha384 = new RsaSignatureAlgorithm(
        SignatureAlgorithmName.RsaPssSha384,
        "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
        DigestAlgorithm.Sha384,
        RSASignaturePadding.Pss);

    public static readonly SignatureAlgorithm RsaPssSha512 = new RsaSignatureAlgorithm(
        SignatureAlgorithmName.RsaPssSha512,
        "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
        DigestAlgorithm.Sha512,
        RSASignaturePadding.Pss);

    // ECDSA: XML Signature 1.1, section 6.4.3.
    public static readonly SignatureAlgorithm EcdsaSha1 = new EcdsaSignatureAlgorithm(
        SignatureAlgorithmName.EcdsaSha1,
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
        DigestAlgorithm.Sha1);

    public static readonly SignatureAlgorithm EcdsaSha256 = new EcdsaSignatureAlgorithm(
        SignatureAlgorithmName.EcdsaSha256,
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        DigestAlgorithm.Sha256);

    public static readonly SignatureAlgorithm EcdsaSha384 = new EcdsaSignatureAlgorithm(
        SignatureAlgorithmName.EcdsaSha384,
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        DigestAlgorithm.Sha384);

    public static readonly SignatureAlgorithm EcdsaSha512 = new EcdsaSignatureAlgorithm(
        SignatureAlgorithmName.EcdsaSha512,
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
        DigestAlgorithm.Sha512);

    // HMAC: XML Signature 1.1, section 6.3.1.
    public static readonly SignatureAlgorithm HmacSha1 = new HmacSignatureAlgorithm(
        SignatureAlgorithmName.HmacSha1,
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        DigestAlgorithm.Sha1);

    public static readonly SignatureAlgorithm HmacSha256 = new HmacSignatureAlgorithm(
        SignatureAlgorithmName.HmacSha256,
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        DigestAlgorithm.Sha256);

    public static readonly SignatureAlgorithm HmacSha384 = new HmacSignatureAlgorithm(
        SignatureAlgorithmName.HmacSha384,
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha384",
        DigestAlgorithm.Sha384);

    public static readonly SignatureAlgorithm HmacSha512 = new HmacSignatureAlgorithm(
        SignatureAlgorithmName.HmacSha512,
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512",
        DigestAlgorithm.Sha512);

    private protected SignatureAlgorithm(SignatureAlgorithmName name, string uri, SignatureKeyKind keyKind, DigestAlgorithm digest)
    {
        Name = name;
        Uri = uri;
        KeyKind = keyKind;
        Digest = digest;
    }

    public SignatureAlgorithmName Name { get; }

    public string Uri { get; }

    public SignatureKeyKind KeyKind { get; }

    /// <summary>The digest inside the signature; what the references use is another choice.</summary>
    public DigestAlgorithm Digest { get; }

    public bool IsSha1 => Digest == DigestAlgorithm.Sha1;

    public virtual bool IsPss => false;

    /// <summary>Signs the octets of the canonical SignedInfo.</summary>
    /// <exception cref="InvalidOperationException">The key is of another kind: the caller's mistake.</exception>
    public byte[] Sign(SignatureKey key, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Kind == KeyKind
            ? SignWith(key, data)
            : throw new InvalidOperationException($"The signature algorithm {Name} does not sign with a key of kind {key.Kind}.");
    }

    /// <summary>Whether the signature fits. A signature of the wrong length or form is one that does not fit.</summary>
    /// <exception cref="WsSecurityException">
    /// <see cref="SecurityFailure.SignatureAlgorithmNotAllowed"/>: the key is of another kind, a choice of the peer, who names both. In
    /// particular no public key can be used as an HMAC secret.
    /// </exception>
    public bool Verify(SignatureKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Kind == KeyKind
            ? VerifyWith(key, data, signature)
            : throw new WsSecurityException(
                SecurityFailure.SignatureAlgorithmNotAllowed,
                $"The message names the signature algorithm {Name} together with a key of kind {key.Kind}.");
    }

    public override string ToString() => Name.ToString();

    private protected abstract byte[] SignWith(SignatureKey key, ReadOnlySpan<byte> data);

    private protected abstract bool VerifyWith(SignatureKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
