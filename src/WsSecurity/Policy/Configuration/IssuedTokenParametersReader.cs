namespace WsSecurity.Policy.Configuration;

/// <summary>Reads the <see cref="IssuedTokenParameters"/> of a supporting token.</summary>
internal static class IssuedTokenParametersReader
{
    /// <returns>null where there are none; an object that says nothing says that an issuer gives the token.</returns>
    public static IssuedTokenParameters? Read(ConfigurationNode token)
    {
        const string Key = nameof(SupportingToken.IssuedTokenParameters);
        if (token.Object(Key) is not { } node)
        {
            return token.HasKey(Key) ? new IssuedTokenParameters() : null;
        }

        var issued = new IssuedTokenParameters
        {
            KeyType = node.Name<IssuedTokenKeyType>(nameof(IssuedTokenParameters.KeyType)),
            KeySize = node.PositiveInteger(nameof(IssuedTokenParameters.KeySize)),
            ClaimTypeRequirements = [.. node.List(nameof(IssuedTokenParameters.ClaimTypeRequirements)).Select(ReadClaim)],
            IssuerAddress = node.Text(nameof(IssuedTokenParameters.IssuerAddress)),
            IssuerDetails = node.Texts(nameof(IssuedTokenParameters.IssuerDetails)),
            IssuerName = node.Text(nameof(IssuedTokenParameters.IssuerName)),
            TrustNamespace = node.Text(nameof(IssuedTokenParameters.TrustNamespace)),
            AdditionalRequestParameters = node.Texts(nameof(IssuedTokenParameters.AdditionalRequestParameters)),
        };
        node.RefuseUnknownKeys();
        return issued;
    }

    private static ClaimTypeRequirement ReadClaim(ConfigurationNode node)
    {
        var claim = new ClaimTypeRequirement(node.RequiredText(nameof(ClaimTypeRequirement.Type)), node.Boolean(nameof(ClaimTypeRequirement.Optional)) ?? false);
        node.RefuseUnknownKeys();
        return claim;
    }
}
