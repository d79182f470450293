using System.Runtime.CompilerServices;
using WsSecurity.Algorithms;
using Cipher = WsSecurity.Algorithms.ContentEncryptionAlgorithm;

namespace WsSecurity;

/// <content>The suites, each under its name.</content>
public sealed partial class AlgorithmSuite
{
    private static readonly KeyTransportAlgorithm[] BothOaep = [KeyTransportAlgorithm.RsaOaepMgf1p, KeyTransportAlgorithm.RsaOaep];
    private static readonly KeyTransportAlgorithm[] OaepMgf1p = [KeyTransportAlgorithm.RsaOaepMgf1p];
    private static readonly KeyTransportAlgorithm[] Rsa15 = [KeyTransportAlgorithm.RsaPkcs1];

    // Ours. AES-GCM, one SHA-2 digest throughout; RSA, ECDSA or HMAC, RSA-OAEP or ECDH-ES, as the key is.

    /// <summary>AES-256-GCM, SHA-256, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic256GCMSha256 { get; } = Modern(Cipher.Aes256Gcm, DigestAlgorithm.Sha256);

    /// <summary>AES-256-GCM, SHA-384, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic256GCMSha384 { get; } = Modern(Cipher.Aes256Gcm, DigestAlgorithm.Sha384);

    /// <summary>AES-256-GCM, SHA-512, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic256GCMSha512 { get; } = Modern(Cipher.Aes256Gcm, DigestAlgorithm.Sha512);

    /// <summary>AES-192-GCM, SHA-256, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic192GCMSha256 { get; } = Modern(Cipher.Aes192Gcm, DigestAlgorithm.Sha256);

    /// <summary>AES-192-GCM, SHA-384, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic192GCMSha384 { get; } = Modern(Cipher.Aes192Gcm, DigestAlgorithm.Sha384);

    /// <summary>AES-192-GCM, SHA-512, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic192GCMSha512 { get; } = Modern(Cipher.Aes192Gcm, DigestAlgorithm.Sha512);

    /// <summary>AES-128-GCM, SHA-256, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic128GCMSha256 { get; } = Modern(Cipher.Aes128Gcm, DigestAlgorithm.Sha256);

    /// <summary>AES-128-GCM, SHA-384, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic128GCMSha384 { get; } = Modern(Cipher.Aes128Gcm, DigestAlgorithm.Sha384);

    /// <summary>AES-128-GCM, SHA-512, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic128GCMSha512 { get; } = Modern(Cipher.Aes128Gcm, DigestAlgorithm.Sha512);

    // WS-SecurityPolicy 1.2 and 1.3, section 6.1. Its *Sha256 suites sign with SHA-256, as WCF reads them.

    /// <summary>AES-256-CBC, SHA-1, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic256 { get; } = SecurityPolicy(Cipher.Aes256Cbc, DigestAlgorithm.Sha1, OaepMgf1p);

    /// <summary>AES-256-CBC, SHA-1, RSA 1.5.</summary>
    public static AlgorithmSuite Basic256Rsa15 { get; } = SecurityPolicy(Cipher.Aes256Cbc, DigestAlgorithm.Sha1, Rsa15);

    /// <summary>AES-256-CBC, SHA-256, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic256Sha256 { get; } = SecurityPolicy(Cipher.Aes256Cbc, DigestAlgorithm.Sha256, OaepMgf1p);

    /// <summary>AES-256-CBC, SHA-256, RSA 1.5.</summary>
    public static AlgorithmSuite Basic256Sha256Rsa15 { get; } = SecurityPolicy(Cipher.Aes256Cbc, DigestAlgorithm.Sha256, Rsa15);

    /// <summary>AES-192-CBC, SHA-1, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic192 { get; } = SecurityPolicy(Cipher.Aes192Cbc, DigestAlgorithm.Sha1, OaepMgf1p);

