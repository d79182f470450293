namespace WsSecurity.Policy.SupportingTokens;

/// <summary>Whether the supporting tokens of a policy can be had, each by itself and all together.</summary>
internal static class SupportingTokensCheck
{
    /// <exception cref="ArgumentException">A token contradicts itself, another one or the binding.</exception>
    public static void Demand(SecurityBinding binding, SecurityPolicy policy)
    {
        foreach (var token in binding.Tokens)
        {
            Demand(token);
            DemandIssued(token, binding);
        }

        DemandOne(binding.Tokens.Where(token => token.Type == SecurityTokenType.Username).ToList(), "UsernameToken");
        DemandOne(binding.Tokens.Where(token => token.Type == SecurityTokenType.Saml).ToList(), "SAML assertion");
        DemandOne(binding.Tokens.Where(token => token.Type == SecurityTokenType.Kerberos).ToList(), "Kerberos token");
        if (binding.KerberosProtects && binding.Has(SecurityTokenType.Kerberos))
        {
            throw Refuse("A Kerberos token protects the messages; a second one would have to be a supporting token.");
        }

        foreach (var name in binding.Tokens.Select(token => token.Name).OfType<string>().Distinct(StringComparer.Ordinal).ToList())
        {
            DemandOne(binding.Tokens.Where(token => token.Name == name).ToList(), $"'{name}' token");
        }

        foreach (var token in policy.SupportingTokens)
        {
            if (token.Actions.Any(string.IsNullOrEmpty))
            {
                throw Refuse("An operation of a supporting token has no action.");
            }
        }
    }

    /// <summary>Whether a certificate must be in the message, rather than be named.</summary>
    public static bool Travels(SupportingToken token) => !token.Kind.Endorses() || token.Kind.IsEncrypted();

    private static void Demand(SupportingToken token)
    {
        if (token.Type == SecurityTokenType.Custom != !string.IsNullOrEmpty(token.Name))
        {
            throw Refuse("A supporting token has a Name where its type is Custom, and there alone.");
        }

        if (token.Type != SecurityTokenType.X509 && (token.KeyReference != KeyReference.Default || token.InclusionMode != SecurityTokenInclusionMode.Default))
        {
            throw Refuse($"KeyReference and InclusionMode of a supporting token belong to the type {SecurityTokenType.X509} alone.");
        }

        if (token.Type == SecurityTokenType.X509
            && Travels(token)
            && (token.InclusionMode is SecurityTokenInclusionMode.Never or SecurityTokenInclusionMode.AlwaysToInitiator
                || token.KeyReference is not (KeyReference.Default or KeyReference.BinarySecurityToken)))
        {
            throw Refuse($"A certificate of the kind {token.Kind} travels; it cannot be named instead.");
        }
    }

    private static void DemandIssued(SupportingToken token, SecurityBinding binding)
    {
        if (token.SamlVersion is not null && token.Type != SecurityTokenType.Saml)
        {
            throw Refuse($"SamlVersion of a supporting token belongs to the type {SecurityTokenType.Saml} alone.");
        }

        if (token.IssuedTokenParameters is not { } issued)
        {
            return;
        }

        if (token.Type is not (SecurityTokenType.Saml or SecurityTokenType.Custom))
        {
            throw Refuse($"IssuedTokenParameters of a supporting token belong to the types {SecurityTokenType.Saml} and {SecurityTokenType.Custom}.");
        }

        if (token.Type == SecurityTokenType.Custom && (issued.KeySize is not null || issued.ClaimTypeRequirements.Count > 0 || issued.IssuerName is not null))
        {
            throw Refuse("KeySize, ClaimTypeRequirements and IssuerName are demanded of SAML assertions alone: what a custom token says, its handler knows.");
        }

        if (issued.KeySize is <= 0 || (issued is { KeySize: not null, KeyType: not (IssuedTokenKeyType.SymmetricKey or IssuedTokenKeyType.PublicKey) }))
        {
            throw Refuse("KeySize counts the bits of a key, so that KeyType is SymmetricKey or PublicKey.");
        }

        if (issued.ClaimTypeRequirements.Any(claim => string.IsNullOrEmpty(claim.Type)))
        {
            throw Refuse("A claim has a type.");
        }

        if (issued is { IssuerAddress: null, IssuerDetails.Count: > 0 })
        {
            throw Refuse("IssuerDetails belong to an IssuerAddress.");
        }

        if (token.Type == SecurityTokenType.Saml)
        {
            DemandProvable(token, issued, binding);
        }
    }

    // A key that nothing proves would refuse every message.
    private static void DemandProvable(SupportingToken token, IssuedTokenParameters issued, SecurityBinding binding)
    {
        var signs = binding.SubjectSigns ? (binding.Kind == BindingKind.Symmetric ? IssuedTokenKeyType.SymmetricKey : IssuedTokenKeyType.PublicKey) : default(IssuedTokenKeyType?);
        if (signs is not null && issued.KeyType is not null && issued.KeyType != signs)
        {
            throw Refuse($"The messages are protected by a {signs} of the assertion; KeyType {issued.KeyType} does not go with that.");
        }

        if (issued.KeyType == IssuedTokenKeyType.Bearer && token.Kind.Endorses())
        {
            throw Refuse("An assertion for bearers has no key to endorse with.");
        }

        if (issued.KeyType is { } type and not IssuedTokenKeyType.Bearer && signs is null && binding.Kind != BindingKind.Asymmetric && !token.Kind.Endorses())
        {
            throw Refuse($"KeyType {type} is proven by a signature: the assertion must be of a kind that endorses.");
        }
    }

    // Nothing would tell which of two is which.
    private static void DemandOne(List<SupportingToken> tokens, string name)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            if (tokens.Take(i).Any(other => Meet(other, tokens[i])))
            {
                throw Refuse($"A policy can have one {name} for each operation.");
            }
        }
    }

    private static bool Meet(SupportingToken left, SupportingToken right) =>
        left.Actions.Count == 0 || right.Actions.Count == 0 || left.Actions.Intersect(right.Actions, StringComparer.Ordinal).Any();

    private static ArgumentException Refuse(string message) => new(message);
}
