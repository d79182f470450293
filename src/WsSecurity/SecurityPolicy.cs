namespace WsSecurity;

/// <summary>
/// The one configuration: it says what is written and what is demanded. Immutable; change a preset with <c>with { … }</c>.
/// Names are the attributes of WCF's <c>&lt;security&gt;</c> element where it has one.
/// </summary>
public sealed partial record SecurityPolicy
{
    /// <summary>Both parties have certificates; each message is signed by its sender and encrypted for its receiver.</summary>
    public static SecurityPolicy MutualCertificateDuplex { get; } = new() { AuthenticationMode = AuthenticationMode.MutualCertificateDuplex };

    /// <summary>Both parties have certificates; one encrypted key protects request and reply (WSS 1.1).</summary>
    public static SecurityPolicy MutualCertificate { get; } = new() { AuthenticationMode = AuthenticationMode.MutualCertificate };

    /// <summary>The sender's certificate signs; nothing is encrypted.</summary>
    public static SecurityPolicy CertificateSignature { get; } = new() { AuthenticationMode = AuthenticationMode.CertificateSignature, ProtectionLevel = ProtectionLevel.Sign };

    /// <summary>The service has a certificate; the client stays anonymous.</summary>
    public static SecurityPolicy AnonymousForCertificate { get; } = new() { AuthenticationMode = AuthenticationMode.AnonymousForCertificate };

    /// <summary>The service has a certificate; the client sends a name and a password, encrypted.</summary>
    public static SecurityPolicy UserNameForCertificate { get; } = new() { AuthenticationMode = AuthenticationMode.UserNameForCertificate };

    /// <inheritdoc cref="AuthenticationMode.UserNameDerivedKey"/>
    public static SecurityPolicy UserNameDerivedKey { get; } = new() { AuthenticationMode = AuthenticationMode.UserNameDerivedKey };

    /// <summary>TLS protects; the client sends a name and a password.</summary>
    public static SecurityPolicy UserNameOverTransport { get; } = new() { AuthenticationMode = AuthenticationMode.UserNameOverTransport };

    /// <summary>TLS protects; the client's certificate signs the Timestamp.</summary>
    public static SecurityPolicy CertificateOverTransport { get; } = new() { AuthenticationMode = AuthenticationMode.CertificateOverTransport };

    /// <summary>TLS protects; the message carries a Timestamp alone.</summary>
    public static SecurityPolicy AnonymousOverTransport { get; } = new() { AuthenticationMode = AuthenticationMode.AnonymousOverTransport };

    /// <summary>TLS protects; the client sends a SAML assertion.</summary>
    public static SecurityPolicy IssuedTokenOverTransport { get; } = new() { AuthenticationMode = AuthenticationMode.IssuedTokenOverTransport };

    /// <summary>The service has a certificate; the client sends a SAML assertion, signed and encrypted.</summary>
    public static SecurityPolicy IssuedTokenForCertificate { get; } = new() { AuthenticationMode = AuthenticationMode.IssuedTokenForCertificate };

    /// <inheritdoc cref="AuthenticationMode.IssuedToken"/>
    public static SecurityPolicy IssuedToken { get; } = new() { AuthenticationMode = AuthenticationMode.IssuedToken };

    /// <summary>
    /// The key of the client's Kerberos ticket protects request and reply (WSS 1.1). Its length is the KDC's choice: of AES-256 by default; keys of 128 bits need
    /// a suite like <see cref="AlgorithmSuite.Basic128"/>, WCF's default for this mode.
    /// </summary>
    public static SecurityPolicy Kerberos { get; } = new() { AuthenticationMode = AuthenticationMode.Kerberos };

    /// <summary>TLS protects; the key of the client's Kerberos ticket signs the Timestamp.</summary>
    public static SecurityPolicy KerberosOverTransport { get; } = new() { AuthenticationMode = AuthenticationMode.KerberosOverTransport };

