namespace WsSecurity;

/// <summary>How a certificate is named on the wire (X.509 Token Profile 1.1.1, section 3.2). Every form is accepted, but <see cref="KeyValue"/> only where the policy has it.</summary>
public enum KeyReference
{
    /// <summary>As WCF chooses: the token itself where it is included, else thumbprint (WSS 1.1) or SubjectKeyIdentifier or IssuerSerial (WSS 1.0).</summary>
    Default,

    /// <summary>The certificate travels as a BinarySecurityToken, referenced by its Id.</summary>
    BinarySecurityToken,

    /// <summary><c>ds:X509IssuerSerial</c>.</summary>
    IssuerSerial,

    /// <summary>
    /// A KeyIdentifier with the certificate's SubjectKeyIdentifier extension. For a Kerberos token, which always travels with the request: its SHA-1 in place of its Id.
    /// </summary>
    SubjectKeyIdentifier,

    /// <summary>A KeyIdentifier with the SHA-1 of the certificate (<c>#ThumbprintSHA1</c>, WSS 1.1).</summary>
    Thumbprint,

    /// <summary>
    /// A bare <c>ds:KeyValue</c> (WS-SecurityPolicy 1.3, section 5.4.11), for peers that can do nothing else. It vouches for nothing: it must be the key of a
    /// certificate that is known, as a peer's or pinned in a trust domain, and that certificate must be accepted.
    /// </summary>
    KeyValue,
}
