namespace WsSecurity.Algorithms;

/// <summary>
/// Every algorithm there is, for suites to choose from and for the contract tests. Deliberately without a lookup by URI: that is the
/// business of <see cref="AlgorithmSuite"/>, which refuses what it does not list.
/// </summary>
internal static class AlgorithmRegistry
{
    public static IReadOnlyList<DigestAlgorithm> Digests { get; } =
        [DigestAlgorithm.Sha1, DigestAlgorithm.Sha256, DigestAlgorithm.Sha384, DigestAlgorithm.Sha512];

    public static IReadOnlyList<SignatureAlgorithm> Signatures { get; } =
    [
        SignatureAlgorithm.RsaSha1, SignatureAlgorithm.RsaSha256, SignatureAlgorithm.RsaSha384, SignatureAlgorithm.RsaSha512,
        SignatureAlgorithm.RsaPssSha256, SignatureAlgorithm.RsaPssSha384, SignatureAlgorithm.RsaPssSha512,
        SignatureAlgorithm.EcdsaSha1, SignatureAlgorithm.EcdsaSha256, SignatureAlgorithm.EcdsaSha384, SignatureAlgorithm.EcdsaSha512,
        SignatureAlgorithm.HmacSha1, SignatureAlgorithm.HmacSha256, SignatureAlgorithm.HmacSha384, SignatureAlgorithm.HmacSha512,
    ];

    public static IReadOnlyList<ContentEncryptionAlgorithm> ContentEncryptions { get; } =
    [
        ContentEncryptionAlgorithm.Aes128Gcm, ContentEncryptionAlgorithm.Aes192Gcm, ContentEncryptionAlgorithm.Aes256Gcm,
        ContentEncryptionAlgorithm.Aes128Cbc, ContentEncryptionAlgorithm.Aes192Cbc, ContentEncryptionAlgorithm.Aes256Cbc,
        ContentEncryptionAlgorithm.TripleDesCbc,
    ];

    public static IReadOnlyList<KeyTransportAlgorithm> KeyTransports { get; } =
        [KeyTransportAlgorithm.RsaOaepMgf1p, KeyTransportAlgorithm.RsaOaep, KeyTransportAlgorithm.RsaPkcs1];

    public static IReadOnlyList<KeyWrapAlgorithm> KeyWraps { get; } =
        [KeyWrapAlgorithm.Aes128, KeyWrapAlgorithm.Aes192, KeyWrapAlgorithm.Aes256, KeyWrapAlgorithm.TripleDes];

    public static IReadOnlyList<MaskGenerationFunction> MaskGenerationFunctions { get; } =
        [MaskGenerationFunction.Sha1, MaskGenerationFunction.Sha256, MaskGenerationFunction.Sha384, MaskGenerationFunction.Sha512];
}
