using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// The algorithm of an EncryptedKey under an RSA key (XML Encryption 1.1 section 5.5).
/// </summary>
/// <remarks>
/// A ciphertext that does not decrypt is never reported: <c>Decrypt</c> then returns a random key, and the failure shows as content
/// that does not decrypt. So an answer does not tell whether padding was right (Bleichenbacher 1998, Manger 2001). What remains is time:
/// the platform reports bad padding by an exception, which costs some microseconds more than success. The recipient answers all
/// decryption failures at one common deadline, which hides that; who calls the engine without that deadline should prefer the suites with
/// RSA-OAEP.
/// </remarks>
internal abstract class KeyTransportAlgorithm
{
    // XML Encryption 1.1, section 5.5.2: the older spelling fixes MGF1 with SHA-1.
    public static readonly KeyTransportAlgorithm RsaOaepMgf1p = new RsaOaepKeyTransport(
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "RSA-OAEP-MGF1P", fixedMask: MaskGenerationFunction.Sha1);

    // XML Encryption 1.1, section 5.5.2: the newer spelling names its MGF.
    public static readonly KeyTransportAlgorithm RsaOaep = new RsaOaepKeyTransport(
        "http://www.w3.org/2009/xmlenc11#rsa-oaep", "RSA-OAEP", fixedMask: null);

    // XML Encryption 1.1, section 5.5.1.
    public static readonly KeyTransportAlgorithm RsaPkcs1 = new RsaPkcs1KeyTransport();

    private protected KeyTransportAlgorithm(string uri, string name)
    {
        Uri = uri;
        Name = name;
    }

    public string Uri { get; }

    public string Name { get; }

    /// <summary>Whether EncryptionMethod may have DigestMethod and OAEPparams.</summary>
    public abstract bool IsOaep { get; }

    /// <summary>Whether the algorithm can be used with these parameters at all.</summary>
    public abstract bool Supports(OaepParameters parameters);

    /// <summary>Encrypts a key for the holder of <paramref name="publicKey"/>.</summary>
    /// <exception cref="InvalidOperationException">
    /// The algorithm does not go with the parameters, or the RSA key is too small for them.
    /// </exception>
    public byte[] Encrypt(RSA publicKey, ReadOnlySpan<byte> contentEncryptionKey, OaepParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        RequireSupport(parameters);
        var maxLength = GetMaxKeyLength(publicKey, parameters);
        return contentEncryptionKey.Length <= maxLength
            ? EncryptCore(publicKey, contentEncryptionKey, parameters)
            : throw new InvalidOperationException(
                $"An RSA key of {publicKey.KeySize} bits is too small for {Name} with {parameters} "
                    + $"and a key of {contentEncryptionKey.Length} octets.");
    }

    /// <summary>Decrypts a key of which the length is known. The caller zeroes it after use.</summary>
    /// <returns>The key, or, where anything is wrong with <paramref name="cipherValue"/>, a random one of that length.</returns>
    /// <inheritdoc cref="Decrypt(RSA, ReadOnlySpan{byte}, OaepParameters, int, int)"/>
    public byte[] Decrypt(RSA privateKey, ReadOnlySpan<byte> cipherValue, OaepParameters parameters, int expectedKeySize) =>
        Decrypt(privateKey, cipherValue, parameters, expectedKeySize, expectedKeySize);

    /// <summary>
    /// Decrypts a key of which the message does not tell the length, as below derived keys. The caller zeroes it after use.
    /// </summary>
    /// <returns>
    /// The key, or, where anything is wrong with <paramref name="cipherValue"/> or the length is not between the two, a random one of
    /// <paramref name="maxKeySize"/> octets.
    /// </returns>
    /// <exception cref="WsSecurityException">
    /// <see cref="SecurityFailure.KeyTransportAlgorithmNotAllowed"/>: the platform has no implementation of this combination of digest,
    /// MGF and label, and the private key cannot be exported to do it here. Decided before the ciphertext is touched.
    /// </exception>
    /// <exception cref="InvalidOperationException">The algorithm does not go with the parameters.</exception>
    public byte[] Decrypt(RSA privateKey, ReadOnlySpan<byte> cipherValue, OaepParameters parameters, int minKeySize, int maxKeySize)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minKeySize);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxKeySize, minKeySize);
        RequireSupport(parameters);

        // Made in any case, so that success does not save the time.
        var substitute = RandomNumberGenerator.GetBytes(maxKeySize);
        var decrypted = TryDecryptCore(privateKey, cipherValue, parameters);
        if (decrypted is null)
        {
            return substitute;
        }

        if (decrypted.Length >= minKeySize && decrypted.Length <= maxKeySize)
        {
            CryptographicOperations.ZeroMemory(substitute);
            return decrypted;
        }

        CryptographicOperations.ZeroMemory(decrypted);
        return substitute;
    }

    public override string ToString() => Name;

    private protected abstract int GetMaxKeyLength(RSA publicKey, OaepParameters parameters);

    private protected abstract byte[] EncryptCore(RSA publicKey, ReadOnlySpan<byte> contentEncryptionKey, OaepParameters parameters);

    /// <summary>Null where the ciphertext does not decrypt.</summary>
    private protected abstract byte[]? TryDecryptCore(RSA privateKey, ReadOnlySpan<byte> cipherValue, OaepParameters parameters);

    /// <summary>The platform's decryption in the one form that every derived RSA (HSM, key vault, smart card) implements.</summary>
    private protected static byte[]? TryDecryptByPlatform(RSA privateKey, ReadOnlySpan<byte> cipherValue, RSAEncryptionPadding padding)
    {
        try
        {
            return privateKey.Decrypt(cipherValue.ToArray(), padding);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private void RequireSupport(OaepParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!Supports(parameters))
        {
            throw new InvalidOperationException($"{Name} does not go with {parameters}.");
        }
    }
}

/// <summary>An EncryptionMethod for keys: the algorithm and the parameters that its children give.</summary>
internal readonly record struct KeyTransportMethod(KeyTransportAlgorithm Algorithm, OaepParameters Parameters);
