namespace WsSecurity;

/// <summary>The version of WS-Policy around the assertions of WS-SecurityPolicy 1.2 and 1.3.</summary>
public enum WsPolicyVersion
{
    /// <summary>WS-Policy 1.5 (http://www.w3.org/ns/ws-policy).</summary>
    WsPolicy15,

    /// <summary>WS-Policy 1.2 (http://schemas.xmlsoap.org/ws/2004/09/policy), which .NET Framework reads.</summary>
    WsPolicy12,
}
