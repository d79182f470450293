using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>AES-GCM (XML Encryption 1.1 section 5.2.4): 96-bit IV, ciphertext, 128-bit tag, no additional data.</summary>
internal sealed class AesGcmContentEncryption : ContentEncryptionAlgorithm
{
    private const int NonceSize = 12;

    // Never shorter: a truncated tag can be forged, and leaks the hash key.
    private const int TagSize = 16;

    public AesGcmContentEncryption(string uri, string name, int keySize)
        : base(uri, name, keySize)
    {
    }

    public override bool IsAuthenticated => true;

    public override int GetCiphertextLength(int plaintextLength) => checked(NonceSize + plaintextLength + TagSize);

    public override int GetMaxPlaintextLength(int ciphertextLength) => Math.Max(0, ciphertextLength - NonceSize - TagSize);

    private protected override void EncryptCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        var nonce = ciphertext[..NonceSize];
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plaintext, ciphertext[NonceSize..^TagSize], ciphertext[^TagSize..]);
    }

    private protected override bool TryDecryptCore(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext, out int written)
    {
        written = plaintext.Length;
        if (ciphertext.Length < NonceSize + TagSize)
        {
            return false;
        }

        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(ciphertext[..NonceSize], ciphertext[NonceSize..^TagSize], ciphertext[^TagSize..], plaintext);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
