using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

internal enum SignatureKeyKind
{
    Rsa,
    Ecdsa,
    Hmac,
}

/// <summary>A key that signs or verifies. Whoever made it owns the handle or the octets: nothing here disposes or zeroes them.</summary>
internal abstract class SignatureKey
{
    private protected SignatureKey(SignatureKeyKind kind) => Kind = kind;

    public SignatureKeyKind Kind { get; }

    /// <summary>Bits.</summary>
    public abstract int KeySize { get; }
}

/// <summary>Any <see cref="RSA"/>: in memory, on a smart card, in an HSM or a key vault. Verifying needs the public part only.</summary>
internal sealed class RsaSignatureKey : SignatureKey
{
    public RsaSignatureKey(RSA key)
        : base(SignatureKeyKind.Rsa)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    public RSA Key { get; }

    public override int KeySize => Key.KeySize;
}

/// <summary>Any <see cref="ECDsa"/>: in memory, on a smart card, in an HSM or a key vault. Verifying needs the public part only.</summary>
internal sealed class EcdsaSignatureKey : SignatureKey
{
    public EcdsaSignatureKey(ECDsa key)
        : base(SignatureKeyKind.Ecdsa)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    public ECDsa Key { get; }

    public override int KeySize => Key.KeySize;
}

/// <summary>A shared secret; the memory is used in place, so that its owner can zero it.</summary>
internal sealed class HmacSignatureKey : SignatureKey
{
    public HmacSignatureKey(ReadOnlyMemory<byte> key)
        : base(SignatureKeyKind.Hmac)
    {
        if (key.IsEmpty)
        {
            throw new ArgumentException("An HMAC key cannot be empty.", nameof(key));
        }

        Key = key;
    }

    public ReadOnlyMemory<byte> Key { get; }

    public override int KeySize => Key.Length * 8;
}
