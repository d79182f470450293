using System.Security.Cryptography;
using System.Text;

namespace WsSecurity.Algorithms;

/// <summary>Derives a key from a password: SHA-1 of password and salt, hashed again and again (UsernameToken Profile 1.1.1, section 4.2).</summary>
internal static class PasswordKeyDerivation
{
    /// <summary>Octets of every key: a MAC takes all of them, a cipher as many in front as it needs.</summary>
    public const int KeySize = SHA1.HashSizeInBytes;

    /// <summary>Octets of a salt.</summary>
    public const int SaltSize = 16;

    /// <summary>The first octet of a salt, which says what its key is for.</summary>
    public const byte ForMac = 1;

    /// <inheritdoc cref="ForMac"/>
    public const byte ForEncryption = 2;

    /// <summary>How often is hashed where a token does not say.</summary>
    public const int DefaultIterations = 1000;

    /// <summary>Derives a key by as many hash operations as <paramref name="iterations"/>, of which there is at least one.</summary>
    public static byte[] Derive(string password, ReadOnlySpan<byte> salt, int iterations)
    {
        var input = new byte[Encoding.UTF8.GetByteCount(password) + salt.Length];
        Encoding.UTF8.GetBytes(password, input);
        salt.CopyTo(input.AsSpan(input.Length - salt.Length));
        var key = SHA1.HashData(input);
        CryptographicOperations.ZeroMemory(input);
        for (var i = 1; i < iterations; i++)
        {
            SHA1.HashData(key, key);
        }

        return key;
    }

    /// <summary>A new salt.</summary>
    public static byte[] NewSalt(byte use)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        salt[0] = use;
        return salt;
    }
}
