namespace WsSecurity;

/// <summary>How the sender of a SAML assertion was confirmed as its subject (SAML Token Profile 1.1.1, section 3.5).</summary>
public enum SamlConfirmationMethod
{
    /// <summary>Whoever has the assertion is the subject; so it goes only encrypted or over a protected transport.</summary>
    Bearer,

    /// <summary>Who signs with the key that the assertion names is the subject.</summary>
    HolderOfKey,

    /// <summary>Who signs the message vouches for the subject.</summary>
    SenderVouches,
}
