namespace WsSecurity;

/// <summary>The versions of SAML assertions (SAML Token Profile 1.1.1, section 3.1).</summary>
public enum SamlVersion
{
    /// <summary>SAML 2.0.</summary>
    Saml20,

    /// <summary>SAML 1.1.</summary>
    Saml11,
}
