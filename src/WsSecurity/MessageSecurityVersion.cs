namespace WsSecurity;

/// <summary>The version of SOAP Message Security that is written and accepted.</summary>
public enum MessageSecurityVersion
{
    /// <summary>SOAP Message Security 1.1 and 1.1.1: thumbprints, EncryptedHeader, EncryptedKeySHA1, SignatureConfirmation.</summary>
    Wss11,

    /// <summary>SOAP Message Security 1.0.</summary>
    Wss10,
}
