using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>MGF1 over one digest (XML Encryption 1.1 section 5.5.2).</summary>
internal sealed class MaskGenerationFunction
{
    public static readonly MaskGenerationFunction Sha1 = new("http://www.w3.org/2009/xmlenc11#mgf1sha1", DigestAlgorithm.Sha1);

    public static readonly MaskGenerationFunction Sha256 = new("http://www.w3.org/2009/xmlenc11#mgf1sha256", DigestAlgorithm.Sha256);

    public static readonly MaskGenerationFunction Sha384 = new("http://www.w3.org/2009/xmlenc11#mgf1sha384", DigestAlgorithm.Sha384);

    public static readonly MaskGenerationFunction Sha512 = new("http://www.w3.org/2009/xmlenc11#mgf1sha512", DigestAlgorithm.Sha512);

    private MaskGenerationFunction(string uri, DigestAlgorithm digest)
    {
        Uri = uri;
        Digest = digest;
    }

    public string Uri { get; }

    public DigestAlgorithm Digest { get; }

    /// <summary>XORs the mask that <paramref name="seed"/> gives over <paramref name="target"/> (RFC 8017 appendix B.2.1).</summary>
    public void Apply(ReadOnlySpan<byte> seed, Span<byte> target)
    {
        Span<byte> block = stackalloc byte[Digest.Size];
        Span<byte> counter = stackalloc byte[sizeof(uint)];
        using var hash = Digest.CreateHash();
        for (var index = 0u; !target.IsEmpty; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter, index);
            hash.AppendData(seed);
            hash.AppendData(counter);
            hash.GetHashAndReset(block);
            var length = Math.Min(block.Length, target.Length);
            for (var i = 0; i < length; i++)
            {
                target[i] ^= block[i];
            }

            target = target[length..];
        }

        CryptographicOperations.ZeroMemory(block);
    }

    public override string ToString() => $"MGF1 with {Digest.Name}";
}