    /// <summary>AES-192-CBC, SHA-1, RSA 1.5.</summary>
    public static AlgorithmSuite Basic192Rsa15 { get; } = SecurityPolicy(Cipher.Aes192Cbc, DigestAlgorithm.Sha1, Rsa15);

    /// <summary>AES-192-CBC, SHA-256, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic192Sha256 { get; } = SecurityPolicy(Cipher.Aes192Cbc, DigestAlgorithm.Sha256, OaepMgf1p);

    /// <summary>AES-192-CBC, SHA-256, RSA 1.5.</summary>
    public static AlgorithmSuite Basic192Sha256Rsa15 { get; } = SecurityPolicy(Cipher.Aes192Cbc, DigestAlgorithm.Sha256, Rsa15);

    /// <summary>AES-128-CBC, SHA-1, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic128 { get; } = SecurityPolicy(Cipher.Aes128Cbc, DigestAlgorithm.Sha1, OaepMgf1p);

    /// <summary>AES-128-CBC, SHA-1, RSA 1.5.</summary>
    public static AlgorithmSuite Basic128Rsa15 { get; } = SecurityPolicy(Cipher.Aes128Cbc, DigestAlgorithm.Sha1, Rsa15);

    /// <summary>AES-128-CBC, SHA-256, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic128Sha256 { get; } = SecurityPolicy(Cipher.Aes128Cbc, DigestAlgorithm.Sha256, OaepMgf1p);

    /// <summary>AES-128-CBC, SHA-256, RSA 1.5.</summary>
    public static AlgorithmSuite Basic128Sha256Rsa15 { get; } = SecurityPolicy(Cipher.Aes128Cbc, DigestAlgorithm.Sha256, Rsa15);

    /// <summary>Triple DES-CBC, SHA-1, RSA-OAEP.</summary>
    public static AlgorithmSuite TripleDes { get; } = SecurityPolicy(Cipher.TripleDesCbc, DigestAlgorithm.Sha1, OaepMgf1p);

    /// <summary>Triple DES-CBC, SHA-1, RSA 1.5.</summary>
    public static AlgorithmSuite TripleDesRsa15 { get; } = SecurityPolicy(Cipher.TripleDesCbc, DigestAlgorithm.Sha1, Rsa15);

    /// <summary>Triple DES-CBC, SHA-256, RSA-OAEP.</summary>
    public static AlgorithmSuite TripleDesSha256 { get; } = SecurityPolicy(Cipher.TripleDesCbc, DigestAlgorithm.Sha256, OaepMgf1p);

    /// <summary>Triple DES-CBC, SHA-256, RSA 1.5.</summary>
    public static AlgorithmSuite TripleDesSha256Rsa15 { get; } = SecurityPolicy(Cipher.TripleDesCbc, DigestAlgorithm.Sha256, Rsa15);

    // Apache CXF's own, in its namespace http://cxf.apache.org/custom/security-policy.

    /// <summary>CXF's: AES-256-GCM, SHA-1, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic256GCM { get; } = Cxf(Cipher.Aes256Gcm, DigestAlgorithm.Sha1, BothOaep);

    /// <summary>CXF's: AES-192-GCM, SHA-1, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic192GCM { get; } = Cxf(Cipher.Aes192Gcm, DigestAlgorithm.Sha1, BothOaep);

    /// <summary>CXF's: AES-128-GCM, SHA-1, RSA-OAEP.</summary>
    public static AlgorithmSuite Basic128GCM { get; } = Cxf(Cipher.Aes128Gcm, DigestAlgorithm.Sha1, BothOaep);

    /// <summary>CXF's: AES-256-GCM, SHA-1, RSA 1.5.</summary>
    public static AlgorithmSuite Basic256GCMRsa15 { get; } = Cxf(Cipher.Aes256Gcm, DigestAlgorithm.Sha1, Rsa15);

    /// <summary>CXF's: AES-192-GCM, SHA-1, RSA 1.5.</summary>
    public static AlgorithmSuite Basic192GCMRsa15 { get; } = Cxf(Cipher.Aes192Gcm, DigestAlgorithm.Sha1, Rsa15);

