using WsSecurity.Policy.SupportingTokens;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Makes tokens of the kinds that they need to be of, and says so: the kind that is stated would leave them open, or unproven.</summary>
internal static class TokenKinds
{
    public static List<StatedToken> Settle(AlternativeReading reading, List<StatedToken> tokens) => tokens.ConvertAll(stated => Settle(reading, stated));

    private static StatedToken Settle(AlternativeReading reading, StatedToken stated)
    {
        var (token, overTransport) = (stated.Token, reading.Statement.Kind == BindingKind.Transport);
        if (!overTransport && token is { Type: SecurityTokenType.Username, Kind: SupportingTokenKind.Signed } && stated.IsOfVersion11)
        {
            // WS-SecurityPolicy 1.1 has no SignedEncryptedSupportingTokens; .NET Framework and others encrypt this one.
            reading.Notes.Add("The signed UsernameToken is encrypted too, as peers of WS-SecurityPolicy 1.1 do.");
            return Change(SupportingTokenKind.SignedEncrypted);
        }

        if (!overTransport && token is { Type: SecurityTokenType.Kerberos, Kind: SupportingTokenKind.Supporting or SupportingTokenKind.Signed })
        {
            reading.Notes.Add("The Kerberos token is encrypted too: its key signs nothing, so whoever holds up the message could put it into another one.");
            return Change(token.Kind == SupportingTokenKind.Signed ? SupportingTokenKind.SignedEncrypted : SupportingTokenKind.Encrypted);
        }

        var isProven = reading.Statement is { Kind: BindingKind.Asymmetric } or { SubjectSigns: true } || token.Kind.Endorses();
        if (!isProven && token is { Type: SecurityTokenType.Saml, IssuedTokenParameters.KeyType: IssuedTokenKeyType.SymmetricKey or IssuedTokenKeyType.PublicKey })
        {
            reading.Notes.Add("The issued token endorses: it has a key, whose holder nothing else would prove.");
            return Change(Endorsing(token.Kind));
        }

        if (!overTransport && !token.Kind.IsEncrypted() && (token is { Type: SecurityTokenType.Username, PasswordType: PasswordType.Text } || (!isProven && token.Type == SecurityTokenType.Saml)))
        {
            reading.Notes.Add(token.Type == SecurityTokenType.Username
                ? "The password is not encrypted in the message, and so goes and comes over TLS alone."
                : "An assertion for bearers is not encrypted in the message, and so goes and comes over TLS alone.");
        }

        return stated;

        StatedToken Change(SupportingTokenKind kind) => stated with { Token = token with { Kind = kind } };
    }

    private static SupportingTokenKind Endorsing(SupportingTokenKind kind) => kind switch
    {
        SupportingTokenKind.Signed => SupportingTokenKind.SignedEndorsing,
        SupportingTokenKind.Encrypted => SupportingTokenKind.EndorsingEncrypted,
        SupportingTokenKind.SignedEncrypted => SupportingTokenKind.SignedEndorsingEncrypted,
        _ => SupportingTokenKind.Endorsing,
    };
}
