using System.Globalization;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Encryption;

/// <summary>An xenc:AgreementMethod, taken apart. Digest is ConcatKDF's DigestMethod or HKDF's PRF.</summary>
internal sealed record ParsedAgreementMethod(
    string UntrustedAlgorithm,
    string UntrustedDerivation,
    string? UntrustedDigest,
    byte[] OtherInfo,
    byte[] Salt,
    byte[] Info,
    int? KeyLength,
    string UntrustedCurve,
    byte[] OriginatorPoint,
    XmlElement RecipientKeyInfo);

/// <summary>Reads xenc:AgreementMethod (XML Encryption 1.1, sections 5.4 and 5.7) with an originator's key of its own.</summary>
internal static class AgreementMethodReader
{
    // OtherInfo, salt and info are hashed for each key; far beyond what anybody writes.
    private const int MaxParameterLength = 1024;

    public static bool Is(XmlElement element) => element.Is("AgreementMethod"u8, XmlEncryption.Namespace);

    /// <exception cref="WsSecurityException">The element is not well built.</exception>
    public static ParsedAgreementMethod Read(XmlElement element)
    {
        var derivation = element.FirstChild;
        if (!derivation.Is("KeyDerivationMethod"u8, XmlEncryption.Namespace11))
        {
            throw Broken("it has no KeyDerivationMethod");
        }

        var originator = derivation.NextSibling;
        if (!originator.Is("OriginatorKeyInfo"u8, XmlEncryption.Namespace))
        {
            throw Broken("it has no OriginatorKeyInfo");
        }

        var recipient = originator.NextSibling;
        if (!recipient.IsNone && (!recipient.Is("RecipientKeyInfo"u8, XmlEncryption.Namespace) || !recipient.NextSibling.IsNone))
        {
            throw Broken("it holds more than it may");
        }

        var parsed = new ParsedAgreementMethod(
            ReadAlgorithm(element), ReadAlgorithm(derivation), null, [], [], [], null, string.Empty, [], recipient);
        var (curve, point) = ReadPublicKey(originator)
            ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "The OriginatorKeyInfo of a key agreement holds something else than one ECKeyValue of a named curve.");
        return ReadParameters(parsed with { UntrustedCurve = curve, OriginatorPoint = point }, derivation);
    }

    /// <summary>Reads the ds:KeyValue of an elliptic curve (XML Signature 1.1, section 4.5.2.3); null where it holds another key.</summary>
    public static (string UntrustedCurve, byte[] Point)? ReadPublicKey(XmlElement keyInfo)
    {
        var keyValue = keyInfo.FirstChild;
        var key = keyValue.FirstChild;
        var curve = key.FirstChild;
        var point = curve.IsNone ? curve : curve.NextSibling;
        return keyValue.Is("KeyValue"u8, XmlSignature.Namespace) && keyValue.NextSibling.IsNone
            && key.Is("ECKeyValue"u8, XmlSignature.Namespace11) && key.NextSibling.IsNone
            && curve.Is("NamedCurve"u8, XmlSignature.Namespace11) && curve.GetAttribute("URI") is { } uri
            && point.Is("PublicKey"u8, XmlSignature.Namespace11) && point.NextSibling.IsNone && point.TryGetBase64(out var octets)
            ? (uri, octets)
            : null;
    }

    private static ParsedAgreementMethod ReadParameters(ParsedAgreementMethod parsed, XmlElement derivation)
    {
        var parameters = derivation.FirstChild;
        if (parameters.IsNone)
        {
            return parsed;
        }

        if (!parameters.NextSibling.IsNone)
        {
            throw Broken("its KeyDerivationMethod holds more than it may");
        }

        return parameters.Is("ConcatKDFParams"u8, XmlEncryption.Namespace11) ? ReadConcatKdf(parsed, parameters)
            : parameters.Is("HKDFParams"u8, XmlSignature.Namespace202104) ? ReadHkdf(parsed, parameters)
            : throw Broken("its KeyDerivationMethod has parameters that are not known");
    }

    // Section 5.4.1: OtherInfo is what the attributes hold, one after the other; one that is absent adds nothing.
    private static ParsedAgreementMethod ReadConcatKdf(ParsedAgreementMethod parsed, XmlElement parameters)
    {
        var digest = parameters.FirstChild;
        if (!digest.Is("DigestMethod"u8, XmlSignature.Namespace) || !digest.NextSibling.IsNone || !digest.FirstChild.IsNone)
        {
            throw Broken("ConcatKDFParams do not hold one DigestMethod");
        }

        byte[] otherInfo = [];
        foreach (var name in (ReadOnlySpan<string>)["AlgorithmID", "PartyUInfo", "PartyVInfo", "SuppPubInfo", "SuppPrivInfo"])
        {
            otherInfo = [.. otherInfo, .. ReadBitString(parameters.GetAttribute(name))];
            if (otherInfo.Length > MaxParameterLength)
            {
                throw Broken("ConcatKDFParams are too long");
            }
        }

        return parsed with { UntrustedDigest = ReadAlgorithm(digest), OtherInfo = otherInfo };
    }

    // Hexadecimal, the first octet counting the bits of padding in the last. Bit strings that end within an octet would have to be joined
    // bit by bit; nobody writes them.
    private static ReadOnlySpan<byte> ReadBitString(string? attribute)
    {
        if (string.IsNullOrEmpty(attribute))
        {
            return [];
        }

        byte[] octets;
        try
        {
            octets = Convert.FromHexString(attribute);
        }
        catch (FormatException)
        {
            throw Broken("an attribute of ConcatKDFParams is not hexadecimal");
        }

        return octets[0] == 0 ? octets.AsSpan(1) : throw Broken("an attribute of ConcatKDFParams does not end with a whole octet");
    }

    private static ParsedAgreementMethod ReadHkdf(ParsedAgreementMethod parsed, XmlElement parameters)
    {
        foreach (var child in parameters.Children)
        {
            if (child.Is("PRF"u8, XmlSignature.Namespace202104) && parsed.UntrustedDigest is null && child.FirstChild.IsNone)
            {
                parsed = parsed with { UntrustedDigest = ReadAlgorithm(child) };
            }
            else if (child.Is("Salt"u8, XmlSignature.Namespace202104) && parsed.Salt.Length == 0)
            {
                parsed = parsed with { Salt = ReadOctets(child) };
            }
            else if (child.Is("Info"u8, XmlSignature.Namespace202104) && parsed.Info.Length == 0)
            {
                parsed = parsed with { Info = ReadOctets(child) };
            }
            else if (child.Is("KeyLength"u8, XmlSignature.Namespace202104) && parsed.KeyLength is null
                && child.TryGetText(out var text) && int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            {
                parsed = parsed with { KeyLength = length };
            }
            else
            {
                throw Broken("HKDFParams hold more than they may");
            }
        }

        return parsed;
    }

    private static byte[] ReadOctets(XmlElement element) =>
        element.TryGetBase64(out var octets) && octets.Length <= MaxParameterLength ? octets : throw Broken($"HKDFParams hold what is not Base64, or too long");

    private static string ReadAlgorithm(XmlElement element) => element.GetAttribute("Algorithm") ?? throw Broken("an Algorithm attribute is missing");

    private static WsSecurityException Broken(string what) => new(SecurityFailure.InvalidEncryptionStructure, $"An AgreementMethod is not well built: {what}.");
}
