using WsSecurity.Policy.SupportingTokens;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <content>sp:UsernameToken (WS-SecurityPolicy 1.3, section 5.4.1).</content>
internal sealed partial class AlternativeReader
{
    // As CXF reads it: the key is derived from the password, which does not travel.
    private void ReadProtectingUsernameToken(PolicyAssertion token)
    {
        if (ReadUsernameToken(token, isKey: true) is var (_, derivesKeys))
        {
            Set(statement => statement with
            {
                PasswordProtects = true,
                DerivesKeys = derivesKeys,
                Conversation = statement.Conversation ?? ConversationOf(token, derivesKeys),
            });
            _reading.Tokens.Add(new StatedToken(new SupportingToken { Kind = SupportingTokenKind.Supporting, Type = SecurityTokenType.Username, PasswordType = PasswordType.None }));
        }
    }

    private void ReadUsernameToken(PolicyAssertion token, SupportingTokenKind kind, bool isOptional)
    {
        if (ReadUsernameToken(token, isKey: kind.Endorses()) is not var (type, derivesKeys))
        {
            return;
        }

        Set(statement => statement with { Conversation = statement.Conversation ?? ConversationOf(token, derivesKeys) });
        _reading.Tokens.Add(new StatedToken(new SupportingToken { Kind = kind, Type = SecurityTokenType.Username, PasswordType = type, RequireDerivedKeys = derivesKeys, Optional = isOptional })
        {
            IsOfVersion11 = token.Name.Namespace == PolicyNames.SecurityPolicy11,
        });
    }

    private (PasswordType Type, bool DerivesKeys)? ReadUsernameToken(PolicyAssertion token, bool isKey)
    {
        if (_reading.Tokens.Exists(other => other.Token.Type == SecurityTokenType.Username))
        {
            Refuse(token, "is a second UsernameToken");
            return null;
        }

        Demand(token, hasNested: true, attributes: [token.Name.Namespace + IncludeToken]);
        DemandTravels(token, "a UsernameToken");
        var nested = (token.Nested ?? []).ToLookup(assertion => assertion.IsSecurityPolicy ? assertion.LocalName : string.Empty);
        var type = isKey || nested.Contains("NoPassword") ? PasswordType.None : nested.Contains("HashPassword") ? PasswordType.Digest : PasswordType.Text;
        if (nested.Contains("NoPassword") && nested.Contains("HashPassword"))
        {
            Refuse(token, "has both sp:NoPassword and sp:HashPassword");
        }

        if (isKey && !nested.Contains("NoPassword"))
        {
            _reading.Notes.Add($"{token.Path} has no sp:NoPassword; its password is a key, and does not travel.");
        }

        var derivesKeys = false;
        foreach (var assertion in token.Nested ?? [])
        {
            switch (assertion.LocalName)
            {
                case "WssUsernameToken10" or "WssUsernameToken11" or "NoPassword" when assertion.IsSecurityPolicy:
                case "HashPassword" when assertion.IsSecurityPolicy && !isKey:
                    Demand(assertion);
                    break;
                case "RequireDerivedKeys" or "RequireExplicitDerivedKeys" when assertion.IsSecurityPolicy && isKey:
                    Demand(assertion);
                    derivesKeys = true;
                    break;

                // A digest has both or is refused; with other passwords they are written, but not demanded.
                case "Created" or "Nonce" when assertion.Name.Namespace == PolicyNames.SecurityPolicy13 && type == PasswordType.Digest:
                    Demand(assertion);
                    break;
                default:
                    Refuse(assertion, "is not supported");
                    break;
            }
        }

        return (type, derivesKeys);
    }
}
