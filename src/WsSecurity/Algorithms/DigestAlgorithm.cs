using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>A digest algorithm: of a reference's DigestMethod, of a signature, or inside OAEP.</summary>
internal sealed class DigestAlgorithm
{
    // XML Signature 1.1, section 6.2.1.
    public static readonly DigestAlgorithm Sha1 =
        new("http://www.w3.org/2000/09/xmldsig#sha1", "SHA-1", HashAlgorithmName.SHA1, SHA1.HashSizeInBytes);

    // XML Encryption 1.1, section 5.8.3.
    public static readonly DigestAlgorithm Sha256 =
        new("http://www.w3.org/2001/04/xmlenc#sha256", "SHA-256", HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    // RFC 9231, section 2.1.3.
    public static readonly DigestAlgorithm Sha384 =
        new("http://www.w3.org/2001/04/xmldsig-more#sha384", "SHA-384", HashAlgorithmName.SHA384, SHA384.HashSizeInBytes);

    // XML Encryption 1.1, section 5.8.5.
    public static readonly DigestAlgorithm Sha512 =
        new("http://www.w3.org/2001/04/xmlenc#sha512", "SHA-512", HashAlgorithmName.SHA512, SHA512.HashSizeInBytes);

    private DigestAlgorithm(string uri, string name, HashAlgorithmName hashAlgorithmName, int size)
    {
        Uri = uri;
        Name = name;
        HashAlgorithmName = hashAlgorithmName;
        Size = size;
    }

    public string Uri { get; }

    public string Name { get; }

    public HashAlgorithmName HashAlgorithmName { get; }

    /// <summary>Octets of the digest.</summary>
    public int Size { get; }

    public IncrementalHash CreateHash() => IncrementalHash.CreateHash(HashAlgorithmName);

    public byte[] Hash(ReadOnlySpan<byte> data) => CryptographicOperations.HashData(HashAlgorithmName, data);

    /// <summary>Hashes into <paramref name="destination"/>, of which the first <see cref="Size"/> octets are written.</summary>
    /// <returns><see cref="Size"/>.</returns>
    public int Hash(ReadOnlySpan<byte> data, Span<byte> destination) =>
        CryptographicOperations.HashData(HashAlgorithmName, data, destination);

    public override string ToString() => Name;
}
