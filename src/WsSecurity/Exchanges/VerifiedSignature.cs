using WsSecurity.Tokens;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>A signature whose value, digests and signer were all found right; what it is worth is for the policy to say.</summary>
internal sealed class VerifiedSignature
{
    public required TrackedElement Element { get; init; }

    public required SecurityKey Key { get; init; }

    /// <summary>The signer; null for a symmetric key.</summary>
    public required X509VerifiedToken? Token { get; init; }

    /// <summary>The element that brought the signing token; null where it was only named.</summary>
    public required TrackedElement? TokenElement { get; init; }

    public required string Algorithm { get; init; }

    public required IReadOnlyList<VerifiedReference> References { get; init; }

    public required byte[] SignatureValue { get; init; }

    /// <summary>SHA-256 of the canonical SignedInfo: what a replay repeats, whatever it does to the signature value.</summary>
    public required byte[] SignedInfoHash { get; init; }

    public VerifiedReference? Find(XmlElement element)
    {
        foreach (var reference in References)
        {
            if (reference.Element.Is(element))
            {
                return reference;
            }
        }

        return null;
    }

    public bool Covers(XmlElement element) => Find(element) is not null;
}

/// <summary>An element whose digest was right, as the node that was digested.</summary>
internal sealed record VerifiedReference(
    TrackedElement Element,
    string Path,
    string DigestAlgorithm,
    CanonicalizationMethod Canonicalization,
    PrefixList Prefixes);

/// <summary>A part that was decrypted.</summary>
internal sealed record DecryptedPart(
    TrackedElement Element,
    bool ContentOnly,
    bool WholeContent,
    string EncryptionAlgorithm,
    SymmetricKey Key);
