using System.Globalization;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Signatures;

/// <summary>
/// Reads RSASSA-PSS with parameters (RFC 9231 section 2.3.9). The platform has one PSS for each digest: MGF1 with the same digest, a salt of its length, the
/// trailer 1. Parameters that say just that are the algorithm without parameters; all others are refused.
/// </summary>
internal static class PssParametersReader
{
    public const string Algorithm = XmlSignature.Namespace200705 + "rsa-pss";

    private const string MaskGeneration = XmlSignature.Namespace200705 + "MGF1";

    /// <summary>The URI of the algorithm without parameters that a SignatureMethod means.</summary>
    /// <exception cref="WsSecurityException">Its parameters are not those, or not well built.</exception>
    public static string Read(XmlElement signatureMethod)
    {
        var digest = DigestAlgorithm.Sha256.Uri;
        string? mask = null;
        string? saltLength = null;
        var parameters = signatureMethod.FirstChild;
        if (!parameters.IsNone && (!parameters.Is("RSAPSSParams"u8, XmlSignature.Namespace200705) || !parameters.NextSibling.IsNone))
        {
            throw Refuse("holds something else than RSAPSSParams");
        }

        foreach (var child in parameters.Children)
        {
            if (child.Is("DigestMethod"u8, XmlSignature.Namespace))
            {
                digest = child.GetAttribute("Algorithm");
            }
            else if (child.Is("MaskGenerationFunction"u8, XmlSignature.Namespace200705) && child.GetAttribute("Algorithm") == MaskGeneration)
            {
                mask = child.FirstChild.Is("DigestMethod"u8, XmlSignature.Namespace) ? child.FirstChild.GetAttribute("Algorithm") : DigestAlgorithm.Sha256.Uri;
            }
            else if (child.Is("SaltLength"u8, XmlSignature.Namespace200705) && child.TryGetText(out var length))
            {
                saltLength = length.Trim();
            }
            else if (!child.Is("TrailerField"u8, XmlSignature.Namespace200705) || !child.TryGetText(out var trailer) || trailer.Trim() != "1")
            {
                throw Refuse("has RSAPSSParams that are not supported");
            }
        }

        var algorithm = AlgorithmRegistry.Signatures.FirstOrDefault(known => known.IsPss && known.Digest.Uri == digest) ?? throw Refuse("has a digest that is not supported");
        var size = algorithm.Digest.Size.ToString(CultureInfo.InvariantCulture);
        return (mask ?? DigestAlgorithm.Sha256.Uri) == digest && (saltLength ?? size) == size
            ? algorithm.Uri
            : throw Refuse($"has another mask digest or salt length than its digest {algorithm.Digest.Name} gives");
    }

    private static WsSecurityException Refuse(string reason) => new(SecurityFailure.SignatureAlgorithmNotAllowed, $"A SignatureMethod with RSASSA-PSS {reason}.");
}
