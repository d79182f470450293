using WsSecurity.Algorithms;

namespace WsSecurity.Policy.SupportingTokens;

/// <summary>Whether keys that are derived from passwords can do what a policy asks of them.</summary>
internal static class PasswordKeysCheck
{
    /// <exception cref="ArgumentException">They cannot.</exception>
    public static void Demand(SecurityBinding binding, SecurityPolicy policy)
    {
        if (policy.PasswordIterations < policy.Limits.MinPasswordIterations || policy.PasswordIterations > policy.Limits.MaxPasswordIterations)
        {
            throw new ArgumentException($"PasswordIterations are {policy.PasswordIterations}; the Limits permit {policy.Limits.MinPasswordIterations} to {policy.Limits.MaxPasswordIterations}.", nameof(policy));
        }

        foreach (var token in binding.Tokens)
        {
            var derivesFromPassword = token.Type == SecurityTokenType.Username && (binding.PasswordProtects || token.Kind.Endorses());
            if (token.RequireDerivedKeys && (!derivesFromPassword || binding.PasswordProtects))
            {
                throw new ArgumentException("RequireDerivedKeys of a supporting token belongs to a UsernameToken that endorses; the key of the messages has that of the policy.", nameof(policy));
            }

            if (derivesFromPassword)
            {
                Demand(token, binding, policy);
            }
        }
    }

    private static void Demand(SupportingToken token, SecurityBinding binding, SecurityPolicy policy)
    {
        if (token.PasswordType != PasswordType.None)
        {
            throw new ArgumentException("A UsernameToken whose password is a key has the PasswordType None: a password that travels would be known to whoever reads it.", nameof(policy));
        }

        if (policy.MessageSecurityVersion == MessageSecurityVersion.Wss10)
        {
            throw new ArgumentException("A key that is derived from a password needs MessageSecurityVersion Wss11.", nameof(policy));
        }

        if (binding.PasswordProtects && token is { Optional: true } or { Actions.Count: > 0 } or { Kind: not SupportingTokenKind.Supporting })
        {
            throw new ArgumentException(
                $"The authentication mode {policy.AuthenticationMode} is protected by the password's key; its token neither endorses, nor is encrypted under itself, nor may be missing. ProtectTokens has it signed.", nameof(policy));
        }

        var suite = policy.DefaultAlgorithmSuite;
        var needed = Math.Max(suite.SignatureDerivedKeyLength, binding.PasswordProtects ? suite.ContentEncryption.KeySize : 0);
        if (needed > PasswordKeyDerivation.KeySize && !(binding.PasswordProtects ? binding.DerivesKeys : token.RequireDerivedKeys))
        {
            throw new ArgumentException(
                $"A key of {PasswordKeyDerivation.KeySize * 8} bits is derived from a password, and the algorithm suite {suite.Name} takes {needed * 8}: set RequireDerivedKeys, or a suite like Basic128.", nameof(policy));
        }
    }
}
