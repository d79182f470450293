namespace WsSecurity.Evidence;

/// <summary>Which way a kept message went.</summary>
public enum EvidenceDirection
{
    /// <summary>A request that was received.</summary>
    RequestReceived,

    /// <summary>The reply that was sent to it.</summary>
    ReplySent,

    /// <summary>A request that was sent.</summary>
    RequestSent,

    /// <summary>The reply that was received to it.</summary>
    ReplyReceived,
}
