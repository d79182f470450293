using System.Security.Cryptography;
using System.Text;
using WsSecurity.Algorithms;

namespace WsSecurity;

/// <summary>A UsernameToken as received, not yet validated.</summary>
public sealed class UsernameTokenCredential
{
    private readonly byte[] _presented;
    private readonly byte[] _digestPrefix;
    private readonly byte[] _salt = [];
    private byte[]? _provenKey;

    internal UsernameTokenCredential(string userName, PasswordType passwordType, byte[] presented, byte[] digestPrefix)
    {
        UserName = userName;
        PasswordType = passwordType;
        _presented = presented;
        _digestPrefix = digestPrefix;
    }

    internal UsernameTokenCredential(string userName, byte[] salt, int iterations)
        : this(userName, PasswordType.None, [], [])
    {
        _salt = salt;
        Iterations = iterations;
    }

    /// <summary>The claimed user.</summary>
    public string UserName { get; }

    /// <summary>How the password came.</summary>
    public PasswordType PasswordType { get; }

    /// <summary>Whether a key is derived from the password, which then does not travel (UsernameToken Profile 1.1.1, section 4).</summary>
    public bool DerivesKey => _salt.Length > 0;

    /// <summary>What a derived key is salted with: 16 octets; empty where none is derived.</summary>
    public ReadOnlyMemory<byte> Salt => _salt;

    /// <summary>How many hash operations derive the key, within the policy's limits; 0 where none is derived.</summary>
    public int Iterations { get; }

    /// <summary>
    /// The password in clear, for validators that hash it themselves; null unless <see cref="PasswordType"/> is
    /// <see cref="PasswordType.Text"/>.
    /// </summary>
    public string? ClearTextPassword => PasswordType == PasswordType.Text ? Encoding.UTF8.GetString(_presented) : null;

    /// <summary>What stands for the password; null unless <see cref="PasswordType"/> is <see cref="PasswordType.Digest"/>.</summary>
    internal byte[]? Digest => PasswordType == PasswordType.Digest ? _presented : null;

    /// <summary>Derives the key that a password gives with this token's salt and iterations: 20 octets.</summary>
    /// <param name="password">The password on file.</param>
    /// <returns>The key.</returns>
    /// <exception cref="InvalidOperationException">The token has no salt: <see cref="DerivesKey"/> is false.</exception>
    public byte[] DeriveKey(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return DerivesKey
            ? PasswordKeyDerivation.Derive(password, _salt, Iterations)
            : throw new InvalidOperationException("The UsernameToken has no salt, so that no key is derived from its password.");
    }

    /// <summary>The same, once a signature proved that its sender holds the key.</summary>
    internal UsernameTokenCredential ProvenBy(byte[] key) => new(UserName, _salt, Iterations) { _provenKey = key };

    /// <summary>
    /// Compares, in constant time, what was presented with the password on file. Of a token that derives a key it says, when it is validated, whether the password
    /// gives the key that signed; before, nothing matches.
    /// </summary>
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
                _ => _provenKey is { } key && MatchesKey(password, key),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expected);
        }
    }

    private bool MatchesKey(string password, byte[] provenKey)
    {
        var key = DeriveKey(password);
        var matches = CryptographicOperations.FixedTimeEquals(key, provenKey);
        CryptographicOperations.ZeroMemory(key);
        return matches;
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
