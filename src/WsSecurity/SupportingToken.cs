namespace WsSecurity;

/// <summary>A further token that a message carries (WS-SecurityPolicy 1.3, section 8).</summary>
public sealed record SupportingToken
{
    /// <summary>How the token is bound to the message.</summary>
    public required SupportingTokenKind Kind { get; init; }

    /// <summary>What kind of token.</summary>
    public required SecurityTokenType Type { get; init; }

    /// <summary>Whether a message without it is accepted.</summary>
    /// <value>false.</value>
    public bool Optional { get; init; }

    /// <summary>For a UsernameToken: how the password travels.</summary>
    /// <value><see cref="PasswordType.Text"/>.</value>
    public PasswordType PasswordType { get; init; } = PasswordType.Text;
}

/// <summary>How a supporting token is bound to its message (WS-SecurityPolicy 1.3, section 8).</summary>
public enum SupportingTokenKind
{
    /// <summary>It only travels along.</summary>
    Supporting,

    /// <summary>The message signature covers it.</summary>
    Signed,

    /// <summary>The message signature covers it, and it is encrypted.</summary>
    SignedEncrypted,

    /// <summary>It signs the message signature (over a transport binding, the Timestamp).</summary>
    Endorsing,

    /// <summary>It signs the message signature, which covers it. Of X.509 certificates only over a transport binding; elsewhere it is refused.</summary>
    SignedEndorsing,
}

/// <summary>The families of tokens.</summary>
public enum SecurityTokenType
{
    /// <summary>UsernameToken Profile 1.1.1.</summary>
    Username,

    /// <summary>X.509 Certificate Token Profile 1.1.1.</summary>
    X509,

    /// <summary>SAML Token Profile 1.1.1.</summary>
    Saml,
}

/// <summary>How a UsernameToken carries the password (UsernameToken Profile 1.1.1, section 3.1).</summary>
public enum PasswordType
{
    /// <summary><c>#PasswordText</c>: in clear, so only encrypted or over a protected transport.</summary>
    Text,

    /// <summary><c>#PasswordDigest</c>: Base64(SHA-1(nonce + created + password)).</summary>
    Digest,

    /// <summary>No password at all.</summary>
    None,
}
