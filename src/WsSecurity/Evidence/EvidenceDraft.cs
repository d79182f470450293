namespace WsSecurity.Evidence;

/// <summary>What is to become an entry: the <c>record</c> of its header, and its content. It owns the octets.</summary>
internal sealed record EvidenceDraft(byte[] Record, byte[] Content)
{
    /// <summary>Whether the content is a timestamp token, which needs none itself.</summary>
    public bool IsTimestamp { get; init; }

    public long Size => Record.Length + Content.Length;
}
