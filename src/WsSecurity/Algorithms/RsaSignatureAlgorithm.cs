using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// RSASSA-PKCS1-v1_5 and RSASSA-PSS. The platform's PSS is the one of RFC 9231: MGF1 with the digest itself, a salt of its length,
/// trailer BC.
/// </summary>
internal sealed class RsaSignatureAlgorithm : SignatureAlgorithm
{
    private readonly RSASignaturePadding _padding;

    public RsaSignatureAlgorithm(SignatureAlgorithmName name, string uri, DigestAlgorithm digest, RSASignaturePadding padding)
        : base(name, uri, SignatureKeyKind.Rsa, digest) => _padding = padding;

    public override bool IsPss => _padding == RSASignaturePadding.Pss;

    // Hashing here and handing the hash over is the one form that every derived RSA (HSM, key vault, smart card) implements.
    private protected override byte[] SignWith(SignatureKey key, ReadOnlySpan<byte> data) =>
        ((RsaSignatureKey)key).Key.SignHash(Digest.Hash(data), Digest.HashAlgorithmName, _padding);

    private protected override bool VerifyWith(SignatureKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var rsa = ((RsaSignatureKey)key).Key;
        if (signature.Length != (rsa.KeySize + 7) / 8)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[Digest.Size];
        Digest.Hash(data, hash);
        try
        {
            return rsa.VerifyHash(hash, signature, Digest.HashAlgorithmName, _padding);
        }
        catch (CryptographicException)
        {
            // Platforms differ in whether a signature not below the modulus is false or an error.
            return false;
        }
    }
}
