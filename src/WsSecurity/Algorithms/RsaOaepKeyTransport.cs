using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// RSAES-OAEP (XML Encryption 1.1 section 5.5.2, RFC 8017 section 7.1). The platform does it where digest and MGF use one hash and
/// the label is empty. Everything else (a SHA-256 digest beside MGF1 with SHA-1 is what Java writes by default) is done here, for
/// decryption with private keys that can be exported.
/// </summary>
internal sealed class RsaOaepKeyTransport : KeyTransportAlgorithm
{
    private readonly MaskGenerationFunction? _fixedMask;

    public RsaOaepKeyTransport(string uri, string name, MaskGenerationFunction? fixedMask)
        : base(uri, name) => _fixedMask = fixedMask;

    public override bool IsOaep => true;

    public override bool Supports(OaepParameters parameters) => _fixedMask is null || parameters.MaskGeneration == _fixedMask;

    private protected override int GetMaxKeyLength(RSA publicKey, OaepParameters parameters) =>
        OaepEncoding.GetMaxMessageLength((publicKey.KeySize + 7) / 8, parameters);

    private protected override byte[] EncryptCore(RSA publicKey, ReadOnlySpan<byte> contentEncryptionKey, OaepParameters parameters)
    {
        if (PlatformPadding(parameters) is { } padding)
        {
            return publicKey.Encrypt(contentEncryptionKey, padding);
        }

        var encoded = new byte[(publicKey.KeySize + 7) / 8];
        OaepEncoding.Encode(contentEncryptionKey, parameters, encoded);
        var cipherValue = RawRsa.Encrypt(publicKey, encoded);
        CryptographicOperations.ZeroMemory(encoded);
        return cipherValue;
    }

    private protected override byte[]? TryDecryptCore(RSA privateKey, ReadOnlySpan<byte> cipherValue, OaepParameters parameters)
    {
        if (PlatformPadding(parameters) is { } padding)
        {
            return TryDecryptByPlatform(privateKey, cipherValue, padding);
        }

        var key = ExportPrivateKey(privateKey, parameters);
        try
        {
            if (RawRsa.TryDecrypt(key, cipherValue) is not { } encoded)
            {
                return null;
            }

            var decoded = OaepEncoding.TryDecode(encoded, parameters);
            CryptographicOperations.ZeroMemory(encoded);
            return decoded;
        }
        finally
        {
            Zero(key);
        }
    }

    private static RSAEncryptionPadding? PlatformPadding(OaepParameters parameters) =>
        parameters.Digest == parameters.MaskGeneration.Digest && parameters.Label.IsEmpty
            ? RSAEncryptionPadding.CreateOaep(parameters.Digest.HashAlgorithmName)
            : null;

    private RSAParameters ExportPrivateKey(RSA privateKey, OaepParameters parameters)
    {
        try
        {
            return privateKey.ExportParameters(includePrivateParameters: true);
        }
        catch (Exception exception) when (exception is CryptographicException or NotSupportedException)
        {
            throw new WsSecurityException(
                SecurityFailure.KeyTransportAlgorithmNotAllowed,
                $"{Name} with {parameters} needs a private key that can be exported; this one cannot. "
                    + "Let the peer use one hash for digest and MGF, and no OAEPparams.",
                exception);
        }
    }

    private static void Zero(RSAParameters key)
    {
        CryptographicOperations.ZeroMemory(key.D);
        CryptographicOperations.ZeroMemory(key.P);
        CryptographicOperations.ZeroMemory(key.Q);
        CryptographicOperations.ZeroMemory(key.DP);
        CryptographicOperations.ZeroMemory(key.DQ);
        CryptographicOperations.ZeroMemory(key.InverseQ);
    }
}
