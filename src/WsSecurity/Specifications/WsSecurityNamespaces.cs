namespace WsSecurity.Specifications;

/// <summary>WS-Security SOAP Message Security 1.0, 1.1 and 1.1.1.</summary>
internal static class Wsse
{
    public const string Namespace = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    public const string Namespace11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd";

    private const string SoapMessageSecurity10 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0";
    private const string SoapMessageSecurity11 = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1";

    // Section 6.3.
    public const string Base64Binary = SoapMessageSecurity10 + "#Base64Binary";

    // Section 8.3.
    public const string StrTransform = SoapMessageSecurity10 + "#STR-Transform";

    // Section 7.3.
    public const string ThumbprintSha1 = SoapMessageSecurity11 + "#ThumbprintSHA1";
    public const string EncryptedKeySha1 = SoapMessageSecurity11 + "#EncryptedKeySHA1";

    // Section 7.7.
    public const string EncryptedKeyTokenType = SoapMessageSecurity11 + "#EncryptedKey";
}

/// <summary>The utility namespace of SOAP Message Security, appendix A.</summary>
internal static class Wsu
{
    public const string Namespace = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
}

/// <summary>X.509 Certificate Token Profile 1.1.1, section 3.</summary>
internal static class X509TokenProfile
{
    private const string Profile10 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0";

    public const string X509v3 = Profile10 + "#X509v3";
    public const string X509PkiPathv1 = Profile10 + "#X509PKIPathv1";
    public const string Pkcs7 = Profile10 + "#PKCS7";

    // .NET Framework and WSS4J write the identifier below the X.509 profile's address.
    public const string SubjectKeyIdentifier = Profile10 + "#X509SubjectKeyIdentifier";
}

/// <summary>UsernameToken Profile 1.1.1, section 3.</summary>
internal static class UsernameTokenProfile
{
    private const string Profile10 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0";

    public const string PasswordText = Profile10 + "#PasswordText";
    public const string PasswordDigest = Profile10 + "#PasswordDigest";
    public const string UsernameToken = Profile10 + "#UsernameToken";
}

/// <summary>SAML Token Profile 1.1.1, section 3.</summary>
internal static class SamlTokenProfile
{
    private const string Profile11 = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1";

    public const string SamlId = Profile11 + "#SAMLID";
    public const string SamlAssertionId = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID";
    public const string Saml11TokenType = Profile11 + "#SAMLV1.1";
    public const string Saml20TokenType = Profile11 + "#SAMLV2.0";
}

/// <summary>Kerberos Token Profile 1.1.1, sections 3.2 and 3.3.</summary>
internal static class KerberosTokenProfile
{
    private const string Profile11 = "http://docs.oasis-open.org/wss/oasis-wss-kerberos-token-profile-1.1";

    public const string ApReq = Profile11 + "#Kerberosv5_AP_REQ";
    public const string ApReq1510 = Profile11 + "#Kerberosv5_AP_REQ1510";
    public const string ApReq4120 = Profile11 + "#Kerberosv5_AP_REQ4120";
    public const string GssApReq = Profile11 + "#GSS_Kerberosv5_AP_REQ";
    public const string GssApReq1510 = Profile11 + "#GSS_Kerberosv5_AP_REQ1510";
    public const string GssApReq4120 = Profile11 + "#GSS_Kerberosv5_AP_REQ4120";
    public const string ApReqSha1 = Profile11 + "#Kerberosv5APREQSHA1";
}

/// <summary>SAML 1.1 Core.</summary>
internal static class Saml11
{
    public const string Namespace = "urn:oasis:names:tc:SAML:1.0:assertion";
    public const string Bearer = "urn:oasis:names:tc:SAML:1.0:cm:bearer";
    public const string HolderOfKey = "urn:oasis:names:tc:SAML:1.0:cm:holder-of-key";
    public const string SenderVouches = "urn:oasis:names:tc:SAML:1.0:cm:sender-vouches";
}

/// <summary>SAML 2.0 Core, and Profiles section 3.</summary>
internal static class Saml20
{
    public const string Namespace = "urn:oasis:names:tc:SAML:2.0:assertion";
    public const string Bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    public const string HolderOfKey = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key";
    public const string SenderVouches = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches";
}

/// <summary>WS-SecureConversation 1.3 and the submission of February 2005.</summary>
internal static class WsSecureConversation
{
    public const string Namespace = "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512";
    public const string Namespace200502 = "http://schemas.xmlsoap.org/ws/2005/02/sc";
}

/// <summary>XML Signature Syntax and Processing 1.1.</summary>
internal static class XmlSignature
{
    public const string Namespace = "http://www.w3.org/2000/09/xmldsig#";
    public const string Namespace11 = "http://www.w3.org/2009/xmldsig11#";

    // RFC 9231: algorithms of 2007, and HKDF among those of 2021.
    public const string Namespace200705 = "http://www.w3.org/2007/05/xmldsig-more#";
    public const string Namespace202104 = "http://www.w3.org/2021/04/xmldsig-more#";
    public const string EnvelopedSignature = Namespace + "enveloped-signature";
    public const string ExclusiveCanonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#";
}

/// <summary>XML Encryption Syntax and Processing 1.0 and 1.1.</summary>
internal static class XmlEncryption
{
    public const string Namespace = "http://www.w3.org/2001/04/xmlenc#";
    public const string Namespace11 = "http://www.w3.org/2009/xmlenc11#";
    public const string Element = Namespace + "Element";
    public const string Content = Namespace + "Content";
}
