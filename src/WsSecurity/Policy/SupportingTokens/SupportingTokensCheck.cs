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
        if (token.Type == SecurityTokenType.Username && token.Kind.Endorses())
        {
            throw Refuse("A UsernameToken cannot endorse.");
        }

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
