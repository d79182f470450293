namespace WsSecurity;

/// <summary>The parts of one message (WS-SecurityPolicy 1.3, section 4). What the message does not have needs no protection; what it has more than once, all of it does.</summary>
public sealed record MessageParts
{
    /// <summary>No part at all.</summary>
    public static MessageParts None { get; } = new();

    /// <summary>The Body: signed as element, encrypted as content.</summary>
    /// <value>false.</value>
    public bool Body { get; init; }

    /// <summary>Every header block but Security headers.</summary>
    /// <value>false.</value>
    public bool AllHeaders { get; init; }

    /// <summary>Header blocks, each only where the message has it.</summary>
    /// <value>None.</value>
    public IReadOnlyList<QualifiedName> Headers { get; init => field = ValueList.Of(value); } = ValueList<QualifiedName>.Empty;

    /// <summary>Elements inside the Body, at any depth, each only where the message has it.</summary>
    /// <value>None.</value>
    public IReadOnlyList<QualifiedName> Elements { get; init => field = ValueList.Of(value); } = ValueList<QualifiedName>.Empty;

    /// <summary>Elements of the envelope that location paths select: SignedElements, EncryptedElements, RequiredElements.</summary>
    /// <value>None.</value>
    public IReadOnlyList<LocationPath> Paths { get; init => field = ValueList.Of(value); } = ValueList<LocationPath>.Empty;

    /// <summary>Elements whose content is encrypted while their tags stay readable: ContentEncryptedElements. Belongs to encrypted parts alone.</summary>
    /// <value>None.</value>
    public IReadOnlyList<LocationPath> ContentPaths { get; init => field = ValueList.Of(value); } = ValueList<LocationPath>.Empty;

    internal bool IsEmpty => !Body && !AllHeaders && Headers.Count == 0 && !HasElements;

    /// <summary>Whether more than whole headers and the Body may be among them.</summary>
    internal bool HasElements => Elements.Count > 0 || Paths.Count > 0 || ContentPaths.Count > 0;
}
