using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>How a shared secret that was agreed on becomes a key (XML Encryption 1.1 section 5.4), with the parameters that both parties know.</summary>
internal abstract class KeyDerivationMethod
{
    // XML Encryption 1.1, section 5.4.1.
    public const string ConcatKdf = "http://www.w3.org/2009/xmlenc11#ConcatKDF";

    // RFC 9231 and its successor's namespace of 2021/04.
    public const string Hkdf = "http://www.w3.org/2021/04/xmldsig-more#hkdf";

    private protected KeyDerivationMethod(string uri, DigestAlgorithm digest)
    {
        Uri = uri;
        Digest = digest;
    }

    public string Uri { get; }

    public DigestAlgorithm Digest { get; }

    /// <summary>Derives a key. The caller zeroes it after use.</summary>
    public abstract byte[] Derive(ReadOnlySpan<byte> sharedSecret, int length);
}

/// <summary>ConcatKDF: a digest over a counter, the secret, and OtherInfo (NIST SP 800-56A section 5.8.1).</summary>
internal sealed class ConcatKeyDerivation(DigestAlgorithm digest, ReadOnlyMemory<byte> otherInfo) : KeyDerivationMethod(ConcatKdf, digest)
{
    public override byte[] Derive(ReadOnlySpan<byte> sharedSecret, int length)
    {
        var key = new byte[length];
        Span<byte> counter = stackalloc byte[sizeof(uint)];
        Span<byte> block = stackalloc byte[Digest.Size];
        using var hash = Digest.CreateHash();
        for (var written = 0; written < length; written += Digest.Size)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter, (uint)(written / Digest.Size) + 1);
            hash.AppendData(counter);
            hash.AppendData(sharedSecret);
            hash.AppendData(otherInfo.Span);
            hash.GetHashAndReset(block);
            block[..Math.Min(block.Length, length - written)].CopyTo(key.AsSpan(written));
        }

        CryptographicOperations.ZeroMemory(block);
        return key;
    }
}

/// <summary>HKDF: extract, then expand (RFC 5869).</summary>
internal sealed class HmacKeyDerivation(DigestAlgorithm digest, byte[] salt, byte[] info) : KeyDerivationMethod(Hkdf, digest)
{
    public byte[] Salt { get; } = salt;

    public override byte[] Derive(ReadOnlySpan<byte> sharedSecret, int length)
    {
        var key = new byte[length];
        HKDF.DeriveKey(Digest.HashAlgorithmName, sharedSecret, key, Salt, info);
        return key;
    }
}
