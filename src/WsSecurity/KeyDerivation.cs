namespace WsSecurity;

/// <summary>How a key is derived from what is agreed on with a certificate of an elliptic curve (XML Encryption 1.1 section 5.4).</summary>
public enum KeyDerivation
{
    /// <summary>ConcatKDF of XML Encryption 1.1, with the suite's digest.</summary>
    ConcatKdf,

    /// <summary>HKDF of RFC 5869, with an HMAC of the suite's digest and a random salt.</summary>
    Hkdf,
}
