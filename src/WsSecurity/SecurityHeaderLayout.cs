namespace WsSecurity;

/// <summary>The order of elements in the Security header (WS-SecurityPolicy 1.3, section 6.7). Strict is always written.</summary>
public enum SecurityHeaderLayout
{
    /// <summary>Any order that can be processed is accepted.</summary>
    Lax,

    /// <summary>Whatever is referenced stands before what refers to it.</summary>
    Strict,

    /// <summary>As Lax, with the Timestamp first.</summary>
    LaxTimestampFirst,

    /// <summary>As Lax, with the Timestamp last.</summary>
    LaxTimestampLast,
}
