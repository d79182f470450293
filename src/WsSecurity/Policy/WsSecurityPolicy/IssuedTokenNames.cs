using System.Xml.Linq;
using WsSecurity.Specifications;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>What policies say of tokens in words of others: WS-Trust 1.3 and its forerunner, and the claims dialect of Identity Metasystem Interoperability 1.0, section 3.</summary>
internal static class IssuedTokenNames
{
    public static readonly XNamespace Trust13 = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
    public static readonly XNamespace TrustFeb2005 = "http://schemas.xmlsoap.org/ws/2005/02/trust";
    public static readonly XNamespace Identity = "http://schemas.xmlsoap.org/ws/2005/05/identity";
    public static readonly XNamespace Addressing10 = "http://www.w3.org/2005/08/addressing";
    public static readonly XNamespace Addressing200408 = "http://schemas.xmlsoap.org/ws/2004/08/addressing";

    public static bool IsTrust(XNamespace name) => name == Trust13 || name == TrustFeb2005;

    public static bool IsAddressing(XNamespace name) => name == Addressing10 || name == Addressing200408;

    /// <summary>The version that a TokenType means; null where it is of no SAML.</summary>
    public static SamlVersion? VersionOf(string tokenType) => tokenType switch
    {
        SamlTokenProfile.Saml20TokenType or Saml20.Namespace => SamlVersion.Saml20,
        SamlTokenProfile.Saml11TokenType or Saml11.Namespace => SamlVersion.Saml11,
        _ => null,
    };

    public static string TokenTypeOf(SamlVersion version) => version == SamlVersion.Saml20 ? SamlTokenProfile.Saml20TokenType : SamlTokenProfile.Saml11TokenType;

    /// <summary>Tokens that have types of their own, so that none of them is a custom one.</summary>
    public static bool IsOfAnotherProfile(string tokenType) =>
        tokenType.StartsWith("http://docs.oasis-open.org/ws-sx/", StringComparison.Ordinal)
        || tokenType.StartsWith("http://docs.oasis-open.org/wss/", StringComparison.Ordinal)
        || tokenType.StartsWith("http://schemas.xmlsoap.org/ws/2005/02/sc", StringComparison.Ordinal);
}
