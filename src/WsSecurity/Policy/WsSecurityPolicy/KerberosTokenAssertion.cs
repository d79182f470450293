namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>sp:KerberosToken (WS-SecurityPolicy 1.3, section 5.4.4).</summary>
internal static class KerberosTokenAssertion
{
    public const string Gss = "WssGssKerberosV5ApReqToken11";
    public const string ApReq = "WssKerberosV5ApReqToken11";

    /// <summary>Whether a supporting tokens' assertion has it and nothing else.</summary>
    public static bool IsAlone(PolicyAssertion supportingTokens) => supportingTokens.Nested is [{ IsSecurityPolicy: true, LocalName: "KerberosToken" }];

    /// <summary>The assertion for a kind of supporting token.</summary>
    public static string NameOf(SupportingTokenKind kind) => kind == SupportingTokenKind.Supporting ? "SupportingTokens" : $"{kind}SupportingTokens";
}
