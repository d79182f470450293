using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Signatures;

/// <summary>A ds:Signature, taken apart and known to be well built; nothing of it is verified yet.</summary>
internal sealed record ParsedSignature(
    XmlElement Element,
    XmlElement SignedInfo,
    CanonicalizationMethod Canonicalization,
    PrefixList Prefixes,
    string UntrustedSignatureAlgorithm,
    IReadOnlyList<ParsedReference> References,
    byte[] SignatureValue,
    XmlElement KeyInfo);

/// <summary>A ds:Reference into this message.</summary>
internal sealed record ParsedReference(
    string TargetId,
    bool IsStrTransform,
    CanonicalizationMethod Canonicalization,
    PrefixList Prefixes,
    string UntrustedDigestAlgorithm,
    byte[] DigestValue);

/// <summary>
/// Reads ds:Signature (XML Signature 1.1, section 4) in the shape that SOAP Message Security section 8 and Basic Security Profile 1.1
/// section 9 leave of it: same-document references by Id, one canonicalization or STR-Transform each, no Object.
/// </summary>
internal static class SignatureReader
{
    /// <param name="element">The ds:Signature.</param>
    /// <param name="limits">Bounds on what it may hold.</param>
    /// <param name="isEnveloped">Whether it stands in what it signs, as in a SAML assertion: then the transforms are enveloped-signature and exclusive canonicalization.</param>
    /// <exception cref="WsSecurityException">It has another shape.</exception>
    public static ParsedSignature Read(XmlElement element, ProcessingLimits limits, bool isEnveloped = false)
    {
        var signedInfo = element.FirstChild;
        Demand(signedInfo, "SignedInfo"u8);
        var signatureValue = signedInfo.NextSibling;
        Demand(signatureValue, "SignatureValue"u8);
        var keyInfo = signatureValue.NextSibling;
        if (!keyInfo.IsNone)
        {
            // What follows could only be an Object, where a signed original can hide.
            Demand(keyInfo, "KeyInfo"u8);
            if (!keyInfo.NextSibling.IsNone)
            {
                throw Broken("something follows KeyInfo");
            }
        }

        var canonicalizationMethod = signedInfo.FirstChild;
        Demand(canonicalizationMethod, "CanonicalizationMethod"u8);
        var (canonicalization, prefixes) = ReadCanonicalization(canonicalizationMethod);
        var signatureMethod = canonicalizationMethod.NextSibling;
        Demand(signatureMethod, "SignatureMethod"u8);
        var signatureAlgorithm = ReadAlgorithm(signatureMethod);
        if (signatureAlgorithm == PssParametersReader.Algorithm)
        {
            signatureAlgorithm = PssParametersReader.Read(signatureMethod);
        }
        else if (!signatureMethod.FirstChild.IsNone)
        {
            throw signatureMethod.FirstChild.Is("HMACOutputLength"u8, XmlSignature.Namespace)
                ? new WsSecurityException(SecurityFailure.HmacTruncationNotAllowed, "The signature sets HMACOutputLength.")
                : Broken("SignatureMethod has parameters");
        }

        var references = new List<ParsedReference>();
        for (var reference = signatureMethod.NextSibling; !reference.IsNone; reference = reference.NextSibling)
        {
            Demand(reference, "Reference"u8);
            if (references.Count == limits.MaxReferences)
            {
                throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"A signature has more than {limits.MaxReferences} references.");
            }

            references.Add(ReadReference(reference, limits, isEnveloped));
        }

        if (references.Count == 0)
        {
            throw Broken("it has no Reference");
        }

