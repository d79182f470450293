namespace WsSecurity.Policy.AppConfig;

/// <summary>Reads what <c>&lt;issuedTokenParameters&gt;</c> or a federation binding's <c>&lt;message&gt;</c> say of the assertion that a client sends.</summary>
internal static class IssuedTokenReader
{
    private const string NoIssuer = "no token is asked for at an issuer: give the assertion in SecurityCredentials.SamlAssertion";

    private static readonly string[] KeyTypes = ["SymmetricKey", "AsymmetricKey", "BearerKey"];

    /// <param name="element">The element; null where nothing is said.</param>
    /// <param name="policy">What is read so far.</param>
    /// <param name="keyTypeName">The attribute's name for the type of the assertion's key.</param>
    /// <param name="refuse">Refuses the type of key by the attribute's name, where the element may not be there.</param>
    /// <returns>The policy with the assertion; null where it is refused.</returns>
    public static SecurityPolicy? Read(AppConfigElement? element, SecurityPolicy policy, string keyTypeName, Action<string, string> refuse)
    {
        var keyType = element?.Name(keyTypeName, KeyTypes) ?? KeyTypes[0];
        if (policy.AuthenticationMode == AuthenticationMode.IssuedToken)
        {
            if (keyType == KeyTypes[0])
            {
                return policy;
            }

            refuse(keyTypeName, $"{keyType} does not go with the mode IssuedToken, which protects messages by a SymmetricKey");
            return null;
        }

        // The key of the assertion's subject, symmetric or not, endorses; what bearers have endorses nothing.
        return keyType == "BearerKey"
            ? policy
            : policy with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.Saml }] };
    }

    /// <summary>Reads the rest of <c>&lt;issuedTokenParameters&gt;</c>.</summary>
    public static void ReadParameters(AppConfigElement element)
    {
        _ = element.Name("keyType", KeyTypes);
        element.NoteWithoutEffect(NoIssuer, "keySize", "defaultMessageSecurityVersion");
        _ = element.Boolean("useStrTransform");
        if (element.Boolean("useStrTransform") == true)
        {
            element.Note("useStrTransform", "has no effect: a signed assertion is always covered by the STR-Transform");
        }

        if (element.Text("tokenType") is { Length: > 0 } type)
        {
            element.Note("tokenType", $"every SAML assertion is accepted, not '{type}' alone");
        }

        ReadIssuer(element, "additionalRequestParameters", "claimTypeRequirements", "issuer", "issuerMetadata");
        element.RefuseUnknown();
    }

    /// <summary>Says of those children that are there that they have no effect: they describe how to get a token.</summary>
    public static void ReadIssuer(AppConfigElement element, params ReadOnlySpan<string> children)
    {
        foreach (var child in children)
        {
            element.Child(child)?.Note($"has no effect: {NoIssuer}");
        }
    }
}
