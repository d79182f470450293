namespace WsSecurity;

/// <summary>Which protection comes first, by WCF's names (WS-SecurityPolicy 1.3, section 6.3).</summary>
public enum MessageProtectionOrder
{
    /// <summary>Sign the plaintext, encrypt it, and encrypt the signature too.</summary>
    SignBeforeEncryptAndEncryptSignature,

    /// <summary>Sign the plaintext, then encrypt it; the signature stays readable.</summary>
    SignBeforeEncrypt,

    /// <summary>Encrypt first, then sign the ciphertext.</summary>
    EncryptBeforeSign,
}
