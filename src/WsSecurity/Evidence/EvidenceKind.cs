namespace WsSecurity.Evidence;

/// <summary>The kinds of entries.</summary>
internal static class EvidenceKind
{
    /// <summary>A writer began, or found what a crash had left behind.</summary>
    public const string Opened = "Opened";

    /// <summary>A message.</summary>
    public const string Message = "Message";

    /// <summary>Its content signs its header, and by the hashes all before it.</summary>
    public const string Checkpoint = "Checkpoint";

    /// <summary>Its content is an RFC 3161 token over an earlier checkpoint.</summary>
    public const string Timestamp = "Timestamp";
}
