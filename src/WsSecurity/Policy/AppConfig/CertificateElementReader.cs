using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Policy.AppConfig;

/// <summary>Reads the elements that name a certificate.</summary>
internal static class CertificateElementReader
{
    // The others find by what many certificates have.
    private static readonly string[] FindTypes =
    [
        "FindBySubjectDistinguishedName", "FindBySubjectName", "FindByThumbprint", "FindBySerialNumber", "FindBySubjectKeyIdentifier", "FindByIssuerName",
        "FindByIssuerDistinguishedName",
    ];

    /// <param name="element">With <c>findValue</c>, <c>storeLocation</c>, <c>storeName</c> and <c>x509FindType</c>.</param>
    /// <param name="location">The default location of such an element.</param>
    /// <returns>What it names; null where it names nothing, or is refused.</returns>
    public static StoreCertificate? ReadReference(AppConfigElement element, StoreLocation location)
    {
        var value = element.Text("findValue");
        location = element.Name<StoreLocation>("storeLocation") ?? location;
        var store = element.Name<StoreName>("storeName") ?? StoreName.My;
        var type = element.Has("x509FindType") ? element.Name("x509FindType", FindTypes) : FindTypes[0];
        _ = element.Boolean("isChainIncluded");
        return string.IsNullOrEmpty(value) || type is null ? null : new StoreCertificate
        {
            StoreLocation = location,
            StoreName = store,
            FindType = Enum.Parse<X509FindType>(type),
            FindValue = value,
            Where = element.Where("findValue"),
        };
    }

    /// <summary>Reads a base64 <c>encodedValue</c>: a certificate, or one as Windows serializes it with its properties, which svcutil writes.</summary>
    public static X509Certificate2? ReadEncoded(AppConfigElement element)
    {
        const string Key = "encodedValue";
        if (element.Text(Key) is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            var octets = Convert.FromBase64String(text);
            return X509CertificateLoader.LoadCertificate(FindSerialized(octets) ?? octets);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            element.Refuse(Key, "is no certificate");
            return null;
        }
    }

    // CertSerializeCertificateStoreElement: properties of identifier, 1, length and value, the certificate (32) the last.
    private static byte[]? FindSerialized(ReadOnlySpan<byte> octets)
    {
        const int Header = 12;
        const uint CertificateProperty = 32;
        while (octets.Length >= Header)
        {
            var property = BinaryPrimitives.ReadUInt32LittleEndian(octets);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(octets[8..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(octets[4..]) != 1 || length > octets.Length - Header)
            {
                return null;
            }

            if (property == CertificateProperty)
            {
                return octets.Slice(Header, (int)length).ToArray();
            }

            octets = octets[(Header + (int)length)..];
        }

        return null;
    }
}