    /// <summary>How the parties authenticate.</summary>
    public required AuthenticationMode AuthenticationMode { get; init; }

    /// <summary>The version of SOAP Message Security.</summary>
    /// <value><see cref="MessageSecurityVersion.Wss11"/>.</value>
    public MessageSecurityVersion MessageSecurityVersion { get; init; } = MessageSecurityVersion.Wss11;

    /// <summary>The algorithms that are written, and the only ones that are accepted.</summary>
    /// <value><see cref="AlgorithmSuite.Basic256GCMSha256"/>.</value>
    public AlgorithmSuite DefaultAlgorithmSuite { get; init; } = AlgorithmSuite.Basic256GCMSha256;

    /// <summary>Signature algorithms that are accepted beside the suite's; the first that fits the key is written instead of the suite's.</summary>
    /// <value>None.</value>
    public IReadOnlyList<SignatureAlgorithmName> SignatureAlgorithms { get; init => field = ValueList.Of(value); } = ValueList<SignatureAlgorithmName>.Empty;

    /// <summary>Which protection comes first.</summary>
    /// <value><see cref="MessageProtectionOrder.SignBeforeEncryptAndEncryptSignature"/>, as WCF.</value>
    public MessageProtectionOrder MessageProtectionOrder { get; init; }

    /// <summary>What the Body gets where no parts are named.</summary>
    /// <value><see cref="ProtectionLevel.EncryptAndSign"/>.</value>
    public ProtectionLevel ProtectionLevel { get; init; } = ProtectionLevel.EncryptAndSign;

    /// <summary>The order of the Security header that is demanded; Strict is written.</summary>
    /// <value><see cref="SecurityHeaderLayout.Lax"/>.</value>
    public SecurityHeaderLayout SecurityHeaderLayout { get; init; }

    /// <summary>Whether a Timestamp is written and demanded.</summary>
    /// <value>true.</value>
    public bool IncludeTimestamp { get; init; } = true;

    /// <summary>Whether symmetric modes derive their keys (WS-SecureConversation).</summary>
    /// <value>null: as WCF, true in symmetric modes.</value>
    public bool? RequireDerivedKeys { get; init; }

    /// <summary>The version of WS-SecureConversation in which derived keys are written.</summary>
    /// <value>null: as .NET Framework, that of February 2005 in requests; a reply follows its request.</value>
    public SecureConversationVersion? SecureConversationVersion { get; init; }

    /// <summary>
    /// Whether references say of what kind a token is (ValueType), and tokens and identifiers how they are encoded (EncodingType), as Basic Security Profile 1.0 requires
    /// it. .NET Framework does so in the versions whose name ends in <c>BasicSecurityProfile10</c>, and leaves them out in the others; what comes is read with or without.
    /// </summary>
    /// <value>true.</value>
    public bool EmitBspRequiredAttributes { get; init; } = true;

    /// <summary>Whether a reply must confirm the request's signatures (SOAP Message Security 1.1.1, section 8.5).</summary>
    /// <value>false.</value>
    public bool RequireSignatureConfirmation { get; init; }

    /// <summary>Whether the message signature must cover its own token.</summary>
    /// <value>false.</value>
    public bool ProtectTokens { get; init; }

    /// <summary>Whether the modes over transport may run without TLS.</summary>
    /// <value>false.</value>
    public bool AllowInsecureTransport { get; init; }

    /// <summary>Whether replies go and come without any protection.</summary>
    /// <value>false.</value>
    public bool EnableUnsecuredResponse { get; init; }

    /// <summary>Whether the service's certificate travels in replies of asymmetric modes.</summary>
    /// <value>false.</value>
    public bool AllowSerializedSigningTokenOnReply { get; init; }

    /// <summary>The signed parts.</summary>
    /// <value>null: by <see cref="ProtectionLevel"/>, the Body and the WS-Addressing headers.</value>
    public ProtectedParts? SignedParts { get; init; }

