using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.X509;

/// <summary>
/// A bare public key in a KeyInfo (XML Signature 1.1, sections 4.5.2 and 4.5.10). It is only compared with the keys of certificates that are known, never used itself.
/// </summary>
internal static class KeyValue
{
    private const string CurveUrn = "urn:oid:";
    private const int MaxKeySize = 4096;

    public static bool Is(XmlElement element) => element.Is("KeyValue"u8, XmlSignature.Namespace) || element.Is("DEREncodedKeyValue"u8, XmlSignature.Namespace11);

    /// <returns>The key as a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).</returns>
    /// <exception cref="WsSecurityException">It is no RSA key, and none of a named curve.</exception>
    public static byte[] Read(XmlElement element)
    {
        if (element.Is("DEREncodedKeyValue"u8, XmlSignature.Namespace11))
        {
            return ReadBase64(element);
        }

        var value = element.FirstChild;
        if (value.IsNone || !value.NextSibling.IsNone)
        {
            throw Broken();
        }

        if (value.Is("RSAKeyValue"u8, XmlSignature.Namespace))
        {
            return OfRsa(ReadBase64(value.Child("Modulus"u8, XmlSignature.Namespace)), ReadBase64(value.Child("Exponent"u8, XmlSignature.Namespace)));
        }

        var curve = value.Child("NamedCurve"u8, XmlSignature.Namespace11);
        if (!value.Is("ECKeyValue"u8, XmlSignature.Namespace11) || curve.IsNone || curve.GetAttribute("URI") is not { } uri || !uri.StartsWith(CurveUrn, StringComparison.Ordinal))
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "A KeyValue is neither an RSA key nor one of a named curve.");
        }

        try
        {
            return OfCurve(uri[CurveUrn.Length..], ReadBase64(value.Child("PublicKey"u8, XmlSignature.Namespace11)));
        }
        catch (ArgumentException exception)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "An ECKeyValue names no curve.", exception);
        }
    }

    /// <summary>Writes the key of a certificate; a reference always stands in a KeyInfo, which has declared the prefix.</summary>
    /// <exception cref="InvalidOperationException">The key is neither RSA nor of a named curve.</exception>
    public static void Write(Utf8XmlWriter writer, X509Certificate2 certificate)
    {
        writer.StartElement("ds", "KeyValue");
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        if (rsa is not null)
        {
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            writer.StartElement("ds", "RSAKeyValue");
            WriteBase64(writer, "ds", "Modulus", parameters.Modulus!);
            WriteBase64(writer, "ds", "Exponent", parameters.Exponent!);
            writer.EndElement();
        }
        else if (ecdsa?.ExportParameters(includePrivateParameters: false) is { Curve.Oid.Value: { } oid } parameters)
        {
            writer.StartElement("dsig11", "ECKeyValue");
            writer.NamespaceDeclaration("dsig11", XmlSignature.Namespace11);
            writer.StartElement("dsig11", "NamedCurve");
            writer.Attribute("", "URI", CurveUrn + oid);
            writer.EndElement();
            WriteBase64(writer, "dsig11", "PublicKey", [4, .. parameters.Q.X!, .. parameters.Q.Y!]);
            writer.EndElement();
        }
        else
        {
            throw new InvalidOperationException($"The key of the certificate '{certificate.Subject}' cannot be written as a KeyValue; choose another KeyReference.");
        }

        writer.EndElement();
    }

    private static byte[] OfRsa(byte[] modulus, byte[] exponent)
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(new BigInteger(modulus, isUnsigned: true, isBigEndian: true));
            key.WriteInteger(new BigInteger(exponent, isUnsigned: true, isBigEndian: true));
        }

        return Encode(key.Encode(), "1.2.840.113549.1.1.1", writer => writer.WriteNull());
    }

    private static byte[] OfCurve(string oid, byte[] point) => Encode(point, "1.2.840.10045.2.1", writer => writer.WriteObjectIdentifier(oid));

    private static byte[] Encode(byte[] key, string algorithm, Action<AsnWriter> writeParameters)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
                writeParameters(writer);
            }

            writer.WriteBitString(key);
        }

        return writer.Encode();
    }

    private static byte[] ReadBase64(XmlElement element) =>
        !element.IsNone && element.TryGetBase64(out var octets) && octets.Length is > 0 and <= MaxKeySize ? octets : throw Broken();

    private static void WriteBase64(Utf8XmlWriter writer, string prefix, string name, byte[] value)
    {
        writer.StartElement(prefix, name);
        writer.Base64(value);
        writer.EndElement();
    }

    private static WsSecurityException Broken() => new(SecurityFailure.InvalidSecurityToken, "A KeyValue holds no key.");
}