    /// <summary>CXF's: AES-128-GCM, SHA-1, RSA 1.5.</summary>
    public static AlgorithmSuite Basic128GCMRsa15 { get; } = Cxf(Cipher.Aes128Gcm, DigestAlgorithm.Sha1, Rsa15);

    /// <summary>CXF's: AES-256-GCM, SHA-256, RSA 1.5.</summary>
    public static AlgorithmSuite Basic256GCMSha256Rsa15 { get; } = Cxf(Cipher.Aes256Gcm, DigestAlgorithm.Sha256, Rsa15);

    /// <summary>CXF's: AES-192-GCM, SHA-256, RSA 1.5.</summary>
    public static AlgorithmSuite Basic192GCMSha256Rsa15 { get; } = Cxf(Cipher.Aes192Gcm, DigestAlgorithm.Sha256, Rsa15);

    /// <summary>CXF's: AES-128-GCM, SHA-256, RSA 1.5.</summary>
    public static AlgorithmSuite Basic128GCMSha256Rsa15 { get; } = Cxf(Cipher.Aes128Gcm, DigestAlgorithm.Sha256, Rsa15);

    /// <summary>All suites.</summary>
    public static IReadOnlyList<AlgorithmSuite> All { get; } =
    [
        Basic256GCMSha256, Basic256GCMSha384, Basic256GCMSha512,
        Basic192GCMSha256, Basic192GCMSha384, Basic192GCMSha512,
        Basic128GCMSha256, Basic128GCMSha384, Basic128GCMSha512,
        Basic256, Basic256Rsa15, Basic256Sha256, Basic256Sha256Rsa15,
        Basic192, Basic192Rsa15, Basic192Sha256, Basic192Sha256Rsa15,
        Basic128, Basic128Rsa15, Basic128Sha256, Basic128Sha256Rsa15,
        TripleDes, TripleDesRsa15, TripleDesSha256, TripleDesSha256Rsa15,
        Basic256GCM, Basic192GCM, Basic128GCM,
        Basic256GCMRsa15, Basic192GCMRsa15, Basic128GCMRsa15,
        Basic256GCMSha256Rsa15, Basic192GCMSha256Rsa15, Basic128GCMSha256Rsa15,
    ];

    private static AlgorithmSuite Modern(Cipher cipher, DigestAlgorithm digest, [CallerMemberName] string name = "") => new(
        name,
        digest,
        SignaturesWith(digest, ecdsa: true),
        cipher,
        BothOaep,
        agreesKeys: true,
        signatureDerivedKeyLength: cipher.KeySize,
        rsaKeySize: (2048, 8192));

    private static AlgorithmSuite SecurityPolicy(
        Cipher cipher, DigestAlgorithm digest, KeyTransportAlgorithm[] keyTransports, [CallerMemberName] string name = "") => new(
            name,
            digest,
            SignaturesWith(digest, ecdsa: false),
            cipher,
            keyTransports,
            agreesKeys: false,
            signatureDerivedKeyLength: Math.Min(cipher.KeySize, 24),
            rsaKeySize: (1024, 4096));

    // CXF permits RSA from 1,024 bits here as well; nothing that knows AES-GCM needs that.
    private static AlgorithmSuite Cxf(
        Cipher cipher, DigestAlgorithm digest, KeyTransportAlgorithm[] keyTransports, [CallerMemberName] string name = "") => new(
            name,
            digest,
            SignaturesWith(digest, ecdsa: false),
            cipher,
            keyTransports,
            agreesKeys: false,
            signatureDerivedKeyLength: Math.Min(cipher.KeySize, 24),
            rsaKeySize: (2048, 8192));

    private static SignatureAlgorithm[] SignaturesWith(DigestAlgorithm digest, bool ecdsa) =>
        [.. AlgorithmRegistry.Signatures.Where(algorithm =>
            algorithm.Digest == digest
            && !algorithm.IsPss
            && (ecdsa || algorithm.KeyKind != SignatureKeyKind.Ecdsa))];
}
