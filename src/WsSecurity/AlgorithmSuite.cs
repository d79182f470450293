using System.Diagnostics.CodeAnalysis;
using WsSecurity.Algorithms;

namespace WsSecurity;

/// <summary>
/// The algorithms of a policy under one name (WS-SecurityPolicy 1.2 section 6.1). A suite allows exactly its algorithms: what a message
/// names and the suite does not list is refused before a key is used.
/// </summary>
/// <value>Policies use <see cref="Basic256GCMSha256"/> unless they say otherwise.</value>
public sealed partial class AlgorithmSuite
{
    private const int MinEcdsaKeySize = 256;

    private readonly DigestAlgorithm[] _oaepDigests;

    private AlgorithmSuite(
        string name,
        DigestAlgorithm digest,
        IReadOnlyList<SignatureAlgorithm> signatureAlgorithms,
        ContentEncryptionAlgorithm contentEncryption,
        IReadOnlyList<KeyTransportAlgorithm> keyTransports,
        bool agreesKeys,
        int signatureDerivedKeyLength,
        (int Min, int Max) rsaKeySize)
    {
        Name = name;
        Digest = digest;
        SignatureAlgorithms = signatureAlgorithms;
        ContentEncryption = contentEncryption;
        KeyTransports = keyTransports;
        KeyWrap = AlgorithmRegistry.KeyWraps.First(wrap => wrap.KeySize == contentEncryption.KeySize && (wrap == KeyWrapAlgorithm.TripleDes) == (contentEncryption == ContentEncryptionAlgorithm.TripleDesCbc));
        AgreesKeys = agreesKeys;
        SignatureDerivedKeyLength = signatureDerivedKeyLength;
        (MinRsaKeySize, MaxRsaKeySize) = rsaKeySize;
        _oaepDigests = [DigestAlgorithm.Sha1, digest];
        Weaknesses = [.. FindWeaknesses()];
    }

    /// <summary>The canonical name, as in WS-SecurityPolicy or in CXF's or our extension of it.</summary>
    public string Name { get; }

    /// <summary>Whether any algorithm of the suite is weak; <see cref="Weaknesses"/> says which.</summary>
    public bool UsesWeakAlgorithms => Weaknesses.Count > 0;

    /// <summary>What is weak about the suite, a sentence each, for a log; empty for suites that have nothing weak.</summary>
    public IReadOnlyList<string> Weaknesses { get; }

    // What we write

    internal DigestAlgorithm Digest { get; }

    internal ContentEncryptionAlgorithm ContentEncryption { get; }

    /// <summary>The key transport that is written: the one that reaches most peers, with its defaults.</summary>
    internal KeyTransportMethod KeyTransport => new(KeyTransports[0], OaepParameters.Default);

    // What we accept

    /// <summary>At most one for each kind of key.</summary>
    internal IReadOnlyList<SignatureAlgorithm> SignatureAlgorithms { get; }

    internal IReadOnlyList<KeyTransportAlgorithm> KeyTransports { get; }

    /// <summary>The one key wrap, of the length of the content's key (WS-SecurityPolicy 1.3, section 6.1: Sym KW).</summary>
    internal KeyWrapAlgorithm KeyWrap { get; }

    /// <summary>Whether keys are agreed on (ECDH-ES) where a certificate has an elliptic curve's key.</summary>
    internal bool AgreesKeys { get; }

    // Key lengths; octets for secrets, bits for RSA, as everybody counts them.

    /// <summary>Octets of a derived key that signs; no HMAC key may be shorter.</summary>
    internal int SignatureDerivedKeyLength { get; }

    /// <summary>Octets of a derived key that encrypts.</summary>
    internal int EncryptionDerivedKeyLength => ContentEncryption.KeySize;

    /// <summary>Octets of a shared secret: what we make, and the least that is accepted.</summary>
    internal int MinSymmetricKeyLength => ContentEncryption.KeySize;

