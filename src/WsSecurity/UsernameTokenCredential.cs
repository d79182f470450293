using System.Security.Cryptography;
using System.Text;

namespace WsSecurity;

/// <summary>A UsernameToken as received, not yet validated.</summary>
public sealed class UsernameTokenCredential
{
    private readonly byte[] _presented;
    private readonly byte[] _digestPrefix;

    internal UsernameTokenCredential(string userName, PasswordType passwordType, byte[] presented, byte[] digestPrefix)
    {
        UserName = userName;
        PasswordType = passwordType;
        _presented = presented;
        _digestPrefix = digestPrefix;
    }

    /// <summary>The claimed user.</summary>
    public string UserName { get; }

    /// <summary>How the password came.</summary>
    public PasswordType PasswordType { get; }

    /// <summary>
    /// The password in clear, for validators that hash it themselves; null unless <see cref="PasswordType"/> is
    /// <see cref="PasswordType.Text"/>.
    /// </summary>
    public string? ClearTextPassword => PasswordType == PasswordType.Text ? Encoding.UTF8.GetString(_presented) : null;

    /// <summary>What stands for the password; null unless <see cref="PasswordType"/> is <see cref="PasswordType.Digest"/>.</summary>
    internal byte[]? Digest => PasswordType == PasswordType.Digest ? _presented : null;

    /// <summary>Compares, in constant time, what was presented with the password on file.</summary>
    /// <param name="password">The password on file, or the secret that stands for it in a digest.</param>
    /// <returns>Whether it is the same; false where the token carries no password.</returns>
    public bool Matches(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var expected = Encoding.UTF8.GetBytes(password);
        try
        {
            return PasswordType switch
            {
                PasswordType.Text => CryptographicOperations.FixedTimeEquals(SHA256.HashData(expected), SHA256.HashData(_presented)),
                PasswordType.Digest => MatchesDigest(expected),
                _ => false,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expected);
        }
    }

    private bool MatchesDigest(byte[] expected)
    {
        // UsernameToken Profile 1.1.1, section 3.1: Password_Digest = Base64 ( SHA-1 ( nonce + created + password ) ).
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(_digestPrefix);
        hash.AppendData(expected);
        return CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), _presented);
    }
}
