namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>What WS-SecurityPolicy has no words for. What is a matter of one party alone, its limits, tolerances and replay detection, a policy for others does not say.</summary>
internal static class UnsayablePolicy
{
    /// <exception cref="NotSupportedException">The policy has something of it; all of it is named.</exception>
    public static void Refuse(SecurityPolicy policy, SecurityBinding binding)
    {
        var unsayable = new List<string>();
        Refuse(policy.SignatureAlgorithms.Count > 0, nameof(SecurityPolicy.SignatureAlgorithms), "a suite fixes its algorithms");
        Refuse(policy.Actor is not null, nameof(SecurityPolicy.Actor), "it speaks of the ultimate receiver's header alone");
        Refuse(policy.AllowInsecureTransport, nameof(SecurityPolicy.AllowInsecureTransport), "a TransportBinding demands HTTPS");
        Refuse(
            policy.KeyReference == KeyReference.KeyValue || binding.Tokens.Any(token => token.KeyReference == KeyReference.KeyValue),
            nameof(KeyReference.KeyValue),
            "its KeyValueToken is of no certificate");
        Refuse(policy.EnableUnsecuredResponse, nameof(SecurityPolicy.EnableUnsecuredResponse), "a binding protects both directions");
        Refuse(
            binding.Kind == BindingKind.Transport && policy.ProtectTokens, nameof(SecurityPolicy.ProtectTokens), "a TransportBinding does not have it");
        Refuse(
            binding.Tokens.Any(token => token.Type == SecurityTokenType.Custom && (token.IssuedTokenParameters is null || !Uri.TryCreate(token.Name, UriKind.Absolute, out _))),
            nameof(SecurityTokenType.Custom),
            "a custom token has no assertion, unless an issuer gives it: then it has IssuedTokenParameters, and its name is the URI of its type");
        Refuse(
            binding.SubjectSigns && binding.Tokens.Any(token => token is { Type: SecurityTokenType.Saml, Kind: not SupportingTokenKind.Supporting }),
            nameof(SecurityPolicy.SupportingTokens),
            "an assertion whose key protects the messages is no supporting token");
        Refuse(
            policy.KeyReference is not (KeyReference.Default or KeyReference.BinarySecurityToken)
                && binding.Tokens.Any(token => CertificateInclusion.MayBeNamed(token) && CertificateInclusion.Of(policy, token) == RequestInclusion.Never && token.KeyReference == KeyReference.BinarySecurityToken),
            nameof(SupportingToken.KeyReference),
            "a certificate is named as it is required, or as the others are");
        if (unsayable.Count > 0)
        {
            throw new NotSupportedException($"WS-SecurityPolicy cannot say {string.Join("; ", unsayable)}.");
        }

        void Refuse(bool isSet, string property, string reason)
        {
            if (isSet)
            {
                unsayable.Add($"{property} ({reason})");
            }
        }
    }
}
