namespace WsSecurity;

/// <summary>
/// The signature algorithms that a policy can accept beyond those of its <see cref="AlgorithmSuite"/>
/// (XML Signature 1.1 section 6.4, RFC 9231 sections 2.2 and 2.3).
/// </summary>
public enum SignatureAlgorithmName
{
    /// <summary>RSA PKCS#1 v1.5 with SHA-256.</summary>
    RsaSha256,

    /// <summary>RSA PKCS#1 v1.5 with SHA-384.</summary>
    RsaSha384,

    /// <summary>RSA PKCS#1 v1.5 with SHA-512.</summary>
    RsaSha512,

    /// <summary>RSA PKCS#1 v1.5 with SHA-1. Weak: collisions of SHA-1 are practical.</summary>
    RsaSha1,

    /// <summary>RSASSA-PSS with SHA-256 for digest and mask, salt of the digest's length.</summary>
    RsaPssSha256,

    /// <summary>RSASSA-PSS with SHA-384 for digest and mask, salt of the digest's length.</summary>
    RsaPssSha384,

    /// <summary>RSASSA-PSS with SHA-512 for digest and mask, salt of the digest's length.</summary>
    RsaPssSha512,

    /// <summary>ECDSA with SHA-256.</summary>
    EcdsaSha256,

    /// <summary>ECDSA with SHA-384.</summary>
    EcdsaSha384,

    /// <summary>ECDSA with SHA-512.</summary>
    EcdsaSha512,

    /// <summary>ECDSA with SHA-1. Weak: collisions of SHA-1 are practical.</summary>
    EcdsaSha1,

    /// <summary>HMAC with SHA-256.</summary>
    HmacSha256,

    /// <summary>HMAC with SHA-384.</summary>
    HmacSha384,

    /// <summary>HMAC with SHA-512.</summary>
    HmacSha512,

    /// <summary>HMAC with SHA-1. Old, but no attack on it is known: HMAC does not need collision resistance.</summary>
    HmacSha1,
}
