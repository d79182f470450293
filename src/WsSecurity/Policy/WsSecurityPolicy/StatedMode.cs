using WsSecurity.Policy.SupportingTokens;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>The authentication mode of a statement: the one whose own token the statement has, so that the fewest must be named beside it.</summary>
internal static class StatedMode
{
    /// <returns>The mode, and the tokens that it does not bring as they are.</returns>
    public static (AuthenticationMode Mode, IReadOnlyList<SupportingToken> Tokens) Of(PolicyStatement statement)
    {
        var mode = Find(statement);
        var brought = SecurityBinding.For(new SecurityPolicy { AuthenticationMode = mode }).Tokens;
        if (statement is { SubjectSigns: true, Kind: BindingKind.Asymmetric })
        {
            // What InitiatorToken brings.
            brought = [.. brought, new SupportingToken { Kind = SupportingTokenKind.Supporting, Type = SecurityTokenType.Saml }];
        }

        return (mode, [.. statement.Tokens.Where(token => !brought.Contains(token) || !IsAlone(token) || !IsFirst(token))]);

        // A token of the policy takes the place of the mode's of its type, and so the mode's must be named beside another one.
        bool IsAlone(SupportingToken token) => !statement.Tokens.Any(other => !ReferenceEquals(other, token) && other.Type == token.Type && TakesPlace(other));

        // The mode's comes first, and credentials belong to tokens in their order.
        bool IsFirst(SupportingToken token) => ReferenceEquals(statement.Tokens.First(other => other.Type == token.Type), token);
    }

    private static AuthenticationMode Find(PolicyStatement statement)
    {
        return statement.Kind switch
        {
            BindingKind.Asymmetric when statement.EncryptsNothing && !statement.Tokens.Any(token => token.Kind.IsEncrypted()) => AuthenticationMode.CertificateSignature,
            BindingKind.Asymmetric => AuthenticationMode.MutualCertificateDuplex,
            BindingKind.Symmetric when statement.PasswordProtects => AuthenticationMode.UserNameDerivedKey,
            BindingKind.Symmetric when statement.KerberosProtects => AuthenticationMode.Kerberos,
            BindingKind.Symmetric when statement.SubjectSigns => AuthenticationMode.IssuedToken,
            BindingKind.Symmetric when Has(SecurityTokenType.X509) => AuthenticationMode.MutualCertificate,
            BindingKind.Symmetric when Has(SecurityTokenType.Username) => AuthenticationMode.UserNameForCertificate,
            BindingKind.Symmetric when Has(SecurityTokenType.Saml) => AuthenticationMode.IssuedTokenForCertificate,
            BindingKind.Symmetric => AuthenticationMode.AnonymousForCertificate,
            _ when Has(SecurityTokenType.Kerberos) => AuthenticationMode.KerberosOverTransport,
            _ when Has(SecurityTokenType.X509) => AuthenticationMode.CertificateOverTransport,
            _ when Has(SecurityTokenType.Username) => AuthenticationMode.UserNameOverTransport,
            _ when Has(SecurityTokenType.Saml) => AuthenticationMode.IssuedTokenOverTransport,
            _ => AuthenticationMode.AnonymousOverTransport,
        };

        bool Has(SecurityTokenType type) => statement.Tokens.Any(token => token.Type == type && TakesPlace(token));
    }

    private static bool TakesPlace(SupportingToken token) => token.Actions.Count == 0 && (token.Type != SecurityTokenType.X509 || token.Kind.Endorses());
}
