using WsSecurity.Policy.SupportingTokens;

namespace WsSecurity.Policy;

/// <summary>Where the message's protection comes from (WS-SecurityPolicy 1.3, section 7).</summary>
internal enum BindingKind
{
    Asymmetric,
    Symmetric,
    Transport,
}

/// <summary>What an authentication mode means: the binding, and who authenticates by what.</summary>
internal sealed record SecurityBinding
{
    public required BindingKind Kind { get; init; }

    /// <summary>Signature and encryption each use a key of their own, derived from the one that is encrypted for the service.</summary>
    public bool DerivesKeys { get; init; }

    /// <summary>Nothing is encrypted, so the service needs no certificate to be called.</summary>
    public bool SignsOnly { get; init; }

    /// <summary>The supporting tokens of requests, the mode's and the policy's, by type, then in their order; each an object of its own.</summary>
    public IReadOnlyList<SupportingToken> Tokens { get; init => field = ValueList.Of(value); } = ValueList<SupportingToken>.Empty;

    /// <summary>The key of the assertion's subject makes the message signature of requests.</summary>
    public bool SubjectSigns { get; init; }

    /// <summary>The key of the messages is the secret that the assertion's issuer shares with its subject.</summary>
    public bool SharesSubjectKey => Kind == BindingKind.Symmetric && SubjectSigns;

    /// <summary>The key of the client's Kerberos ticket protects the messages, in place of one that is encrypted for the service.</summary>
    public bool KerberosProtects { get; init; }

    /// <summary>A key that both sides derive from the user's password protects the messages, in place of one that is encrypted for the service.</summary>
    public bool PasswordProtects { get; init; }

    /// <summary>Whether a key is derived from the user's password: it protects the messages, or endorses.</summary>
    public bool UsesPasswordKeys => PasswordProtects || Tokens.Any(token => token.Type == SecurityTokenType.Username && token.Kind.Endorses());

    public bool UsesKerberos => KerberosProtects || Has(SecurityTokenType.Kerberos);

    public bool Has(SecurityTokenType type) => Tokens.Any(token => token.Type == type);

    /// <exception cref="ArgumentException">The policy contradicts itself, or needs what is not supported.</exception>
    public static SecurityBinding For(SecurityPolicy policy)
    {
        PartsCheck.Demand(policy);
        var binding = ForMode(policy).WithTokens(policy).WithInitiatorToken(policy);
        if (binding.Kind == BindingKind.Symmetric)
        {
            if (policy.MessageSecurityVersion == MessageSecurityVersion.Wss10)
            {
                throw new ArgumentException($"The authentication mode {policy.AuthenticationMode} needs MessageSecurityVersion Wss11.", nameof(policy));
            }

            binding = binding with { DerivesKeys = policy.RequireDerivedKeys ?? true };
        }
        else if (policy.RequireDerivedKeys == true)
        {
            throw new ArgumentException($"RequireDerivedKeys does not go with the authentication mode {policy.AuthenticationMode}, which has no shared key.", nameof(policy));
        }

        if (binding.Kind == BindingKind.Transport)
        {
            if (policy.SignedParts is not null || policy.EncryptedParts is not null)
            {
                throw new ArgumentException($"The authentication mode {policy.AuthenticationMode} leaves the parts to the transport; SignedParts and EncryptedParts do not go with it.", nameof(policy));
            }

            if (binding.Tokens.Count == 0 && !policy.IncludeTimestamp)
            {
                throw new ArgumentException($"The authentication mode {policy.AuthenticationMode} has nothing to put into the message: IncludeTimestamp must be true, or SupportingTokens be named.", nameof(policy));
            }

            if (binding.Tokens.Any(token => token.Kind.Endorses()) && !policy.IncludeTimestamp)
            {
                throw new ArgumentException($"The authentication mode {policy.AuthenticationMode} signs the Timestamp; IncludeTimestamp must be true.", nameof(policy));
            }
        }

        if (policy.RequireSignatureConfirmation && policy.MessageSecurityVersion == MessageSecurityVersion.Wss10)
        {
            throw new ArgumentException("RequireSignatureConfirmation needs MessageSecurityVersion Wss11.", nameof(policy));
        }

        if (policy.MessageSecurityVersion == MessageSecurityVersion.Wss10
            && (policy.KeyReference == KeyReference.Thumbprint || policy.SupportingTokens.Any(token => token.KeyReference == KeyReference.Thumbprint)))
        {
            throw new ArgumentException("KeyReference Thumbprint needs MessageSecurityVersion Wss11.", nameof(policy));
        }

        if (policy.KeyReference == KeyReference.KeyValue && policy.ProtectTokens)
        {
            throw new ArgumentException("ProtectTokens does not go with KeyReference KeyValue, which brings no token that could be signed.", nameof(policy));
        }

        if (binding.SharesSubjectKey
            && binding.Tokens.First(token => token.Type == SecurityTokenType.Saml) is { Optional: true } or { Actions.Count: > 0 } or { Kind: not (SupportingTokenKind.Supporting or SupportingTokenKind.Signed) })
        {
            throw new ArgumentException($"The authentication mode {policy.AuthenticationMode} is protected by the assertion's key; it neither endorses, nor is encrypted under itself, nor may be missing.", nameof(policy));
        }

        PasswordKeysCheck.Demand(binding, policy);
        SupportingTokensCheck.Demand(binding, policy);
        return binding;
    }

