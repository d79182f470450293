using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml;

namespace WsSecurity.Cli.SecondOpinion;

/// <summary>Checks one signature by every key that could have made it.</summary>
internal sealed class SignatureCheck(IReadOnlyList<X509Certificate2> certificates, IReadOnlyList<byte[]> sharedKeys)
{
    /// <summary>Whether the signature is valid, and by whose key.</summary>
    public (bool IsValid, X509Certificate2? Signer) Run(XmlDocument document, XmlElement signature)
    {
        var method = signature["SignedInfo", Namespaces.Dsig]!["SignatureMethod", Namespaces.Dsig]!.GetAttribute("Algorithm");
        if (method.Contains("#hmac-", StringComparison.Ordinal))
        {
            return (sharedKeys.Any(key => IsValid(document, signature, key, method)), null);
        }

        var signer = certificates.FirstOrDefault(certificate => IsValid(document, signature, certificate));
        return (signer is not null, signer);
    }

    private static bool IsValid(XmlDocument document, XmlElement signature, X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPublicKey();
        return key is not null && IsValid(() => new EnvelopeSignedXml(document, signature).CheckSignature(key));
    }

    private static bool IsValid(XmlDocument document, XmlElement signature, byte[] key, string method)
    {
        using KeyedHashAlgorithm hash = method switch
        {
            _ when method.EndsWith("sha256", StringComparison.Ordinal) => new HMACSHA256(key),
            _ when method.EndsWith("sha384", StringComparison.Ordinal) => new HMACSHA384(key),
            _ when method.EndsWith("sha512", StringComparison.Ordinal) => new HMACSHA512(key),
            _ => new HMACSHA1(key),
        };
        return IsValid(() => new EnvelopeSignedXml(document, signature).CheckSignature(hash));
    }

    private static bool IsValid(Func<bool> check)
    {
        try
        {
            return check();
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
