using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml;

namespace WsSecurity.Cli.SecondOpinion;

/// <summary>Checks one signature by every key that could have made it.</summary>
internal sealed class SignatureCheck(IReadOnlyList<X509Certificate2> certificates, IReadOnlyList<byte[]> sharedKeys)
{
    /// <summary>Whether there is a key that could have made the signature.</summary>
    public bool HasKeysFor(XmlElement signature) => IsHmac(signature) ? sharedKeys.Count > 0 : certificates.Count > 0;

    /// <summary>Whether the signature is valid, and by whose key.</summary>
    public (bool IsValid, X509Certificate2? Signer) Run(XmlElement signature)
    {
        if (IsHmac(signature))
        {
            return (sharedKeys.Any(key => IsValid(signature, key, MethodOf(signature))), null);
        }

        var signer = certificates.FirstOrDefault(certificate => IsValid(signature, certificate));
        return (signer is not null, signer);
    }

    private static string MethodOf(XmlElement signature) =>
        signature["SignedInfo", Namespaces.Dsig]!["SignatureMethod", Namespaces.Dsig]!.GetAttribute("Algorithm");

    private static bool IsHmac(XmlElement signature) => MethodOf(signature).Contains("#hmac-", StringComparison.Ordinal);

    private static bool IsValid(XmlElement signature, X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPublicKey();
        return key is not null && IsValid(() => new EnvelopeSignedXml(signature).CheckSignature(key));
    }

    private static bool IsValid(XmlElement signature, byte[] key, string method)
    {
        using KeyedHashAlgorithm hash = method switch
        {
            _ when method.EndsWith("sha256", StringComparison.Ordinal) => new HMACSHA256(key),
            _ when method.EndsWith("sha384", StringComparison.Ordinal) => new HMACSHA384(key),
            _ when method.EndsWith("sha512", StringComparison.Ordinal) => new HMACSHA512(key),
            _ => new HMACSHA1(key),
        };
        return IsValid(() => new EnvelopeSignedXml(signature).CheckSignature(hash));
    }

    private static bool IsValid(Func<bool> check)
    {
        try
        {
            return check();
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or XmlException or ArgumentException)
        {
            // What it cannot even parse is not valid for it.
            return false;
        }
    }
}