    private static SecurityBinding ForMode(SecurityPolicy policy) => policy.AuthenticationMode switch
    {
        AuthenticationMode.MutualCertificateDuplex => new SecurityBinding { Kind = BindingKind.Asymmetric },
        AuthenticationMode.MutualCertificate => policy.MessageSecurityVersion == MessageSecurityVersion.Wss10
            ? new SecurityBinding { Kind = BindingKind.Asymmetric }
            : new SecurityBinding { Kind = BindingKind.Symmetric, Tokens = [Token(SecurityTokenType.X509, SupportingTokenKind.Endorsing)] },
        AuthenticationMode.CertificateSignature => new SecurityBinding { Kind = BindingKind.Asymmetric, SignsOnly = true },
        AuthenticationMode.AnonymousForCertificate => new SecurityBinding { Kind = BindingKind.Symmetric },
        AuthenticationMode.UserNameDerivedKey => new SecurityBinding { Kind = BindingKind.Symmetric, PasswordProtects = true, Tokens = [Token(SecurityTokenType.Username, SupportingTokenKind.Supporting) with { PasswordType = PasswordType.None }] },
        AuthenticationMode.UserNameForCertificate => new SecurityBinding { Kind = BindingKind.Symmetric, Tokens = [Token(SecurityTokenType.Username, SupportingTokenKind.SignedEncrypted)] },
        AuthenticationMode.UserNameOverTransport => new SecurityBinding { Kind = BindingKind.Transport, Tokens = [Token(SecurityTokenType.Username, SupportingTokenKind.Signed)] },
        AuthenticationMode.CertificateOverTransport => new SecurityBinding { Kind = BindingKind.Transport, Tokens = [Token(SecurityTokenType.X509, SupportingTokenKind.Endorsing)] },
        AuthenticationMode.IssuedToken => new SecurityBinding { Kind = BindingKind.Symmetric, SubjectSigns = true, Tokens = [Issued(SupportingTokenKind.Supporting)] },
        AuthenticationMode.IssuedTokenForCertificate => new SecurityBinding { Kind = BindingKind.Symmetric, Tokens = [Issued(SupportingTokenKind.SignedEncrypted)] },
        AuthenticationMode.AnonymousOverTransport => new SecurityBinding { Kind = BindingKind.Transport },
        AuthenticationMode.IssuedTokenOverTransport => new SecurityBinding { Kind = BindingKind.Transport, Tokens = [Issued(SupportingTokenKind.Signed)] },
        AuthenticationMode.Kerberos => new SecurityBinding { Kind = BindingKind.Symmetric, KerberosProtects = true },

        // As WCF writes it: the ticket's key signs the Timestamp.
        AuthenticationMode.KerberosOverTransport => new SecurityBinding { Kind = BindingKind.Transport, Tokens = [Token(SecurityTokenType.Kerberos, SupportingTokenKind.Endorsing)] },
        _ => throw new ArgumentException($"The authentication mode {policy.AuthenticationMode} is not supported.", nameof(policy)),
    };

    private static SupportingToken Token(SecurityTokenType type, SupportingTokenKind kind) => new() { Kind = kind, Type = type };

    private static SupportingToken Issued(SupportingTokenKind kind) => Token(SecurityTokenType.Saml, kind) with { IssuedTokenParameters = new IssuedTokenParameters() };

    // A policy says in its own words what the mode brings: the first token of that type for the whole endpoint takes its place. A certificate that
    // does not endorse is no substitute for one that does.
    private SecurityBinding WithTokens(SecurityPolicy policy)
    {
        var own = Tokens.Where(token => !policy.SupportingTokens.Any(other =>
            other.Type == token.Type && other.Actions.Count == 0 && (token.Type != SecurityTokenType.X509 || other.Kind.Endorses())));
        return this with { Tokens = [.. own.Concat(policy.SupportingTokens.Select(token => token with { })).OrderBy(token => token.Type)] };
    }

    private SecurityBinding WithInitiatorToken(SecurityPolicy policy)
    {
        var assertion = Tokens.FirstOrDefault(token => token.Type == SecurityTokenType.Saml);
        switch (policy.InitiatorToken)
        {
            case SecurityTokenType.X509:
                return this;
            case SecurityTokenType.Saml when Kind == BindingKind.Asymmetric && assertion is not ({ Optional: true } or { Actions.Count: > 0 }):
                if (policy.MessageProtectionOrder == MessageProtectionOrder.EncryptBeforeSign && assertion?.Kind.IsEncrypted() == true)
                {
                    throw new ArgumentException("The assertion whose key signs cannot be read before the signature is verified where it is encrypted before.", nameof(policy));
                }

                return this with { SubjectSigns = true, Tokens = assertion is null ? [.. Tokens, Token(SecurityTokenType.Saml, SupportingTokenKind.Supporting)] : Tokens };
            default:
                throw new ArgumentException($"InitiatorToken {policy.InitiatorToken} does not go with the authentication mode {policy.AuthenticationMode}, or is optional or of some operations alone.", nameof(policy));
        }
    }
}
