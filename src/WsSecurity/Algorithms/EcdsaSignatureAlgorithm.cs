using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// ECDSA (XML Signature 1.1 section 6.4.3). The value is r and s side by side, each as long as the
/// curve's order; the DER form, which some old peers wrote, is refused.
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
        if (signature.Length != 2 * ((ecdsa.KeySize + 7) / 8))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[Digest.Size];
        Digest.Hash(data, hash);
        try
        {
            return ecdsa.VerifyHash(hash, signature);
        }
        catch (CryptographicException)
        {
            // Platforms differ in whether r or s out of range is false or an error.
            return false;
        }
    }
}
