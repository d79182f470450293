using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Specifications;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Reads the key that a holder-of-key confirmation names: what vouches for it is the issuer's signature.</summary>
internal static class SamlSubjectKeyReader
{
    private const int MaxModulusSize = 2048;
    private const int MaxKeyInfoSize = 8192;

    /// <exception cref="WsSecurityException">There is none, or it is named in a way that is not supported.</exception>
    public static SamlSubjectKey Read(XmlElement keyInfo, Func<byte[], CertificateEntry> readCertificate)
    {
        var child = keyInfo.FirstChild;
        if (child.IsNone || !child.NextSibling.IsNone)
        {
            throw SamlAssertionReader.Broken("a holder-of-key confirmation does not name exactly one key");
        }

        if (child.Is("EncryptedKey"u8, XmlEncryption.Namespace))
        {
            return new SamlProofKey(EncryptedDataReader.ReadKey(child));
        }

        if (child.Is("X509Data"u8, XmlSignature.Namespace))
        {
            return ReadX509Data(child, readCertificate);
        }

        if (child.Is("SecurityTokenReference"u8, Wsse.Namespace))
        {
            return OfReference(SecurityTokenReference.Read(child), child, readCertificate);
        }

        if (child.Is("DEREncodedKeyValue"u8, XmlSignature.Namespace11))
        {
            return child.TryGetBase64(out var info) && info.Length is > 0 and <= MaxKeyInfoSize
                ? OfPublicKeyInfo(info)
                : throw SamlAssertionReader.Broken("a DEREncodedKeyValue is no key");
        }

        if (child.Is("KeyValue"u8, XmlSignature.Namespace) && child.FirstChild is { IsNone: false } value && value.NextSibling.IsNone)
        {
            return value.Is("RSAKeyValue"u8, XmlSignature.Namespace) ? OfRsa(value)
                : AgreementMethodReader.ReadPublicKey(keyInfo) is var (curve, point) ? OfEllipticCurve(curve, point)
                : throw SamlAssertionReader.Unsupported(value);
        }

        throw SamlAssertionReader.Unsupported(child);
    }

    // A certificate is the key; what else stands beside it only describes it.
    private static SamlSubjectKey ReadX509Data(XmlElement data, Func<byte[], CertificateEntry> readCertificate)
    {
        var certificates = 0;
        byte[] der = [];
        foreach (var child in data.Children)
        {
            if (child.Is("X509Certificate"u8, XmlSignature.Namespace))
            {
                certificates++;
                SamlAssertionReader.Demand(child.TryGetBase64(out der), "an X509Certificate is not Base64");
            }
        }

        return certificates switch
        {
            0 => OfReference(SecurityTokenReference.ReadX509Data(data), data, readCertificate),
            1 => OfCertificate(readCertificate(der)),
            _ => throw SamlAssertionReader.Broken("a holder-of-key confirmation names more than one certificate"),
        };
    }

    // What stands elsewhere in the message is nothing that the issuer signed.
    private static SamlSubjectKey OfReference(SecurityTokenReference reference, XmlElement element, Func<byte[], CertificateEntry> readCertificate) => reference switch
    {
        SecurityTokenReference.Certificate certificate => OfCertificate(readCertificate(certificate.Der)),
        SecurityTokenReference.Thumbprint or SecurityTokenReference.SubjectKeyIdentifier or SecurityTokenReference.IssuerSerial => new SamlNamedCertificate(reference),
        _ => throw SamlAssertionReader.Unsupported(element),
    };

    /// <summary>The key of a certificate that was found.</summary>
    /// <exception cref="WsSecurityException">It is of no kind that is supported.</exception>
    public static SamlPublicKey OfCertificate(CertificateEntry certificate) => new(
        certificate.VerificationKey ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "The subject's key is neither RSA nor ECDSA."),
        certificate.Certificate.PublicKey.ExportSubjectPublicKeyInfo(),
        certificate);

    // XML Signature 1.1, section 4.5.2.2.
    private static SamlPublicKey OfRsa(XmlElement value)
    {
        if (!value.Child("Modulus"u8, XmlSignature.Namespace).TryGetBase64(out var modulus)
            || !value.Child("Exponent"u8, XmlSignature.Namespace).TryGetBase64(out var exponent)
            || modulus.Length is 0 or > MaxModulusSize || exponent.Length is 0 or > 8)
        {
            throw SamlAssertionReader.Broken("an RSAKeyValue is no modulus and exponent");
        }

        return Import("an RSAKeyValue", () =>
        {
            var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
            return new SamlPublicKey(new RsaSignatureKey(rsa), rsa.ExportSubjectPublicKeyInfo(), null);
        });
    }

    // XML Signature 1.1, section 4.5.2.3: the curve by its object identifier, the point uncompressed.
    private static SamlPublicKey OfEllipticCurve(string untrustedCurve, byte[] point)
    {
        var curve = AgreementCurve.Find(untrustedCurve)
            ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, $"An ECKeyValue is of the curve '{RefusedValue.Show(untrustedCurve)}', which is not supported.");
        SamlAssertionReader.Demand(point.Length == 1 + (2 * curve.FieldSize) && point[0] == 4, "the PublicKey of an ECKeyValue is no uncompressed point");
        var (x, y) = (point[1..(1 + curve.FieldSize)], point[(1 + curve.FieldSize)..]);
        return Import("an ECKeyValue", () =>
        {
            var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.CreateFromValue(curve.Oid), Q = new ECPoint { X = x, Y = y } });
            return new SamlPublicKey(new EcdsaSignatureKey(ecdsa), ecdsa.ExportSubjectPublicKeyInfo(), null);
        });
    }

    // XML Signature 1.1, section 4.5.9.
    private static SamlPublicKey OfPublicKeyInfo(byte[] info) => Import("a DEREncodedKeyValue", () =>
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(info, out var read);
        SamlAssertionReader.Demand(read == info.Length, "something follows the key of a DEREncodedKeyValue");
        SignatureKey? verificationKey = key.GetRSAPublicKey() is { } rsa ? new RsaSignatureKey(rsa) : key.GetECDsaPublicKey() is { } ecdsa ? new EcdsaSignatureKey(ecdsa) : null;
        return new SamlPublicKey(
            verificationKey ?? throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "The subject's key is neither RSA nor ECDSA."),
            key.ExportSubjectPublicKeyInfo(),
            null);
    });

    private static SamlPublicKey Import(string what, Func<SamlPublicKey> import)
    {
        try
        {
            return import();
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, $"The SAML assertion is broken: {what} is no key.", exception);
        }
    }
}
