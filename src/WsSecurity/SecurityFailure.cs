namespace WsSecurity;

/// <summary>
/// Why a message was refused: one member per reason that a user can act upon. For the local log and for tests;
/// the peer sees only the standard fault of <see cref="WsSecurityException.FaultCode"/>.
/// </summary>
public enum SecurityFailure
{
    /// <summary>No failure; the default of the type, never carried by an exception.</summary>
    None = 0,

    // The document

    /// <summary>The octets are not well-formed XML 1.0 with namespaces.</summary>
    MalformedXml,

    /// <summary>The octets are not what their encoding, byte order mark or charset says.</summary>
    InvalidEncoding,

    /// <summary>A document type declaration, which SOAP forbids (SOAP 1.1 section 3, SOAP 1.2 Part 1 section 5).</summary>
    DocumentTypeNotAllowed,

    /// <summary>A processing instruction, which SOAP forbids.</summary>
    ProcessingInstructionNotAllowed,

    /// <summary>More octets than <see cref="ProcessingLimits.MaxMessageSize"/>.</summary>
    MessageTooLarge,

    /// <summary>Deeper than <see cref="ProcessingLimits.MaxDepth"/>.</summary>
    NestingTooDeep,

    /// <summary>More elements than <see cref="ProcessingLimits.MaxElements"/>.</summary>
    TooManyElements,

    /// <summary>More attributes or declarations on one element than <see cref="ProcessingLimits.MaxAttributes"/>.</summary>
    TooManyAttributes,

    /// <summary>More distinct namespace declarations than <see cref="ProcessingLimits.MaxNamespaces"/>.</summary>
    TooManyNamespaces,

    /// <summary>A name longer than <see cref="ProcessingLimits.MaxNameLength"/>.</summary>
    NameTooLong,

    /// <summary>A namespace URI is relative, which canonicalization must refuse (Canonical XML 1.0 section 1.3).</summary>
    RelativeNamespaceUri,

    /// <summary>The document is no SOAP envelope: wrong root, no Body, two Bodies, a child where none may stand.</summary>
    InvalidEnvelope,

    /// <summary>A referenced Id stands on more than one element.</summary>
    DuplicateId,

    // The Security header

    /// <summary>No Security header for this actor.</summary>
    SecurityHeaderMissing,

    /// <summary>Two Security headers for one actor (SOAP Message Security 1.1.1 section 5).</summary>
    DuplicateSecurityHeader,

    /// <summary>An element inside the Security header that is not understood, or stands where it may not.</summary>
    UnexpectedSecurityElement,

    /// <summary>The header's order is not the one that the policy's layout demands.</summary>
    HeaderLayoutViolated,

    /// <summary>More signatures, encrypted keys, tokens or references than the limits allow.</summary>
    TooManySecurityElements,

    // Timestamp

    /// <summary>The policy demands a Timestamp and there is none.</summary>
    TimestampMissing,

    /// <summary>The Timestamp breaks its schema or the Basic Security Profile (section 6 of Basic Security Profile 1.1).</summary>
    InvalidTimestamp,

    /// <summary>The message's lifetime is over.</summary>
    MessageExpired,

    /// <summary>The message was created in the future, beyond the permitted clock skew.</summary>
    MessageNotYetValid,

    // Signature

    /// <summary>The policy demands a signature and there is none, or none of the right key.</summary>
    SignatureMissing,

    /// <summary>The Signature element breaks XML Signature's structure or the Basic Security Profile.</summary>
    InvalidSignatureStructure,

    /// <summary>The policy's suite does not list the signature algorithm.</summary>
    SignatureAlgorithmNotAllowed,

    /// <summary>The policy's suite does not list the digest algorithm.</summary>
    DigestAlgorithmNotAllowed,

    /// <summary>The canonicalization method is not one that is supported or permitted.</summary>
    CanonicalizationNotAllowed,

    /// <summary>A transform that is not permitted (XPath, XSLT and whatever is not listed), or too many of them.</summary>
    TransformNotAllowed,

    /// <summary>HMACOutputLength is present (CVE-2009-0217).</summary>
    HmacTruncationNotAllowed,

    /// <summary>A reference that names nothing in this message.</summary>
    UnresolvedReference,

    /// <summary>A reference to something outside of the message; nothing is ever fetched.</summary>
    ExternalReference,

    /// <summary>A signed part is not what was signed.</summary>
    DigestMismatch,

    /// <summary>The signature value does not fit SignedInfo and key.</summary>
    SignatureInvalid,

    /// <summary>A part that the policy demands to be signed is not signed.</summary>
    SignedPartMissing,

