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

    /// <summary>The client's certificate signs the message signature, or the Timestamp over a transport binding.</summary>
    public bool ClientCertificateEndorses { get; init; }

    /// <summary>Signature and encryption each use a key of their own, derived from the one that is encrypted for the service.</summary>
    public bool DerivesKeys { get; init; }

    /// <summary>Nothing is encrypted, so the service needs no certificate to be called.</summary>
    public bool SignsOnly { get; init; }

    /// <summary>The UsernameToken that requests carry; null for none.</summary>
    public SupportingToken? UsernameToken { get; init; }

    /// <summary>The SAML assertion that requests carry; null for none.</summary>
    public SupportingToken? SamlToken { get; init; }

    /// <summary>The key of the assertion's subject makes the message signature of requests.</summary>
    public bool SubjectSigns { get; init; }

    /// <exception cref="ArgumentException">The policy contradicts itself, or needs what is not supported.</exception>
    public static SecurityBinding For(SecurityPolicy policy)
    {
        var binding = ForMode(policy);
        foreach (var token in policy.SupportingTokens)
        {
            binding = binding.With(token, policy);
        }

        binding = binding.WithInitiatorToken(policy);
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

            if ((binding.ClientCertificateEndorses || binding.SamlToken is { Kind: SupportingTokenKind.Endorsing or SupportingTokenKind.SignedEndorsing }) && !policy.IncludeTimestamp)
            {
                throw new ArgumentException($"The authentication mode {policy.AuthenticationMode} signs the Timestamp; IncludeTimestamp must be true.", nameof(policy));
            }
        }

        if (policy.RequireSignatureConfirmation && policy.MessageSecurityVersion == MessageSecurityVersion.Wss10)
        {
            throw new ArgumentException("RequireSignatureConfirmation needs MessageSecurityVersion Wss11.", nameof(policy));
        }

        if (policy.KeyReference == KeyReference.Thumbprint && policy.MessageSecurityVersion == MessageSecurityVersion.Wss10)
        {
            throw new ArgumentException("KeyReference Thumbprint needs MessageSecurityVersion Wss11.", nameof(policy));
        }

        return binding;
    }

    private static SecurityBinding ForMode(SecurityPolicy policy) => policy.AuthenticationMode switch
    {
        AuthenticationMode.MutualCertificateDuplex => new SecurityBinding { Kind = BindingKind.Asymmetric },
        AuthenticationMode.MutualCertificate => policy.MessageSecurityVersion == MessageSecurityVersion.Wss10
            ? new SecurityBinding { Kind = BindingKind.Asymmetric }
            : new SecurityBinding { Kind = BindingKind.Symmetric, ClientCertificateEndorses = true },
        AuthenticationMode.CertificateSignature => new SecurityBinding { Kind = BindingKind.Asymmetric, SignsOnly = true },
        AuthenticationMode.AnonymousForCertificate => new SecurityBinding { Kind = BindingKind.Symmetric },
        AuthenticationMode.UserNameForCertificate => new SecurityBinding { Kind = BindingKind.Symmetric, UsernameToken = Username(SupportingTokenKind.SignedEncrypted) },
        AuthenticationMode.UserNameOverTransport => new SecurityBinding { Kind = BindingKind.Transport, UsernameToken = Username(SupportingTokenKind.Signed) },
        AuthenticationMode.CertificateOverTransport => new SecurityBinding { Kind = BindingKind.Transport, ClientCertificateEndorses = true },
        AuthenticationMode.IssuedTokenForCertificate => new SecurityBinding { Kind = BindingKind.Symmetric, SamlToken = Saml(SupportingTokenKind.SignedEncrypted) },
        AuthenticationMode.IssuedTokenOverTransport => new SecurityBinding { Kind = BindingKind.Transport, SamlToken = Saml(SupportingTokenKind.Signed) },
        _ => throw new ArgumentException($"The authentication mode {policy.AuthenticationMode} is not supported.", nameof(policy)),
    };

    private static SupportingToken Saml(SupportingTokenKind kind) => new() { Kind = kind, Type = SecurityTokenType.Saml };

    private static SupportingToken Username(SupportingTokenKind kind) => new() { Kind = kind, Type = SecurityTokenType.Username };

    private SecurityBinding With(SupportingToken token, SecurityPolicy policy)
    {
        var endorses = token.Kind is SupportingTokenKind.Endorsing or SupportingTokenKind.SignedEndorsing;
        switch (token.Type)
        {
            case SecurityTokenType.Username when endorses:
                throw new ArgumentException("A UsernameToken cannot endorse.", nameof(policy));
            case SecurityTokenType.Username when UsernameToken is not null && policy.SupportingTokens.Count(other => other.Type == SecurityTokenType.Username) > 1:
                throw new ArgumentException("A policy can have one UsernameToken.", nameof(policy));
            case SecurityTokenType.Username:
                return this with { UsernameToken = token };
            case SecurityTokenType.Saml when policy.SupportingTokens.Count(other => other.Type == SecurityTokenType.Saml) > 1:
                throw new ArgumentException("A policy can have one SAML assertion.", nameof(policy));
            case SecurityTokenType.Saml:
                return this with { SamlToken = token };
            // Over TLS the token is covered; elsewhere the message signature would have to cover it, which it does not.
            case SecurityTokenType.X509 when endorses && !token.Optional && (Kind == BindingKind.Transport || token.Kind == SupportingTokenKind.Endorsing):
                return this with { ClientCertificateEndorses = true };
            default:
                throw new ArgumentException($"A supporting token of type {token.Type} and kind {token.Kind}{(token.Optional ? ", optional," : string.Empty)} is not supported.", nameof(policy));
        }
    }

    private SecurityBinding WithInitiatorToken(SecurityPolicy policy)
    {
        switch (policy.InitiatorToken)
        {
            case SecurityTokenType.X509:
                return this;
            case SecurityTokenType.Saml when Kind == BindingKind.Asymmetric && SamlToken is not { Optional: true }:
                if (policy.MessageProtectionOrder == MessageProtectionOrder.EncryptBeforeSign && SamlToken is { Kind: SupportingTokenKind.SignedEncrypted })
                {
                    throw new ArgumentException("The assertion whose key signs cannot be read before the signature is verified where it is encrypted before.", nameof(policy));
                }

                return this with { SubjectSigns = true, SamlToken = SamlToken ?? Saml(SupportingTokenKind.Supporting) };
            default:
                throw new ArgumentException($"InitiatorToken {policy.InitiatorToken} does not go with the authentication mode {policy.AuthenticationMode}, or is optional.", nameof(policy));
        }
    }
}
