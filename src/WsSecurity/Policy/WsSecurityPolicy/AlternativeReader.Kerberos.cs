namespace WsSecurity.Policy.WsSecurityPolicy;

/// <content>sp:KerberosToken (WS-SecurityPolicy 1.3, section 5.4.4).</content>
internal sealed partial class AlternativeReader
{
    private void ReadProtectingKerberosToken(PolicyAssertion token)
    {
        var derivesKeys = ReadKerberosToken(token);
        Set(statement => statement with { KerberosProtects = true, DerivesKeys = derivesKeys });
    }

    private void ReadKerberosToken(PolicyAssertion token, SupportingTokenKind kind, bool isOptional)
    {
        if (_reading.Statement.Kerberos is not null || _reading.Statement.KerberosProtects)
        {
            Refuse(token, "is a second KerberosToken");
        }

        if (ReadKerberosToken(token))
        {
            Refuse(token, "derives keys, which a ticket does only as sp:ProtectionToken");
        }

        Set(statement => statement with { Kerberos = new SupportingToken { Kind = kind, Type = SecurityTokenType.Kerberos, Optional = isOptional } });
    }

    /// <returns>Whether keys are derived from the ticket's.</returns>
    private bool ReadKerberosToken(PolicyAssertion token)
    {
        Demand(token, hasNested: true, attributes: [token.Name.Namespace + IncludeToken]);
        var inclusion = ReadInclusion(token);
        if (inclusion is "Never" or "AlwaysToInitiator")
        {
            Refuse(token, $"has sp:IncludeToken {inclusion}; a ticket travels with requests");
        }

        var derivesKeys = false;
        foreach (var nested in token.Nested ?? [])
        {
            switch (nested.LocalName)
            {
                case var _ when !nested.IsSecurityPolicy:
                    Refuse(nested, "is not known");
                    break;
                case KerberosTokenAssertion.Gss or KerberosTokenAssertion.ApReq:
                    Demand(nested);
                    var form = nested.LocalName == KerberosTokenAssertion.Gss ? KerberosTokenForm.Gss : KerberosTokenForm.ApReq;
                    Set(statement => statement with { KerberosForm = form });
                    break;
                case "RequireDerivedKeys" or "RequireExplicitDerivedKeys":
                    Demand(nested);
                    derivesKeys = true;
                    break;
                case "RequireKeyIdentifierReference":
                    SetReference(nested, KeyReference.SubjectKeyIdentifier);
                    break;
                default:
                    Refuse(nested, "is not supported");
                    break;
            }
        }

        return derivesKeys;
    }
}
