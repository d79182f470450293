namespace WsSecurity;

/// <summary>When the signing token travels with the message, by WCF's names (WS-SecurityPolicy 1.3, section 5.1).</summary>
public enum SecurityTokenInclusionMode
{
    /// <summary>As the authentication mode has it in WCF: the client's token travels, the service's does not.</summary>
    Default,

    /// <summary>In messages to the recipient.</summary>
    AlwaysToRecipient,

    /// <summary>In messages to the initiator.</summary>
    AlwaysToInitiator,

    /// <summary>In the first message of an exchange.</summary>
    Once,

    /// <summary>Never: it is referenced.</summary>
    Never,
}
