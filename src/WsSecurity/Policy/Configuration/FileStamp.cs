using System.Security.Cryptography;

namespace WsSecurity.Policy.Configuration;

/// <summary>What files held: a hash of their octets, since times and lengths may stay the same, and names may be links.</summary>
internal sealed record FileStamp
{
    private readonly string _hashes;
    private readonly IReadOnlyList<string> _files;

    private FileStamp(IReadOnlyList<string> files)
    {
        _files = files;
        _hashes = string.Concat(files.Select(Hash));
    }

    public static FileStamp Of(IEnumerable<string> files) => new([.. files.Distinct()]);

    /// <summary>What the same files hold now.</summary>
    public FileStamp Again() => new(_files);

    public bool Equals(FileStamp? other) => other is not null && _hashes == other._hashes && _files.SequenceEqual(other._files);

    public override int GetHashCode() => _hashes.GetHashCode(StringComparison.Ordinal);

    private static string Hash(string file)
    {
        byte[] octets;
        try
        {
            octets = File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "-";
        }

        try
        {
            return Convert.ToHexString(SHA256.HashData(octets));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }
}
