using WsSecurity.Exchanges;

namespace WsSecurity.Policy.SupportingTokens;

/// <summary>
/// What the policy demands of one supporting token (WS-SecurityPolicy 1.3, section 8), in the order in which it can be asked: the token is found, the
/// message signature covers it, it endorses, and it is true.
/// </summary>
internal abstract class SupportingTokenEnforcement(SupportingToken required, PolicyEnforcement enforcement)
{
    public SupportingToken Required => required;

    /// <summary>The token where it stands; null where the message has none, or only names it.</summary>
    public TrackedElement? Element { get; protected set; }

    /// <summary>The signature by which it endorses.</summary>
    public VerifiedSignature? Endorsement { get; protected set; }

    /// <summary>Whether the message signature must cover <see cref="Element"/>.</summary>
    public virtual bool MustBeSigned => enforcement.Required.IsSigned(required);

    /// <summary>Whether there must be a message signature for the token's sake: to cover it, or to be endorsed by it.</summary>
    public bool NeedsMessageSignature => Element is not null && enforcement.Required.Kind != BindingKind.Transport && (MustBeSigned || required.Kind.Endorses());

    /// <summary>When the token says that it was made; null where it does not say.</summary>
    public virtual DateTimeOffset? Created => null;

    /// <summary>The replay key of a token that is made for one message; null for others.</summary>
    public virtual string? NonceKey => null;

    /// <summary>The replay key of a token whose issuer permits one use, and how long that must be remembered; null for others.</summary>
    public virtual (string Key, DateTimeOffset Expires)? OneTimeUse => null;

    /// <summary>What the token proves; null before <see cref="VerifyAsync"/>, and for one that proves nothing.</summary>
    public VerifiedToken? Verified { get; protected set; }

    protected PolicyEnforcement Enforcement => enforcement;

    protected MessageVerification Message => enforcement.Message;

    public static SupportingTokenEnforcement Create(SupportingToken required, PolicyEnforcement enforcement) => required.Type switch
    {
        SecurityTokenType.Username => new UsernameEnforcement(required, enforcement),
        SecurityTokenType.X509 when required.Kind.Endorses() => new EndorsingCertificateEnforcement(required, enforcement),
        SecurityTokenType.X509 => new CarriedCertificateEnforcement(required, enforcement),
        SecurityTokenType.Saml => new SamlEnforcement(required, enforcement),
        SecurityTokenType.Custom => new CustomTokenEnforcement(required, enforcement),
        SecurityTokenType.Kerberos => new KerberosEnforcement(required, enforcement),
        _ => throw new InvalidOperationException($"Tokens of the type {required.Type} cannot be enforced."),
    };

    /// <summary>Finds the token, before any signature is looked at.</summary>
    /// <exception cref="WsSecurityException">It is missing, or came in a way that the policy forbids.</exception>
    public abstract void Find();

    /// <summary>Finds the signature by which it endorses.</summary>
    /// <exception cref="WsSecurityException">There is none, or it lacks what the policy demands.</exception>
    public virtual void FindEndorsement()
    {
    }

    /// <summary>Decides whether the token is true, and sets <see cref="Verified"/>.</summary>
    /// <exception cref="WsSecurityException">It is not.</exception>
    public abstract ValueTask VerifyAsync(CancellationToken cancellationToken);

    /// <summary>Whether the key of a signature is this token's.</summary>
    protected virtual bool IsByToken(VerifiedSignature signature) => signature.Token is not null;

    /// <summary>Whether a signature endorses: it covers the message signature, or the Timestamp where there is none.</summary>
    protected bool CoversEndorsed(VerifiedSignature signature) => enforcement.Endorsed is { IsNone: false } endorsed && signature.Covers(endorsed);

    /// <summary>The one token of its family.</summary>
    /// <returns>null where it is optional and absent.</returns>
    protected T? FindOne<T>(IReadOnlyList<T> tokens, string name, SecurityFailure whereSeveral)
        where T : class
    {
        if (tokens.Count == 0)
        {
            DemandOptional(name);
            return null;
        }

        return tokens.Count == 1 ? tokens[0] : throw new WsSecurityException(whereSeveral, $"The message carries more than one {name}.");
    }

    protected void DemandOptional(string name)
    {
        if (!required.Optional)
        {
            throw new WsSecurityException(SecurityFailure.SecurityTokenMissing, $"The policy demands a {name}.");
        }
    }

    protected bool IsEncrypted(TrackedElement element) => Message.FindDecrypted(element.In(Message.Envelope.Index)) is not null;

    protected void DemandEncrypted(TrackedElement element, string name)
    {
        if (FindUnencrypted(element, name) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <returns>The refusal of a token in clear; null where it is encrypted, or need not be.</returns>
    protected WsSecurityException? FindUnencrypted(TrackedElement? element, string name) => enforcement.Required.IsEncrypted(required) && (element is null || !IsEncrypted(element))
        ? new WsSecurityException(SecurityFailure.EncryptedPartMissing, $"The policy demands that the {name} is encrypted.")
        : null;
}
