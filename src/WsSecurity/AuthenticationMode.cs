namespace WsSecurity;

/// <summary>
/// How the two parties authenticate, by the names of WCF's <c>&lt;security authenticationMode&gt;</c>.
/// WCF's negotiated and secure-conversation modes are refused by name when a policy is read.
/// </summary>
public enum AuthenticationMode
{
    /// <summary>Asymmetric: each side signs with its own certificate and encrypts for the other's (AsymmetricBinding).</summary>
    MutualCertificateDuplex,

    /// <summary>
    /// WSS 1.1: symmetric, a key encrypted for the service, endorsed by the client's certificate.
    /// WSS 1.0: as <see cref="MutualCertificateDuplex"/>, as WCF does it.
    /// </summary>
    MutualCertificate,

    /// <summary>Asymmetric, signed by the client's certificate alone; nothing is encrypted.</summary>
    CertificateSignature,

    /// <summary>Symmetric: a key encrypted for the service; the client stays anonymous.</summary>
    AnonymousForCertificate,

    /// <summary>Symmetric: a key encrypted for the service, with a signed and encrypted UsernameToken.</summary>
    UserNameForCertificate,

    /// <summary>The transport protects; the message carries a Timestamp and a UsernameToken.</summary>
    UserNameOverTransport,

    /// <summary>The transport protects; the client's certificate signs the Timestamp.</summary>
    CertificateOverTransport,

    /// <summary>The transport protects, and the message carries a Timestamp alone. WCF has no name for it: a TransportBinding without tokens.</summary>
    AnonymousOverTransport,

    /// <summary>The transport protects; the message carries a SAML assertion.</summary>
    IssuedTokenOverTransport,

    /// <summary>Symmetric, by the secret that the issuer of a SAML assertion shares with its subject and encrypted for the service.</summary>
    IssuedToken,

    /// <summary>
    /// Symmetric: a key encrypted for the service, with a signed and encrypted SAML assertion; <see cref="SecurityPolicy.SupportingTokens"/> may say that its
    /// subject's key endorses, as WCF does unless the assertion is for bearers.
    /// </summary>
    IssuedTokenForCertificate,

    /// <summary>Symmetric, by a Kerberos session key.</summary>
    Kerberos,

    /// <summary>The transport protects; the message carries a Kerberos ticket.</summary>
    KerberosOverTransport,

    /// <summary>
    /// Symmetric, by a key that both sides derive from the user's password (UsernameToken Profile 1.1.1, section 4). WCF has no name for it: a SymmetricBinding whose
    /// ProtectionToken is a UsernameToken, as CXF has it.
    /// </summary>
    UserNameDerivedKey,
}
