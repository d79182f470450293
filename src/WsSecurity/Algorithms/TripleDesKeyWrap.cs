using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>Triple DES Key Wrap (XML Encryption 1.1 section 5.6.2, RFC 3217 section 3): encrypted twice, the second time backwards.</summary>
internal sealed class TripleDesKeyWrap : KeyWrapAlgorithm
{
    private const int BlockSize = 8;
    private const int ChecksumSize = 8;

    // RFC 3217, section 3.1.
    private static readonly byte[] OuterVector = [0x4A, 0xDD, 0xA2, 0x2C, 0x79, 0xE8, 0x21, 0x05];

    public TripleDesKeyWrap()
        : base("http://www.w3.org/2001/04/xmlenc#kw-tripledes", "KW-Triple-DES", 24)
    {
    }

    private protected override byte[] WrapCore(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> key)
    {
        using var cipher = TripleDES.Create();
        cipher.SetKey(wrappingKey);
        byte[] checkedKey = [.. key, .. SHA1.HashData(key).AsSpan(0, ChecksumSize)];
        var inner = new byte[BlockSize + checkedKey.Length];
        RandomNumberGenerator.Fill(inner.AsSpan(0, BlockSize));
        cipher.EncryptCbc(checkedKey, inner.AsSpan(0, BlockSize), inner.AsSpan(BlockSize), PaddingMode.None);
        CryptographicOperations.ZeroMemory(checkedKey);
        inner.AsSpan().Reverse();
        return cipher.EncryptCbc(inner, OuterVector, PaddingMode.None);
    }

    private protected override byte[]? TryUnwrapCore(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < 2 * BlockSize + ChecksumSize)
        {
            return null;
        }

        byte[] checkedKey;
        try
        {
            using var cipher = TripleDES.Create();
            cipher.SetKey(wrappingKey);
            var inner = cipher.DecryptCbc(wrapped, OuterVector, PaddingMode.None);
            inner.AsSpan().Reverse();
            checkedKey = cipher.DecryptCbc(inner.AsSpan(BlockSize), inner.AsSpan(0, BlockSize), PaddingMode.None);
        }
        catch (CryptographicException)
        {
            // A key that the platform knows to be weak.
            return null;
        }

        var key = checkedKey.AsSpan(0, checkedKey.Length - ChecksumSize);
        var isIntact = CryptographicOperations.FixedTimeEquals(SHA1.HashData(key).AsSpan(0, ChecksumSize), checkedKey.AsSpan(key.Length));
        var unwrapped = isIntact ? key.ToArray() : null;
        CryptographicOperations.ZeroMemory(checkedKey);
        return unwrapped;
    }
}
