using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// AES-CBC and Triple DES-CBC (XML Encryption 1.1 sections 5.2.1 to 5.2.3): IV, then whole blocks whose last octet counts the octets of
/// padding, itself included; the others are arbitrary.
/// </summary>
internal sealed class CbcContentEncryption : ContentEncryptionAlgorithm
{
    private readonly int _blockSize;
    private readonly Func<SymmetricAlgorithm> _createCipher;

    public CbcContentEncryption(string uri, string name, int keySize, int blockSize, Func<SymmetricAlgorithm> createCipher)
        : base(uri, name, keySize)
    {
        _blockSize = blockSize;
        _createCipher = createCipher;
    }

    public override bool IsAuthenticated => false;

    public override int GetCiphertextLength(int plaintextLength) =>
        checked(_blockSize + plaintextLength + (_blockSize - (plaintextLength % _blockSize)));

    // The padding is decrypted in place too, so its octets are asked for although they are no plaintext.
    public override int GetMaxPlaintextLength(int ciphertextLength) => Math.Max(0, ciphertextLength - _blockSize);

    private protected override void EncryptCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        var initializationVector = ciphertext[.._blockSize];
        RandomNumberGenerator.Fill(initializationVector);
        using var cipher = _createCipher();
        cipher.SetKey(key);
        // ISO 10126 is XML Encryption's padding, with random octets before the count.
        cipher.EncryptCbc(plaintext, initializationVector, ciphertext[_blockSize..], PaddingMode.ISO10126);
    }

    private protected override bool TryDecryptCore(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext, out int written)
    {
        written = 0;
        if (ciphertext.Length < 2 * _blockSize || ciphertext.Length % _blockSize != 0)
        {
            return false;
        }

        try
        {
            using var cipher = _createCipher();
            cipher.SetKey(key);
            cipher.DecryptCbc(ciphertext[_blockSize..], ciphertext[.._blockSize], plaintext, PaddingMode.None);
        }
        catch (CryptographicException)
        {
            // A Triple DES key that the platform knows to be weak.
            return false;
        }

        // The platform's padding check would throw, and differ in time by what it found; here both bounds are one value.
        int padding = plaintext[^1];
        if (((padding - 1) | (_blockSize - padding)) < 0)
        {
            return false;
        }

        written = plaintext.Length - padding;
        plaintext[written..].Clear();
        return true;
    }
}
