namespace WsSecurity;

/// <summary>The version of WS-SecureConversation in whose namespace derived keys are written; both are read.</summary>
public enum SecureConversationVersion
{
    /// <summary>The submission of February 2005, the default of .NET Framework: http://schemas.xmlsoap.org/ws/2005/02/sc.</summary>
    WSSecureConversationFeb2005,

    /// <summary>WS-SecureConversation 1.3: http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512.</summary>
    WSSecureConversation13,
}
