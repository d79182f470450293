using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Encryption;

/// <summary>An xenc:EncryptedData, taken apart.</summary>
internal sealed record ParsedEncryptedData(XmlElement Element, bool ContentOnly, string UntrustedAlgorithm, XmlElement KeyInfo, XmlElement CipherValue);

/// <summary>An xenc:EncryptedKey, taken apart.</summary>
internal sealed record ParsedEncryptedKey(
    XmlElement Element,
    string UntrustedAlgorithm,
    string? UntrustedDigest,
    string? UntrustedMaskGeneration,
    byte[] Label,
    XmlElement KeyInfo,
    byte[] CipherValue,
    XmlElement ReferenceList);

/// <summary>Reads xenc:EncryptedData and xenc:EncryptedKey (XML Encryption 1.1, sections 3 and 5.5). Nothing is ever fetched.</summary>
internal static class EncryptedDataReader
{
    /// <exception cref="WsSecurityException">The element is not well built.</exception>
    public static ParsedEncryptedData ReadData(XmlElement element)
    {
        if (!element.Is("EncryptedData"u8, XmlEncryption.Namespace))
        {
            throw Broken("a DataReference leads to something else than an EncryptedData");
        }

        var (method, keyInfo, cipherValue, _) = ReadType(element, "an EncryptedData");
        var contentOnly = element.GetAttribute("Type") switch
        {
            XmlEncryption.Content => true,
            XmlEncryption.Element => false,
            _ => throw Broken("an EncryptedData holds neither an element nor content"),
        };
        return new ParsedEncryptedData(element, contentOnly, ReadAlgorithm(method), keyInfo, cipherValue);
    }

    /// <exception cref="WsSecurityException">The element is not well built.</exception>
    public static ParsedEncryptedKey ReadKey(XmlElement element)
    {
        var (method, keyInfo, cipherValue, rest) = ReadType(element, "an EncryptedKey");
        string? digest = null;
        string? maskGeneration = null;
        byte[] label = [];
        foreach (var parameter in method.Children)
        {
            if (parameter.Is("DigestMethod"u8, XmlSignature.Namespace) && digest is null)
            {
                digest = ReadAlgorithm(parameter);
            }
            else if (parameter.Is("MGF"u8, XmlEncryption.Namespace11) && maskGeneration is null)
            {
                maskGeneration = ReadAlgorithm(parameter);
            }
            else if (!parameter.Is("OAEPparams"u8, XmlEncryption.Namespace) || label.Length > 0 || !parameter.TryGetBase64(out label))
            {
                throw Broken("the EncryptionMethod of an EncryptedKey has parameters that it does not take");
            }
        }

        var referenceList = default(XmlElement);
        for (; !rest.IsNone; rest = rest.NextSibling)
        {
            if (rest.Is("ReferenceList"u8, XmlEncryption.Namespace) && referenceList.IsNone)
            {
                referenceList = rest;
            }
            else if (!rest.Is("CarriedKeyName"u8, XmlEncryption.Namespace))
            {
                throw Broken("an EncryptedKey holds more than it may");
            }
        }

        if (!cipherValue.TryGetBase64(out var octets) || octets.Length == 0)
        {
            throw Broken("the CipherValue of an EncryptedKey is not Base64");
        }

        return new ParsedEncryptedKey(element, ReadAlgorithm(method), digest, maskGeneration, label, keyInfo, octets, referenceList);
    }

    /// <summary>The Ids that a ReferenceList names.</summary>
    /// <exception cref="WsSecurityException">It is not well built, or too long.</exception>
    public static List<string> ReadReferenceList(XmlElement list, ProcessingLimits limits)
    {
        var ids = new List<string>();
        foreach (var reference in list.Children)
        {
            if (!reference.Is("DataReference"u8, XmlEncryption.Namespace))
            {
                throw Broken("a ReferenceList holds something else than DataReferences");
            }

            var uri = reference.GetAttribute("URI");
            if (string.IsNullOrEmpty(uri) || uri[0] != '#')
            {
                throw new WsSecurityException(SecurityFailure.ExternalReference, "A DataReference leads out of the message.");
            }

            if (ids.Count == limits.MaxEncryptedParts)
            {
                throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"A ReferenceList names more than {limits.MaxEncryptedParts} parts.");
            }

            ids.Add(uri[1..]);
        }

        return ids;
    }

    private static (XmlElement Method, XmlElement KeyInfo, XmlElement CipherValue, XmlElement Next) ReadType(XmlElement element, string name)
    {
        var method = element.FirstChild;
        if (method.IsNone || !method.Is("EncryptionMethod"u8, XmlEncryption.Namespace))
        {
            throw Broken($"{name} has no EncryptionMethod");
        }

        var next = method.NextSibling;
        var keyInfo = default(XmlElement);
        if (!next.IsNone && next.Is("KeyInfo"u8, XmlSignature.Namespace))
        {
            keyInfo = next;
            next = next.NextSibling;
        }

        if (next.IsNone || !next.Is("CipherData"u8, XmlEncryption.Namespace))
        {
            throw Broken($"{name} has no CipherData");
        }

        var cipherValue = next.FirstChild;
        if (!cipherValue.IsNone && cipherValue.Is("CipherReference"u8, XmlEncryption.Namespace))
        {
            throw new WsSecurityException(SecurityFailure.ExternalReference, $"The ciphertext of {name} stands elsewhere.");
        }

        if (cipherValue.IsNone || !cipherValue.Is("CipherValue"u8, XmlEncryption.Namespace) || !cipherValue.NextSibling.IsNone)
        {
            throw Broken($"{name} has no CipherValue");
        }

        return (method, keyInfo, cipherValue, next.NextSibling);
    }

    private static string ReadAlgorithm(XmlElement element) =>
        element.GetAttribute("Algorithm") ?? throw Broken("an Algorithm attribute is missing");

    private static WsSecurityException Broken(string what) => new(SecurityFailure.InvalidEncryptionStructure, $"The encryption is not well built: {what}.");
}
