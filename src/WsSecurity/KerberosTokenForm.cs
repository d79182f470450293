namespace WsSecurity;

/// <summary>How a BinarySecurityToken carries an AP-REQ (Kerberos Token Profile 1.1.1, section 3.2). Both are accepted.</summary>
public enum KerberosTokenForm
{
    /// <summary>
    /// <c>#GSS_Kerberosv5_AP_REQ</c>: as a token of GSSAPI, as WCF and WSS4J write it (<c>sp:WssGssKerberosV5ApReqToken11</c>).
    /// </summary>
    Gss,

    /// <summary><c>#Kerberosv5_AP_REQ</c>: by itself (<c>sp:WssKerberosV5ApReqToken11</c>).</summary>
    ApReq,
}
