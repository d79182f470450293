using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// The algorithm of an EncryptedData (XML Encryption 1.1 section 5.2): octets in, CipherValue's octets out, the random
/// initialization vector in front.
/// </summary>
internal abstract class ContentEncryptionAlgorithm
{
    // XML Encryption 1.1, section 5.2.4.
    public static readonly ContentEncryptionAlgorithm Aes128Gcm =
        new AesGcmContentEncryption("http://www.w3.org/2009/xmlenc11#aes128-gcm", "AES-128-GCM", 16);

    public static readonly ContentEncryptionAlgorithm Aes192Gcm =
        new AesGcmContentEncryption("http://www.w3.org/2009/xmlenc11#aes192-gcm", "AES-192-GCM", 24);

    public static readonly ContentEncryptionAlgorithm Aes256Gcm =
        new AesGcmContentEncryption("http://www.w3.org/2009/xmlenc11#aes256-gcm", "AES-256-GCM", 32);

    // XML Encryption 1.1, section 5.2.2.
    public static readonly ContentEncryptionAlgorithm Aes128Cbc =
        new CbcContentEncryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "AES-128-CBC", 16, 16, Aes.Create);

    public static readonly ContentEncryptionAlgorithm Aes192Cbc =
        new CbcContentEncryption("http://www.w3.org/2001/04/xmlenc#aes192-cbc", "AES-192-CBC", 24, 16, Aes.Create);

    public static readonly ContentEncryptionAlgorithm Aes256Cbc =
        new CbcContentEncryption("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "AES-256-CBC", 32, 16, Aes.Create);

    // XML Encryption 1.1, section 5.2.1: 192 bits, parity included.
    public static readonly ContentEncryptionAlgorithm TripleDesCbc =
        new CbcContentEncryption("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", "Triple DES-CBC", 24, 8, TripleDES.Create);

    private protected ContentEncryptionAlgorithm(string uri, string name, int keySize)
    {
        Uri = uri;
        Name = name;
        KeySize = keySize;
    }

    public string Uri { get; }

    public string Name { get; }

    /// <summary>Octets.</summary>
    public int KeySize { get; }

    /// <summary>Whether decrypting proves that the ciphertext is as it was written (by a holder of the key).</summary>
    public abstract bool IsAuthenticated { get; }

    /// <summary>What <see cref="Encrypt"/> writes for this many octets, exactly.</summary>
    public abstract int GetCiphertextLength(int plaintextLength);

    /// <summary>What <see cref="Decrypt"/> needs for this many octets; 0 where the ciphertext is too short to be one.</summary>
    public abstract int GetMaxPlaintextLength(int ciphertextLength);

    /// <summary>Encrypts under a fresh random initialization vector.</summary>
    /// <param name="key"><see cref="KeySize"/> octets.</param>
    /// <param name="plaintext">May be empty.</param>
    /// <param name="destination">Gets <see cref="GetCiphertextLength"/> octets; may be longer, may not overlap the plaintext.</param>
    /// <exception cref="ArgumentException">The key has another size, or the destination is too small.</exception>
    public void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        if (key.Length != KeySize)
        {
            throw new ArgumentException($"{Name} takes a key of {KeySize} octets, not {key.Length}.", nameof(key));
        }

        var length = GetCiphertextLength(plaintext.Length);
        if (destination.Length < length)
        {
            throw new ArgumentException(
                $"The ciphertext has {length} octets, the destination {destination.Length}.", nameof(destination));
        }

        EncryptCore(key, plaintext, destination[..length]);
    }

    /// <summary>Decrypts. After a failure the destination holds zeros, never a part of the plaintext.</summary>
    /// <param name="key">Of any length; a wrong one is a failure like any other.</param>
    /// <param name="ciphertext">The decoded CipherValue.</param>
    /// <param name="destination">At least <see cref="GetMaxPlaintextLength"/> octets; may not overlap the ciphertext.</param>
    /// <returns>Octets of plaintext in <paramref name="destination"/>.</returns>
    /// <exception cref="WsSecurityException">
    /// <see cref="SecurityFailure.DecryptionFailed"/>, with one message for every reason: key size, length, padding, tag.
    /// </exception>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    /// <remarks>
    /// With CBC the outcome itself tells whether one octet of padding was right; no code can hide that from who sees the
    /// outcome. The messages are alike, and the recipient answers all of them alike and at one common deadline.
    /// </remarks>
    public int Decrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        var maxLength = GetMaxPlaintextLength(ciphertext.Length);
        if (destination.Length < maxLength)
        {
            throw new ArgumentException(
                $"The plaintext may have {maxLength} octets, the destination {destination.Length}.", nameof(destination));
        }

        var plaintext = destination[..maxLength];
        // The key's size can be the peer's doing (the Length of a derived key), so it fails like everything else.
        if (key.Length == KeySize && TryDecryptCore(key, ciphertext, plaintext, out var written))
        {
            return written;
        }

        CryptographicOperations.ZeroMemory(plaintext);
        throw new WsSecurityException(SecurityFailure.DecryptionFailed, "The content could not be decrypted.");
    }

    public override string ToString() => Name;

    private protected abstract void EncryptCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext);

    private protected abstract bool TryDecryptCore(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext, out int written);
}
