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
        DemandTravels(token, "a ticket");
        var form = default(KerberosTokenForm);
        var derivesKeys = ReadTokenPolicy(token, nested =>
        {
            switch (nested.LocalName)
            {
                case KerberosTokenAssertion.Gss or KerberosTokenAssertion.ApReq:
                    form = nested.LocalName == KerberosTokenAssertion.Gss ? KerberosTokenForm.Gss : KerberosTokenForm.ApReq;
                    return true;
                case "RequireKeyIdentifierReference":
                    SetReference(nested, KeyReference.SubjectKeyIdentifier);
                    return true;
                default:
                    return false;
            }
        });
        return (form, derivesKeys);
    }
}
