namespace WsSecurity;

/// <summary>The parts of one message (WS-SecurityPolicy 1.3, section 4).</summary>
public sealed record MessageParts
{
    /// <summary>No part at all.</summary>
    public static MessageParts None { get; } = new();

    /// <summary>The Body: signed as element, encrypted as content.</summary>
    /// <value>false.</value>
    public bool Body { get; init; }

    /// <summary>Header blocks, each only where the message has it.</summary>
    /// <value>None.</value>
    public IReadOnlyList<QualifiedName> Headers { get; init => field = ValueList.Of(value); } = ValueList<QualifiedName>.Empty;

    /// <summary>Elements inside the Body, at any depth, each only where the message has it.</summary>
    /// <value>None.</value>
    public IReadOnlyList<QualifiedName> Elements { get; init => field = ValueList.Of(value); } = ValueList<QualifiedName>.Empty;

    internal bool IsEmpty => !Body && Headers.Count == 0 && Elements.Count == 0;
}