        return new ParsedSignature(
            element,
            signedInfo,
            canonicalization,
            prefixes,
            signatureAlgorithm,
            references,
            ReadBase64(signatureValue),
            keyInfo);
    }

    private static ParsedReference ReadReference(XmlElement reference, ProcessingLimits limits, bool isEnveloped)
    {
        var uri = reference.GetAttribute("URI");
        if (string.IsNullOrEmpty(uri))
        {
            throw new WsSecurityException(SecurityFailure.UnresolvedReference, "A Reference has no URI, or one that means the whole document.");
        }

        if (uri[0] != '#')
        {
            throw new WsSecurityException(SecurityFailure.ExternalReference, "A Reference leads out of the message.");
        }

        var child = reference.FirstChild;
        var isStrTransform = false;

        // XML Signature 1.1, section 4.4.3.2: octets are needed, so without a transform canonicalization is inclusive.
        var (canonicalization, prefixes) = (CanonicalizationMethod.Inclusive10, PrefixList.Empty);
        if (isEnveloped)
        {
            Demand(child, "Transforms"u8);
            (canonicalization, prefixes) = ReadEnvelopedTransforms(child);
            child = child.NextSibling;
        }
        else if (!child.IsNone && child.Is("Transforms"u8, XmlSignature.Namespace))
        {
            (isStrTransform, canonicalization, prefixes) = ReadTransforms(child, limits);
            child = child.NextSibling;
        }

        Demand(child, "DigestMethod"u8);
        var digestValue = child.NextSibling;
        Demand(digestValue, "DigestValue"u8);
        if (!digestValue.NextSibling.IsNone || !child.FirstChild.IsNone)
        {
            throw Broken("a Reference holds more than it may");
        }

        return new ParsedReference(uri[1..], isStrTransform, canonicalization, prefixes, ReadAlgorithm(child), ReadBase64(digestValue));
    }

    private static (bool IsStrTransform, CanonicalizationMethod Canonicalization, PrefixList Prefixes) ReadTransforms(XmlElement transforms, ProcessingLimits limits)
    {
        var count = 0;
        foreach (var transform in transforms.Children)
        {
            Demand(transform, "Transform"u8);
            if (++count > limits.MaxTransforms)
            {
                throw new WsSecurityException(SecurityFailure.TransformNotAllowed, $"A Reference has more than {limits.MaxTransforms} transforms.");
            }
        }

        // One transform gives octets; a second one would have to read them again as XML.
        if (count != 1)
        {
            throw new WsSecurityException(SecurityFailure.TransformNotAllowed, $"A Reference has {count} transforms; exactly one canonicalization or STR-Transform is supported.");
        }

        var only = transforms.FirstChild;
        var algorithm = ReadAlgorithm(only);
        if (algorithm == Wsse.StrTransform)
        {
            var parameters = only.FirstChild;
            if (parameters.IsNone || !parameters.Is("TransformationParameters"u8, Wsse.Namespace) || !parameters.NextSibling.IsNone)
            {
                throw Broken("an STR-Transform has no TransformationParameters");
            }

            var method = parameters.FirstChild;
            Demand(method, "CanonicalizationMethod"u8);
            var (inner, innerPrefixes) = ReadCanonicalization(method);
            return (true, inner, innerPrefixes);
        }

        if (CanonicalizationMethod.Find(algorithm) is null)
        {
            throw new WsSecurityException(SecurityFailure.TransformNotAllowed, $"The transform '{RefusedValue.Show(algorithm)}' is not supported.");
        }

        var (canonicalization, prefixes) = ReadCanonicalization(only);
        return (false, canonicalization, prefixes);
    }

    // SAML 2.0 Core, section 5.4.4.
    private static (CanonicalizationMethod Canonicalization, PrefixList Prefixes) ReadEnvelopedTransforms(XmlElement transforms)
    {
        var enveloped = transforms.FirstChild;
        Demand(enveloped, "Transform"u8);
        var canonical = enveloped.NextSibling;
        if (ReadAlgorithm(enveloped) != XmlSignature.EnvelopedSignature || !enveloped.FirstChild.IsNone
            || canonical.IsNone || !canonical.Is("Transform"u8, XmlSignature.Namespace) || !canonical.NextSibling.IsNone
            || ReadAlgorithm(canonical) != XmlSignature.ExclusiveCanonicalization)
        {
            throw new WsSecurityException(SecurityFailure.TransformNotAllowed, "The signature in a token has other transforms than enveloped-signature and then exclusive canonicalization.");
        }

        return ReadCanonicalization(canonical);
    }

    private static (CanonicalizationMethod Method, PrefixList Prefixes) ReadCanonicalization(XmlElement element)
    {
        var algorithm = ReadAlgorithm(element);
        var method = CanonicalizationMethod.Find(algorithm)
            ?? throw new WsSecurityException(SecurityFailure.CanonicalizationNotAllowed, $"The canonicalization '{RefusedValue.Show(algorithm)}' is not supported.");
        var parameter = element.FirstChild;
        if (parameter.IsNone)
        {
            return (method, PrefixList.Empty);
        }

        // Exclusive XML Canonicalization 1.0, section 4.
        if (method.Version != CanonicalVersion.Exclusive || !parameter.Is("InclusiveNamespaces"u8, XmlSignature.ExclusiveCanonicalization) || !parameter.NextSibling.IsNone)
        {
            throw Broken("a canonicalization has parameters that it does not take");
        }

        return (method, PrefixList.Parse(parameter.GetAttribute("PrefixList") ?? string.Empty));
    }

    private static string ReadAlgorithm(XmlElement element) =>
        element.GetAttribute("Algorithm") ?? throw Broken("an Algorithm attribute is missing");

    private static byte[] ReadBase64(XmlElement element) =>
        element.TryGetBase64(out var octets) && octets.Length > 0 ? octets : throw Broken("a value is not Base64");

    private static void Demand(XmlElement element, ReadOnlySpan<byte> localName)
    {
        if (element.IsNone || !element.Is(localName, XmlSignature.Namespace))
        {
            throw Broken($"{System.Text.Encoding.UTF8.GetString(localName)} is missing or misplaced");
        }
    }

    private static WsSecurityException Broken(string what) => new(SecurityFailure.InvalidSignatureStructure, $"The Signature is not well built: {what}.");
}
