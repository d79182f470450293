namespace WsSecurity.Policy.WsSecurityPolicy;

/// <content>sp:KerberosToken (WS-SecurityPolicy 1.3, section 5.4.4).</content>
internal sealed partial class AlternativeReader
{
    private void ReadProtectingKerberosToken(PolicyAssertion token)
    {
        var (form, derivesKeys) = ReadKerberosToken(token);
        Set(statement => statement with { KerberosProtects = true, KerberosForm = form, DerivesKeys = derivesKeys });
    }

    private void ReadKerberosToken(PolicyAssertion token, SupportingTokenKind kind, bool isOptional)
    {
        var (form, derivesKeys) = ReadKerberosToken(token);
        if (derivesKeys)
        {
            Refuse(token, "derives keys, which a ticket does only as sp:ProtectionToken");
        }

        _reading.Tokens.Add(new StatedToken(new SupportingToken { Kind = kind, Type = SecurityTokenType.Kerberos, Optional = isOptional }) { KerberosForm = form });
    }

    private (KerberosTokenForm Form, bool DerivesKeys) ReadKerberosToken(PolicyAssertion token)
    {
        if (_reading.Statement.KerberosProtects || _reading.Tokens.Exists(other => other.KerberosForm is not null))
        {
            Refuse(token, "is a second KerberosToken");
        }

        Demand(token, hasNested: true, attributes: [token.Name.Namespace + IncludeToken]);
        var inclusion = ReadInclusion(token);
        if (inclusion is "Never" or "AlwaysToInitiator")
        {
            Refuse(token, $"has sp:IncludeToken {inclusion}; a ticket travels with requests");
        }

        var form = default(KerberosTokenForm);
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
                    form = nested.LocalName == KerberosTokenAssertion.Gss ? KerberosTokenForm.Gss : KerberosTokenForm.ApReq;
                    break;
                case "RequireDerivedKeys" or "RequireExplicitDerivedKeys":
                    Demand(nested);
                    derivesKeys = true;
                    break;
                case "RequireKeyIdentifierReference":
                    Demand(nested);
                    SetReference(nested, KeyReference.SubjectKeyIdentifier);
                    break;
                default:
                    Refuse(nested, "is not supported");
                    break;
            }
        }

        return (form, derivesKeys);
    }
}
