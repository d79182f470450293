using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>P_SHA1 of RFC 2246 section 5, by which WS-SecureConversation section 7 derives keys.</summary>
internal static class PSha1KeyDerivation
{
    /// <summary>Derives <paramref name="length"/> octets that begin at <paramref name="offset"/> of the stream that secret and seed give.</summary>
    public static byte[] Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed, int offset, int length)
    {
        var needed = offset + length;
        var stream = new byte[needed + SHA1.HashSizeInBytes];
        byte[] input = [.. new byte[SHA1.HashSizeInBytes], .. seed];
        var a = HMACSHA1.HashData(secret, seed);
        for (var written = 0; written < needed; written += SHA1.HashSizeInBytes)
        {
            a.CopyTo(input, 0);
            HMACSHA1.HashData(secret, input, stream.AsSpan(written));
            a = HMACSHA1.HashData(secret, a);
        }

        var key = stream[offset..needed];
        CryptographicOperations.ZeroMemory(stream);
        return key;
    }
}
