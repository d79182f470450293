using System.Security.Cryptography;

namespace WsSecurity.Tests.Algorithms;

/// <summary>
/// What an HSM, a smart card or a key vault looks like: the least that a derived RSA has to override, and no private export.
/// </summary>
internal sealed class RemoteRsa : RSA
{
    private readonly RSA _device;

    public RemoteRsa(RSA device)
    {
        _device = device;
        KeySizeValue = device.KeySize;
    }

    public override RSAParameters ExportParameters(bool includePrivateParameters) => includePrivateParameters
        ? throw new CryptographicException("The private key does not leave the device.")
        : _device.ExportParameters(false);

    public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();

    public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
        _device.SignHash(hash, hashAlgorithm, padding);

    public override bool VerifyHash(byte[] hash, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
        _device.VerifyHash(hash, signature, hashAlgorithm, padding);

    public override byte[] Encrypt(byte[] data, RSAEncryptionPadding padding) => _device.Encrypt(data, padding);

    public override byte[] Decrypt(byte[] data, RSAEncryptionPadding padding) => _device.Decrypt(data, padding);
}

/// <summary>The same for ECDSA.</summary>
internal sealed class RemoteEcdsa : ECDsa
{
    private readonly ECDsa _device;

    public RemoteEcdsa(ECDsa device)
    {
        _device = device;
        KeySizeValue = device.KeySize;
    }

    public override byte[] SignHash(byte[] hash) => _device.SignHash(hash);

    public override bool VerifyHash(byte[] hash, byte[] signature) => _device.VerifyHash(hash, signature);
}
