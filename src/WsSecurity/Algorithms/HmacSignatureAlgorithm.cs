using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>HMAC (XML Signature 1.1 section 6.3.1), always of the digest's full length (CVE-2009-0217).</summary>
internal sealed class HmacSignatureAlgorithm : SignatureAlgorithm
{
    public HmacSignatureAlgorithm(SignatureAlgorithmName name, string uri, DigestAlgorithm digest)
        : base(name, uri, SignatureKeyKind.Hmac, digest)
    {
    }

    private protected override byte[] SignWith(SignatureKey key, ReadOnlySpan<byte> data) =>
        CryptographicOperations.HmacData(Digest.HashAlgorithmName, ((HmacSignatureKey)key).Key.Span, data);

    private protected override bool VerifyWith(SignatureKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[Digest.Size];
        CryptographicOperations.HmacData(Digest.HashAlgorithmName, ((HmacSignatureKey)key).Key.Span, data, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
