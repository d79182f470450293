using System.Formats.Asn1;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Kerberos;

/// <summary>Reads a wsse:BinarySecurityToken with an AP-REQ (Kerberos Token Profile 1.1.1, section 3.2).</summary>
internal static class KerberosTokenReader
{
    public static bool Is(XmlElement element) => element.Is("BinarySecurityToken"u8, Wsse.Namespace) && IsType(element.GetAttribute("ValueType"));

    /// <summary>Whether a ValueType is one of the profile's for tokens.</summary>
    public static bool IsType(string? valueType) => IsGss(valueType)
        || valueType is KerberosTokenProfile.ApReq or KerberosTokenProfile.ApReq1510 or KerberosTokenProfile.ApReq4120;

    /// <returns>The octets that the token holds, the same as a GSS token, and what the AP-REQ shows.</returns>
    /// <exception cref="WsSecurityException">It is broken.</exception>
    public static (byte[] Octets, byte[] GssToken, ApRequest Request) Read(XmlElement element)
    {
        if (element.GetAttribute("EncodingType") is { } encoding && encoding != Wsse.Base64Binary)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A BinarySecurityToken has another encoding than Base64Binary.");
        }

        if (!element.TryGetBase64(out var octets))
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A BinarySecurityToken is not Base64.");
        }

        try
        {
            return IsGss(element.GetAttribute("ValueType"))
                ? (octets, octets, ApRequest.Read(ApRequest.Unwrap(octets)))
                : (octets, ApRequest.Wrap(octets), ApRequest.Read(octets));
        }
        catch (AsnContentException exception)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, $"A Kerberos token holds no AP-REQ: {exception.Message}", exception);
        }
    }

    private static bool IsGss(string? valueType) =>
        valueType is KerberosTokenProfile.GssApReq or KerberosTokenProfile.GssApReq1510 or KerberosTokenProfile.GssApReq4120;
}
