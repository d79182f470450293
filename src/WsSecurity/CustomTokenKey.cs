using System.Security.Cryptography;
using WsSecurity.Algorithms;

namespace WsSecurity;

/// <summary>The key that a custom token brings: what its sender proves to hold when the token endorses.</summary>
public sealed class CustomTokenKey
{
    private CustomTokenKey(SignatureKey key, byte[] identity)
    {
        Key = key;
        Identity = identity;
    }

    internal SignatureKey Key { get; }

    /// <summary>What makes it this key: the public key, or the hash of the secret.</summary>
    internal byte[] Identity { get; }

    /// <summary>An RSA key: private to send, public to receive.</summary>
    /// <param name="key">The key; it is used in place.</param>
    public static CustomTokenKey Of(RSA key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new CustomTokenKey(new RsaSignatureKey(key), key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>An ECDSA key: private to send, public to receive.</summary>
    /// <param name="key">The key; it is used in place.</param>
    public static CustomTokenKey Of(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new CustomTokenKey(new EcdsaSignatureKey(key), key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>A secret that both sides have.</summary>
    /// <param name="secret">The secret; it is copied.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static CustomTokenKey OfSecret(ReadOnlySpan<byte> secret) => new(new HmacSignatureKey(secret.ToArray()), SHA256.HashData(secret));
}