    internal int MaxSymmetricKeyLength { get; } = 32;

    internal int MinRsaKeySize { get; }

    internal int MaxRsaKeySize { get; }

    /// <summary>Finds a suite by its name, in any case.</summary>
    /// <exception cref="ArgumentException">No suite has that name; the message lists those that there are.</exception>
    public static AlgorithmSuite Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryParse(name, out var suite)
            ? suite
            : throw new ArgumentException(
                $"There is no algorithm suite \"{RefusedValue.Show(name)}\". Known: {string.Join(", ", All.Select(known => known.Name))}.",
                nameof(name));
    }

    /// <summary>Finds a suite by its name, in any case.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, [NotNullWhen(true)] out AlgorithmSuite? suite)
    {
        suite = All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return suite is not null;
    }

    /// <summary>The <see cref="Name"/>.</summary>
    public override string ToString() => Name;

    /// <summary>
    /// The algorithm to sign with: the first that the policy lists for that kind of key, else the suite's own.
    /// </summary>
    /// <exception cref="InvalidOperationException">Neither has one for that kind of key.</exception>
    internal SignatureAlgorithm SignatureFor(SignatureKey key, IReadOnlyCollection<SignatureAlgorithmName>? furtherAllowed = null) =>
        Further(furtherAllowed).FirstOrDefault(algorithm => algorithm.KeyKind == key.Kind)
        ?? SignatureAlgorithms.FirstOrDefault(algorithm => algorithm.KeyKind == key.Kind)
        ?? throw new InvalidOperationException(
            $"The algorithm suite {Name} does not sign with a key of kind {key.Kind}. "
                + "List an algorithm for it in the policy's SignatureAlgorithms.");

    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.SignatureAlgorithmNotAllowed"/>.</exception>
    internal SignatureAlgorithm FindSignature(string untrustedUri, IReadOnlyCollection<SignatureAlgorithmName>? furtherAllowed = null) =>
        SignatureAlgorithms.FirstOrDefault(algorithm => algorithm.Uri == untrustedUri)
        ?? Further(furtherAllowed).FirstOrDefault(algorithm => algorithm.Uri == untrustedUri)
        ?? throw Refuse(SecurityFailure.SignatureAlgorithmNotAllowed, "signature algorithm", untrustedUri);

    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.DigestAlgorithmNotAllowed"/>.</exception>
    internal DigestAlgorithm FindDigest(string untrustedUri) =>
        Digest.Uri == untrustedUri
            ? Digest
            : throw Refuse(SecurityFailure.DigestAlgorithmNotAllowed, "digest algorithm", untrustedUri);

    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.EncryptionAlgorithmNotAllowed"/>.</exception>
    internal ContentEncryptionAlgorithm FindContentEncryption(string untrustedUri) =>
        ContentEncryption.Uri == untrustedUri
            ? ContentEncryption
            : throw Refuse(SecurityFailure.EncryptionAlgorithmNotAllowed, "content encryption algorithm", untrustedUri);

    /// <summary>
    /// The key transport that an EncryptionMethod names. Inside OAEP, SHA-1 and the suite's digest are allowed: OAEP does not need
    /// collision resistance.
    /// </summary>
    /// <param name="untrustedUri">EncryptionMethod's Algorithm.</param>
    /// <param name="untrustedDigestUri">DigestMethod; null where there is none, which means SHA-1.</param>
    /// <param name="untrustedMaskUri">MGF; null where there is none, which means MGF1 with SHA-1.</param>
    /// <param name="label">The decoded OAEPparams.</param>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.KeyTransportAlgorithmNotAllowed"/>.</exception>
    internal KeyTransportMethod FindKeyTransport(
        string untrustedUri, string? untrustedDigestUri = null, string? untrustedMaskUri = null, ReadOnlyMemory<byte> label = default)
    {
        const SecurityFailure failure = SecurityFailure.KeyTransportAlgorithmNotAllowed;

        var algorithm = KeyTransports.FirstOrDefault(algorithm => algorithm.Uri == untrustedUri)
            ?? throw Refuse(failure, "key transport algorithm", untrustedUri);
        if (!algorithm.IsOaep)
        {
            // RSA 1.5 has no parameters; what stands there means nothing.
            return new KeyTransportMethod(algorithm, OaepParameters.Default);
        }

        var parameters = new OaepParameters
        {
            Digest = untrustedDigestUri is null
                ? DigestAlgorithm.Sha1
                : _oaepDigests.FirstOrDefault(digest => digest.Uri == untrustedDigestUri)
                    ?? throw Refuse(failure, "digest algorithm inside OAEP", untrustedDigestUri),
            MaskGeneration = untrustedMaskUri is null
                ? MaskGenerationFunction.Sha1
                : AlgorithmRegistry.MaskGenerationFunctions.FirstOrDefault(
                    mask => mask.Uri == untrustedMaskUri && _oaepDigests.Contains(mask.Digest))
                    ?? throw Refuse(failure, "mask generation function", untrustedMaskUri),
            Label = label,
        };

        // Peers disagree on what another MGF beside rsa-oaep-mgf1p means; the specification knows none.
        return algorithm.Supports(parameters)
            ? new KeyTransportMethod(algorithm, parameters)
            : throw Refuse(failure, $"mask generation function beside {algorithm.Name}", untrustedMaskUri!);
    }

    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.KeyTransportAlgorithmNotAllowed"/>.</exception>
    internal KeyWrapAlgorithm FindKeyWrap(string untrustedUri) =>
        KeyWrap.Uri == untrustedUri ? KeyWrap : throw Refuse(SecurityFailure.KeyTransportAlgorithmNotAllowed, "key wrap algorithm", untrustedUri);

    /// <summary>Refuses a key agreement other than ECDH-ES.</summary>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.KeyAgreementNotAllowed"/>.</exception>
    internal void RequireKeyAgreement(string untrustedUri)
    {
        if (!AgreesKeys || untrustedUri != KeyAgreementAlgorithm.EcdhEs)
        {
            throw Refuse(SecurityFailure.KeyAgreementNotAllowed, "key agreement", untrustedUri);
        }
    }

    /// <summary>
    /// How a wrapping key is derived: ConcatKDF or HKDF, with the suite's digest or SHA-256, which is everybody's default.
    /// </summary>
    /// <param name="untrustedUri">KeyDerivationMethod's Algorithm.</param>
    /// <param name="untrustedDigestUri">ConcatKDF's DigestMethod, or HKDF's PRF; null where there is none, which both take for SHA-256.</param>
    /// <param name="otherInfo">ConcatKDF's.</param>
    /// <param name="salt">HKDF's.</param>
    /// <param name="info">HKDF's.</param>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.KeyAgreementNotAllowed"/>.</exception>
    internal KeyDerivationMethod FindKeyDerivation(string untrustedUri, string? untrustedDigestUri, byte[] otherInfo, byte[] salt, byte[] info)
    {
        const SecurityFailure failure = SecurityFailure.KeyAgreementNotAllowed;
        DigestAlgorithm[] digests = [Digest, DigestAlgorithm.Sha256];
        switch (untrustedUri)
        {
            case KeyDerivationMethod.ConcatKdf:
                var digest = untrustedDigestUri is null ? DigestAlgorithm.Sha256 : digests.FirstOrDefault(known => known.Uri == untrustedDigestUri);
                return new ConcatKeyDerivation(digest ?? throw Refuse(failure, "digest algorithm of ConcatKDF", untrustedDigestUri!), otherInfo);
            case KeyDerivationMethod.Hkdf:
                var hmac = untrustedDigestUri is null ? SignatureAlgorithm.HmacSha256
                    : AlgorithmRegistry.Signatures.FirstOrDefault(known => known.KeyKind == SignatureKeyKind.Hmac && known.Uri == untrustedDigestUri && digests.Contains(known.Digest));
                return new HmacKeyDerivation((hmac ?? throw Refuse(failure, "PRF of HKDF", untrustedDigestUri!)).Digest, salt, info);
            default:
                throw Refuse(failure, "key derivation", untrustedUri);
        }
    }

    /// <summary>
    /// Refuses a key that signs outside of the suite's lengths. RSA has both bounds: beyond the upper, verifying becomes an attack on the
    /// processor.
    /// </summary>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.KeyTooWeak"/>.</exception>
    internal void RequireKeyLength(SignatureKey key)
    {
        switch (key.Kind)
        {
            case SignatureKeyKind.Rsa:
                RequireRsaKeyLength(key.KeySize);
                break;
            case SignatureKeyKind.Ecdsa when key.KeySize < MinEcdsaKeySize:
                throw RefuseLength($"ECDSA key of {key.KeySize} bits", $"at least {MinEcdsaKeySize} bits");
            case SignatureKeyKind.Hmac when key.KeySize < SignatureDerivedKeyLength * 8:
                throw RefuseLength($"HMAC key of {key.KeySize} bits", $"at least {SignatureDerivedKeyLength * 8} bits");
        }
    }

    /// <summary>Refuses an RSA key, of signature or key transport, outside of the suite's lengths.</summary>
    /// <param name="bits">The modulus.</param>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.KeyTooWeak"/>.</exception>
    internal void RequireRsaKeyLength(int bits)
    {
        if (bits < MinRsaKeySize || bits > MaxRsaKeySize)
        {
            throw RefuseLength($"RSA key of {bits} bits", $"{MinRsaKeySize} to {MaxRsaKeySize} bits");
        }
    }

    /// <summary>Refuses a shared secret outside of the suite's lengths.</summary>
    /// <param name="octets">Its length.</param>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.KeyTooWeak"/>.</exception>
    internal void RequireSymmetricKeyLength(int octets)
    {
        if (octets < MinSymmetricKeyLength || octets > MaxSymmetricKeyLength)
        {
            throw RefuseLength($"shared secret of {octets * 8} bits", $"{MinSymmetricKeyLength * 8} to {MaxSymmetricKeyLength * 8} bits");
        }
    }

    private static IEnumerable<SignatureAlgorithm> Further(IReadOnlyCollection<SignatureAlgorithmName>? names) =>
        names is null ? [] : names.SelectMany(name => AlgorithmRegistry.Signatures.Where(algorithm => algorithm.Name == name));

    private IEnumerable<string> FindWeaknesses()
    {
        if (Digest == DigestAlgorithm.Sha1)
        {
            yield return "Signatures and digests use SHA-1, for which collisions are practical.";
        }

        if (KeyTransports.Contains(KeyTransportAlgorithm.RsaPkcs1))
        {
            yield return "Keys are transported with RSA 1.5, whose padding is an oracle unless every answer is alike.";
        }

        if (!ContentEncryption.IsAuthenticated)
        {
            yield return "Content is encrypted with CBC, which nothing authenticates before it is decrypted.";
        }

        if (ContentEncryption == ContentEncryptionAlgorithm.TripleDesCbc)
        {
            yield return "Triple DES has blocks of 64 bits, too short for much data under one key.";
        }

        if (MinRsaKeySize < 2048)
        {
            yield return $"RSA keys are accepted from {MinRsaKeySize} bits.";
        }
    }

    private WsSecurityException Refuse(SecurityFailure failure, string what, string untrustedUri) =>
        new(failure, $"The {what} \"{RefusedValue.Show(untrustedUri)}\" is not in the algorithm suite {Name}.");

    private WsSecurityException RefuseLength(string found, string expected) =>
        new(SecurityFailure.KeyTooWeak, $"An {found} is outside of the algorithm suite {Name}, which takes {expected}.");
}