    /// <summary>A part that the policy demands the message to have is missing.</summary>
    RequiredPartMissing,

    /// <summary>A location path of the policy takes more work in this message than is allowed.</summary>
    PathTooCostly,

    /// <summary>What was signed does not stand at the place where the policy demands it (signature wrapping).</summary>
    SignedElementNotInPlace,

    /// <summary>Content inside a signed part depends on a prefix that is bound outside of it.</summary>
    UnsignedPrefixBinding,

    /// <summary>The policy demands derived keys, and the message signature uses the key itself.</summary>
    KeyNotDerived,

    /// <summary>The signing token is not itself signed although the policy demands it (ProtectTokens).</summary>
    TokenNotProtected,

    /// <summary>Our own signature came back to us.</summary>
    OwnSignatureReflected,

    // Encryption

    /// <summary>The policy's suite does not list the content encryption algorithm.</summary>
    EncryptionAlgorithmNotAllowed,

    /// <summary>The policy's suite does not list the key transport or key wrap algorithm.</summary>
    KeyTransportAlgorithmNotAllowed,

    /// <summary>The policy's suite does not list the key agreement, or how a key is derived from what was agreed on.</summary>
    KeyAgreementNotAllowed,

    /// <summary>The originator's key of a key agreement is no point of the curve, or of another curve than the recipient's key.</summary>
    InvalidOriginatorKey,

    /// <summary>An EncryptedData or EncryptedKey breaks its structure.</summary>
    InvalidEncryptionStructure,

    /// <summary>Decryption failed. On purpose the only reason for everything that depends on key or ciphertext.</summary>
    DecryptionFailed,

    /// <summary>The message is encrypted for a key that we do not hold.</summary>
    DecryptionKeyUnavailable,

    /// <summary>A part that the policy demands to be encrypted is not encrypted.</summary>
    EncryptedPartMissing,

    /// <summary>A part outside of the Security header is encrypted for a node on the way, which hands the message on unchanged.</summary>
    EncryptedForTransit,

    /// <summary>The parts were signed and encrypted in another order than the policy says.</summary>
    ProtectionOrderViolated,

    /// <summary>The policy demands an encrypted signature, and it came in clear.</summary>
    SignatureNotEncrypted,

    // Tokens

    /// <summary>A SecurityTokenReference names a token that neither the message nor the credentials hold.</summary>
    SecurityTokenUnavailable,

    /// <summary>A kind of token, key or reference that is not supported.</summary>
    UnsupportedSecurityToken,

    /// <summary>A token whose content is broken.</summary>
    InvalidSecurityToken,

    /// <summary>A token that the policy demands is missing.</summary>
    SecurityTokenMissing,

    /// <summary>A custom token is expired, or one that a provider gave.</summary>
    TokenExpired,

    /// <summary>A custom token is not valid yet.</summary>
    TokenNotYetValid,

    /// <summary>A bare KeyValue, which identifies nobody.</summary>
    KeyValueNotTrusted,

    /// <summary>The certificate leads to no anchor of an accepted trust domain.</summary>
    CertificateNotTrusted,

    /// <summary>The certificate, or one above it, is expired.</summary>
    CertificateExpired,

    /// <summary>The certificate, or one above it, is not valid yet.</summary>
    CertificateNotYetValid,

    /// <summary>The certificate is revoked.</summary>
    CertificateRevoked,

    /// <summary>Whether the certificate is revoked could not be found out.</summary>
    CertificateRevocationUnknown,

    /// <summary>The certificate's key usage does not permit this use, or is not the one that its trust domain demands.</summary>
    CertificateUsageNotAllowed,

    /// <summary>The certificate states none of the extended key usages that its trust domain demands.</summary>
    CertificateExtendedUsageNotAllowed,

    /// <summary>The trust domain does not admit the certificate's subject.</summary>
    CertificateSubjectNotAllowed,

    /// <summary>The trust domain does not admit the certificate's issuer.</summary>
    CertificateIssuerNotAllowed,

    /// <summary>The certificate, or the SAML issuer, is that of a trust domain that the policy does not accept here.</summary>
    TrustDomainNotAccepted,

    /// <summary>A key outside the suite's lengths, or below those of the trust domain.</summary>
    KeyTooWeak,

    /// <summary>The peer is somebody else than the identity that was configured for it.</summary>
    PeerIdentityMismatch,

    // SAML

    /// <summary>The SAML assertion is not signed by its issuer.</summary>
    AssertionNotSigned,

    /// <summary>No trust domain names the assertion's issuer with the certificate that signed.</summary>
    IssuerNotTrusted,

