using WsSecurity.Tokens;
using WsSecurity.Tokens.X509;
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

    /// <summary>Whether its key is that of a token which stands there.</summary>
    public bool IsByTokenAt(TrackedElement? element) => element is not null && TokenElement?.Start == element.Start;

    /// <summary>Whether this signature covers the token of a signature, another or itself: the token that travels, or by an STR-Transform one that is only named.</summary>
    public bool CoversToken(VerifiedSignature other, XmlIndex index) => other switch
    {
        // The key travelled with the request, and was protected there.
        { Key: SymmetricKey { IsFromRequest: true } } => true,
        { TokenElement: { } token } => Covers(token.In(index)),
        { Key: CertificateKey key } => References.Any(reference => reference.Certificate is { } certificate && certificate.HasSameOctets(key.Certificate)),
        _ => false,
    };
}

/// <summary>An element whose digest was right, as the node that was digested.</summary>
/// <param name="Element">The element; where an STR-Transform leads to a token that does not travel, the reference that names it.</param>
/// <param name="Path">Where it stood when it was digested.</param>
/// <param name="DigestAlgorithm">The digest.</param>
/// <param name="Canonicalization">The canonicalization.</param>
/// <param name="Prefixes">Its PrefixList.</param>
/// <param name="Certificate">The certificate that an STR-Transform digested in place of its name; null otherwise.</param>
internal sealed record VerifiedReference(
    TrackedElement Element,
    string Path,
    string DigestAlgorithm,
    CanonicalizationMethod Canonicalization,
    PrefixList Prefixes,
    CertificateEntry? Certificate = null);

/// <summary>A part that was decrypted.</summary>
internal sealed record DecryptedPart(
    TrackedElement Element,
    bool ContentOnly,
    bool WholeContent,
    string EncryptionAlgorithm,
    SymmetricKey Key);