    /// <summary>The encrypted parts.</summary>
    /// <value>null: by <see cref="ProtectionLevel"/>, the Body's content.</value>
    public ProtectedParts? EncryptedParts { get; init; }

    /// <summary>
    /// Headers and elements that messages must have, protected or not (WS-SecurityPolicy 1.3, section 4.3); the policy's owner says so for peers that leave them out.
    /// A reply that is a fault need not have them.
    /// </summary>
    /// <value>null: none.</value>
    public ProtectedParts? RequiredParts { get; init; }

    internal bool DependsOnOperation =>
        new[] { SignedParts, EncryptedParts, RequiredParts }.Any(parts => parts is { Operations.Count: > 0 }) || SupportingTokens.Any(token => token.Actions.Count > 0);

    /// <summary>How certificates are referenced.</summary>
    /// <value><see cref="KeyReference.Default"/>: by mode, as WCF.</value>
    public KeyReference KeyReference { get; init; }

    /// <summary>How a key is derived that is agreed on with a certificate of an elliptic curve; both ways are accepted.</summary>
    /// <value><see cref="KeyDerivation.ConcatKdf"/>.</value>
    public KeyDerivation KeyDerivation { get; init; }

    /// <summary>
    /// How many hash operations derive a key from a password, in what we write (UsernameToken Profile 1.1.1, section 4); within
    /// <see cref="ProcessingLimits.MinPasswordIterations"/> and <see cref="ProcessingLimits.MaxPasswordIterations"/>, which bound what is accepted. WSS4J accepts up to 10,000.
    /// </summary>
    /// <value>1,000, the profile's default.</value>
    public int PasswordIterations { get; init; } = 1000;

    /// <summary>How a Kerberos ticket travels.</summary>
    /// <value><see cref="KerberosTokenForm.Gss"/>, as WCF.</value>
    public KerberosTokenForm KerberosTokenForm { get; init; }

    /// <summary>When the signing token travels.</summary>
    /// <value><see cref="SecurityTokenInclusionMode.Default"/>.</value>
    public SecurityTokenInclusionMode InclusionMode { get; init; }

    /// <summary>
    /// Whose key makes the message signature of requests in asymmetric modes (WS-SecurityPolicy 1.3, section 7.5): of a certificate, or of the subject of a
    /// SAML assertion, for whose key its issuer vouches.
    /// </summary>
    /// <value><see cref="SecurityTokenType.X509"/>.</value>
    public SecurityTokenType InitiatorToken { get; init; } = SecurityTokenType.X509;

    /// <summary>Further tokens of requests, beside those of the mode.</summary>
    /// <value>None.</value>
    public IReadOnlyList<SupportingToken> SupportingTokens { get; init => field = ValueList.Of(value); } = ValueList<SupportingToken>.Empty;

    /// <summary>
    /// The names of the <see cref="SecurityCredentials.TrustDomains"/> that are accepted here, where an endpoint is not open to all of them. A certificate, or a SAML
    /// issuer, of another domain is refused.
    /// </summary>
    /// <value>None: every domain of the credentials.</value>
    public IReadOnlyList<string> AcceptedTrustDomains { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>The SOAP actor or role of the Security header that is written and read.</summary>
    /// <value>null: the ultimate receiver.</value>
    public string? Actor { get; init; }

    /// <summary>Whether a request that was seen before is refused.</summary>
    /// <value>true.</value>
    public bool DetectReplays { get; init; } = true;

    /// <summary>Bounds on what a peer can send.</summary>
    /// <value><see cref="ProcessingLimits.Default"/>.</value>
    public ProcessingLimits Limits { get; init; } = ProcessingLimits.Default;

    /// <summary>What is let pass.</summary>
    /// <value><see cref="Tolerances.None"/>.</value>
    public Tolerances Tolerances { get; init; } = Tolerances.None;
}
