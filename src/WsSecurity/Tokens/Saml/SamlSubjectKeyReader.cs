using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Reads the key that a holder-of-key confirmation names: what vouches for it is the issuer's signature.</summary>
internal static class SamlSubjectKeyReader
{
    private const int MaxModulusSize = 2048;

    /// <exception cref="WsSecurityException">There is none, or it is named in a way that is not supported.</exception>
    public static SamlSubjectKey Read(XmlElement keyInfo, Func<byte[], CertificateEntry> readCertificate)
    {
        var child = keyInfo.FirstChild;
        if (child.IsNone || !child.NextSibling.IsNone)
        {
            throw SamlAssertionReader.Broken("a holder-of-key confirmation does not name exactly one key");
        }

        if (child.Is("X509Data"u8, XmlSignature.Namespace)
            && child.FirstChild is { IsNone: false } data && data.NextSibling.IsNone && data.Is("X509Certificate"u8, XmlSignature.Namespace) && data.TryGetBase64(out var der))
        {
            return OfCertificate(readCertificate(der));
        }

        if (child.Is("KeyValue"u8, XmlSignature.Namespace)
            && child.FirstChild is { IsNone: false } value && value.NextSibling.IsNone && value.Is("RSAKeyValue"u8, XmlSignature.Namespace))
        {
            return OfRsa(value);
        }

        throw SamlAssertionReader.Unsupported(child);
    }

    private static SamlSubjectKey OfCertificate(CertificateEntry certificate) => new(
        certificate.VerificationKey ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "The subject's key is neither RSA nor ECDSA."),
        certificate.Certificate.PublicKey.ExportSubjectPublicKeyInfo(),
        certificate);

    // XML Signature 1.1, section 4.5.2.2.
    private static SamlSubjectKey OfRsa(XmlElement value)
    {
        if (!value.Child("Modulus"u8, XmlSignature.Namespace).TryGetBase64(out var modulus)
            || !value.Child("Exponent"u8, XmlSignature.Namespace).TryGetBase64(out var exponent)
            || modulus.Length is 0 or > MaxModulusSize || exponent.Length is 0 or > 8)
        {
            throw SamlAssertionReader.Broken("an RSAKeyValue is no modulus and exponent");
        }

        try
        {
            var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
            return new SamlSubjectKey(new RsaSignatureKey(rsa), rsa.ExportSubjectPublicKeyInfo(), null);
        }
        catch (CryptographicException exception)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "An RSAKeyValue is no key.", exception);
        }
    }
}
