using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// ECDSA (XML Signature 1.1 section 6.4.3). The value is r and s side by side, each as long as the curve's order. That is what is
/// written; on the way in, both may have more or fewer zeros in front, equally many octets each. The DER form is refused.
/// </summary>
internal sealed class EcdsaSignatureAlgorithm : SignatureAlgorithm
{
    public EcdsaSignatureAlgorithm(SignatureAlgorithmName name, string uri, DigestAlgorithm digest)
        : base(name, uri, SignatureKeyKind.Ecdsa, digest)
    {
    }

    // SignHash and VerifyHash without a format are IEEE P1363, and every derived ECDsa (HSM, key vault, smart card) has them.
    private protected override byte[] SignWith(SignatureKey key, ReadOnlySpan<byte> data) =>
        ((EcdsaSignatureKey)key).Key.SignHash(Digest.Hash(data));

    private protected override bool VerifyWith(SignatureKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var ecdsa = ((EcdsaSignatureKey)key).Key;
        var size = (ecdsa.KeySize + 7) / 8;
        var half = signature.Length / 2;
        var fixedSize = new byte[2 * size];
        if (signature.Length % 2 != 0
            || !TryCopyNumber(signature[..half], fixedSize.AsSpan(0, size))
            || !TryCopyNumber(signature[half..], fixedSize.AsSpan(size)))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[Digest.Size];
        Digest.Hash(data, hash);
        try
        {
            return ecdsa.VerifyHash(hash, fixedSize);
        }
        catch (CryptographicException)
        {
            // Platforms differ in whether r or s out of range is false or an error.
            return false;
        }
    }

    // Java wrote both numbers as long as the longer of the two (with P-521, every fourth signature is too short), others with the
    // zero that keeps them positive in DER. The numbers are the same, and no other value can be made to verify by this.
    private static bool TryCopyNumber(ReadOnlySpan<byte> number, Span<byte> fixedSize)
    {
        number = number.TrimStart((byte)0);
        if (number.Length > fixedSize.Length)
        {
            return false;
        }

        number.CopyTo(fixedSize[^number.Length..]);
        return true;
    }
}
