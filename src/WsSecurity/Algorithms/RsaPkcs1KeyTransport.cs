using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// RSAES-PKCS1-v1_5 (XML Encryption 1.1 section 5.5.1). Weak: the padding can be forged often enough to be an oracle, and only
/// <see cref="KeyTransportAlgorithm.Decrypt(RSA, ReadOnlySpan{byte}, OaepParameters, int)"/> going on with a random key stands against it.
/// </summary>
internal sealed class RsaPkcs1KeyTransport : KeyTransportAlgorithm
{
    // RFC 8017, section 7.2.1: 00 02, at least eight octets of padding, 00.
    private const int Overhead = 11;

    public RsaPkcs1KeyTransport()
        : base("http://www.w3.org/2001/04/xmlenc#rsa-1_5", "RSA 1.5")
    {
    }

    public override bool IsOaep => false;

    public override bool Supports(OaepParameters parameters) => ReferenceEquals(parameters, OaepParameters.Default);

    private protected override int GetMaxKeyLength(RSA publicKey, OaepParameters parameters) => ((publicKey.KeySize + 7) / 8) - Overhead;

    private protected override byte[] EncryptCore(RSA publicKey, ReadOnlySpan<byte> contentEncryptionKey, OaepParameters parameters) =>
        publicKey.Encrypt(contentEncryptionKey, RSAEncryptionPadding.Pkcs1);

    private protected override byte[]? TryDecryptCore(RSA privateKey, ReadOnlySpan<byte> cipherValue, OaepParameters parameters) =>
        TryDecryptByPlatform(privateKey, cipherValue, RSAEncryptionPadding.Pkcs1);
}
