namespace WsSecurity;

/// <summary>A further token that requests carry (WS-SecurityPolicy 1.3, section 8).</summary>
public sealed record SupportingToken
{
    /// <summary>How the token is bound to the message.</summary>
    public required SupportingTokenKind Kind { get; init; }

    /// <summary>What kind of token.</summary>
    public required SecurityTokenType Type { get; init; }

    /// <summary>For a custom token: the name of its <see cref="ICustomTokenHandler"/>.</summary>
    /// <value>null: the token is of a known type.</value>
    public string? Name { get; init; }

    /// <summary>Whether a message without it is accepted. What comes must be right all the same.</summary>
    /// <value>false.</value>
    public bool Optional { get; init; }

    /// <summary>
    /// The operations whose requests carry the token, by their actions. Where a policy has such tokens, a request without an Action that is authentic is refused.
    /// </summary>
    /// <value>None: the whole endpoint.</value>
    public IReadOnlyList<string> Actions { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>For a UsernameToken: how the password travels.</summary>
    /// <value><see cref="PasswordType.Text"/>.</value>
    public PasswordType PasswordType { get; init; } = PasswordType.Text;

    /// <summary>
    /// For a UsernameToken that endorses: whether a DerivedKeyToken makes the key that signs of the one that is derived from the password. Algorithm suites that sign by
    /// more than 160 bits need it.
    /// </summary>
    /// <value>false.</value>
    public bool RequireDerivedKeys { get; init; }

    /// <summary>For an X.509 certificate that endorses: how it is referenced.</summary>
    /// <value><see cref="KeyReference.Default"/>: as <see cref="SecurityPolicy.KeyReference"/> says.</value>
    public KeyReference KeyReference { get; init; }

    /// <summary>For an X.509 certificate that endorses: when it travels. One that does not endorse, or is encrypted, always does.</summary>
    /// <value><see cref="SecurityTokenInclusionMode.Default"/>: as <see cref="SecurityPolicy.InclusionMode"/> says.</value>
    public SecurityTokenInclusionMode InclusionMode { get; init; }

    /// <summary>For a SAML assertion: its version. Another one is refused.</summary>
    /// <value>null: any.</value>
    public SamlVersion? SamlVersion { get; init; }

    /// <summary>
    /// For a SAML assertion, and for a custom token whose <see cref="Name"/> is its type's URI: that an issuer gives it, by what, and what it must say. The
    /// <see cref="ISecurityTokenProvider"/> gets it with the token.
    /// </summary>
    /// <value>null: nothing is said of it.</value>
    public IssuedTokenParameters? IssuedTokenParameters { get; init; }

    internal bool AppliesTo(string? action) => Actions.Count == 0 || (action is not null && Actions.Contains(action, StringComparer.Ordinal));
}

/// <summary>How a supporting token is bound to its message (WS-SecurityPolicy 1.3, section 8). Over a transport binding the transport covers and encrypts.</summary>
public enum SupportingTokenKind
{
    /// <summary>It only travels along.</summary>
    Supporting,

    /// <summary>The message signature covers it.</summary>
    Signed,

    /// <summary>It is encrypted.</summary>
    Encrypted,

    /// <summary>The message signature covers it, and it is encrypted.</summary>
    SignedEncrypted,

    /// <summary>It signs the message signature (over a transport binding, the Timestamp).</summary>
    Endorsing,

    /// <summary>It signs the message signature, which covers it.</summary>
    SignedEndorsing,

    /// <summary>It signs the message signature, and is encrypted.</summary>
    EndorsingEncrypted,

    /// <summary>It signs the message signature, which covers it, and it is encrypted.</summary>
    SignedEndorsingEncrypted,
}

/// <summary>The families of tokens.</summary>
public enum SecurityTokenType
{
    /// <summary>UsernameToken Profile 1.1.1.</summary>
    Username,

    /// <summary>
    /// X.509 Certificate Token Profile 1.1.1. A certificate that does not endorse proves nothing: it is validated and reported
    /// (<see cref="ProtectionEvidence.CarriedCertificates"/>), and authenticates nobody.
    /// </summary>
    X509,

    /// <summary>SAML Token Profile 1.1.1.</summary>
    Saml,

    /// <summary>A token that an <see cref="ICustomTokenHandler"/> knows.</summary>
    Custom,

    /// <summary>Kerberos Token Profile 1.1.1.</summary>
    Kerberos,
}

/// <summary>How a UsernameToken carries the password (UsernameToken Profile 1.1.1, section 3.1).</summary>
public enum PasswordType
{
    /// <summary><c>#PasswordText</c>: in clear, so only encrypted or over a protected transport.</summary>
    Text,

    /// <summary><c>#PasswordDigest</c>: Base64(SHA-1(nonce + created + password)).</summary>
    Digest,

    /// <summary>No password at all; where the token endorses, or protects the message, a key is derived from the password (section 4).</summary>
    None,
}
