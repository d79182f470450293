namespace WsSecurity.Evidence;

/// <summary>Where a store ends, as it tells whoever appends.</summary>
public sealed record EvidenceTail
{
    /// <summary>The header of the newest entry; empty where there is none.</summary>
    public ReadOnlyMemory<byte> LastHeader { get; init; }

    /// <summary>What a crash left behind of an append after that entry: its place, number of octets and hash. The next entry states it, so that it is accounted for.</summary>
    /// <value>null: nothing.</value>
    public string? Incomplete { get; init; }
}
