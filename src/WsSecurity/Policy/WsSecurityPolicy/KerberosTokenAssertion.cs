namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>sp:KerberosToken (WS-SecurityPolicy 1.3, section 5.4.4).</summary>
internal static class KerberosTokenAssertion
{
    public const string Gss = "WssGssKerberosV5ApReqToken11";
    public const string ApReq = "WssKerberosV5ApReqToken11";
}
