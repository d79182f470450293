using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>AES Key Wrap (RFC 3394 section 2.2). The platform has only its padded relative of RFC 5649.</summary>
internal sealed class AesKeyWrap : KeyWrapAlgorithm
{
    private const int SemiBlock = 8;
    private const int Rounds = 6;

    // RFC 3394, section 2.2.3.1.
    private const ulong InitialValue = 0xA6A6A6A6A6A6A6A6;

    public AesKeyWrap(string uri, string name, int keySize)
        : base(uri, name, keySize)
    {
    }

    private protected override byte[] WrapCore(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[key.Length + SemiBlock];
        var blocks = key.Length / SemiBlock;
        var check = InitialValue;
        key.CopyTo(wrapped.AsSpan(SemiBlock));
        using var aes = Aes.Create();
        aes.SetKey(wrappingKey);
        Span<byte> block = stackalloc byte[2 * SemiBlock];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 1; i <= blocks; i++)
            {
                var part = wrapped.AsSpan(i * SemiBlock, SemiBlock);
                BinaryPrimitives.WriteUInt64BigEndian(block, check);
                part.CopyTo(block[SemiBlock..]);
                aes.EncryptEcb(block, block, PaddingMode.None);
                check = BinaryPrimitives.ReadUInt64BigEndian(block) ^ (ulong)((blocks * round) + i);
                block[SemiBlock..].CopyTo(part);
            }
        }

        BinaryPrimitives.WriteUInt64BigEndian(wrapped, check);
        CryptographicOperations.ZeroMemory(block);
        return wrapped;
    }

    private protected override byte[]? TryUnwrapCore(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> wrapped)
    {
        var key = wrapped[SemiBlock..].ToArray();
        var blocks = key.Length / SemiBlock;
        var check = BinaryPrimitives.ReadUInt64BigEndian(wrapped);
        using var aes = Aes.Create();
        aes.SetKey(wrappingKey);
        Span<byte> block = stackalloc byte[2 * SemiBlock];
        for (var round = Rounds - 1; round >= 0; round--)
        {
            for (var i = blocks; i >= 1; i--)
            {
                var part = key.AsSpan((i - 1) * SemiBlock, SemiBlock);
                BinaryPrimitives.WriteUInt64BigEndian(block, check ^ (ulong)((blocks * round) + i));
                part.CopyTo(block[SemiBlock..]);
                aes.DecryptEcb(block, block, PaddingMode.None);
                check = BinaryPrimitives.ReadUInt64BigEndian(block);
                block[SemiBlock..].CopyTo(part);
            }
        }

        CryptographicOperations.ZeroMemory(block);
        if (check == InitialValue)
        {
            return key;
        }

        CryptographicOperations.ZeroMemory(key);
        return null;
    }
}