    /// <summary>The SAML assertion is expired.</summary>
    AssertionExpired,

    /// <summary>The SAML assertion is not valid yet.</summary>
    AssertionNotYetValid,

    /// <summary>The SAML assertion is for somebody else.</summary>
    AudienceMismatch,

    /// <summary>Nothing confirms that the sender is the subject of the SAML assertion.</summary>
    SubjectConfirmationFailed,

    /// <summary>A bearer assertion in clear, neither encrypted nor over a protected transport.</summary>
    BearerTokenNotProtected,

    /// <summary>The SAML assertion is of another version than the policy demands.</summary>
    AssertionVersionNotAllowed,

    /// <summary>The SAML assertion is of another issuer than the policy names.</summary>
    AssertionIssuerNotAllowed,

    /// <summary>The SAML assertion does not make a claim that the policy demands.</summary>
    ClaimMissing,

    // Kerberos

    /// <summary>The Kerberos ticket is expired.</summary>
    TicketExpired,

    /// <summary>The Kerberos ticket is not valid yet.</summary>
    TicketNotYetValid,

    /// <summary>The Kerberos authenticator was made by a clock that differs from ours by more than <c>krb5.conf</c> permits.</summary>
    AuthenticatorNotFresh,

    /// <summary>The Kerberos ticket is for another service than ours.</summary>
    TicketForAnotherService,

    /// <summary>The keytab has no key of the version and encryption type that the Kerberos ticket is encrypted by.</summary>
    ServiceKeyUnavailable,

    /// <summary>The Kerberos ticket, or its authenticator, is not what the KDC and the client made, or they do not belong together.</summary>
    TicketNotAuthentic,

    /// <summary>No trust domain names the realm of the Kerberos ticket's client.</summary>
    RealmNotTrusted,

    /// <summary>The KDC gave us no Kerberos ticket: it does not answer, does not know the service, or refuses our password or keytab.</summary>
    TicketUnavailable,

    // UsernameToken

    /// <summary>The UsernameToken breaks UsernameToken Profile 1.1.1 or the Basic Security Profile.</summary>
    InvalidUsernameToken,

    /// <summary>A password type that the policy does not accept.</summary>
    PasswordTypeNotAllowed,

    /// <summary>A password in clear text, neither encrypted nor over a protected transport.</summary>
    PasswordNotProtected,

    /// <summary>Unknown user or wrong password.</summary>
    AuthenticationFailed,

    /// <summary>An <see cref="IUsernameTokenValidator"/> or <see cref="IX509CertificateValidator"/> failed, so that nobody decided.</summary>
    ValidatorFailed,

    /// <summary>The policy protects by a key that is derived from the password, and the UsernameToken has no salt to derive it with.</summary>
    SaltMissing,

    /// <summary>The salt of a UsernameToken is not 16 octets, or does not say that its key is for what it is used for.</summary>
    InvalidSalt,

    /// <summary>
    /// A UsernameToken would have the password hashed more or less often than <see cref="ProcessingLimits.MinPasswordIterations"/> and
    /// <see cref="ProcessingLimits.MaxPasswordIterations"/> permit.
    /// </summary>
    IterationsNotAllowed,

    /// <summary>The key that a UsernameToken derives from the password signs nothing, so that its sender need not know the password.</summary>
    PasswordKeyNotProven,

    /// <summary>The key that a UsernameToken derives from the password is used, and the policy has no use for it.</summary>
    PasswordKeyNotExpected,

    // Replay

    /// <summary>This message, its nonce, or its SAML assertion for one use was seen before.</summary>
    MessageReplayed,

    /// <summary>The replay cache is full or does not answer; what cannot be checked is refused.</summary>
    ReplayCacheUnavailable,

    // Evidence

    /// <summary>The message could not be kept as evidence, and the host demands that it is.</summary>
    EvidenceUnavailable,

    // The exchange

    /// <summary>The transport is not protected, and the policy relies on it.</summary>
    TransportNotProtected,

    /// <summary>The reply is not bound to the request: wrong key, no SignatureConfirmation, no signed RelatesTo.</summary>
    ReplyNotBound,

    /// <summary>SignatureConfirmation is missing, or confirms another signature.</summary>
    SignatureConfirmationMismatch,

    /// <summary>The reply, or the fault, carries no protection.</summary>
    UnsecuredReply,

    /// <summary>The signed To is not this endpoint.</summary>
    DestinationMismatch,

    /// <summary>SOAPAction, the signed Action and the operation are not the same.</summary>
    ActionMismatch,

    /// <summary>A mustUnderstand header for this node that nobody understands.</summary>
    HeaderNotUnderstood,
}
