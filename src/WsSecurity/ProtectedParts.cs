namespace WsSecurity;

/// <summary>
/// Which parts get one kind of protection. The most specific that is set applies: the operation's, the direction's,
/// <see cref="All"/>; where none is set, <see cref="SecurityPolicy.ProtectionLevel"/> decides.
/// </summary>
public sealed record ProtectedParts
{
    /// <summary>Parts of every message.</summary>
    public MessageParts? All { get; init; }

    /// <summary>Parts of requests.</summary>
    public MessageParts? Request { get; init; }

    /// <summary>Parts of replies.</summary>
    public MessageParts? Reply { get; init; }

    /// <summary>
    /// Parts by the message's action. A recipient then demands that a signature, or the transport, protects the WS-Addressing Action.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyDictionary<string, MessageParts> Operations { get; init => field = ValueDictionary.Of(value); } = ValueDictionary<MessageParts>.Empty;

    /// <summary>The same parts for every message.</summary>
    /// <param name="parts">The parts.</param>
    public static implicit operator ProtectedParts(MessageParts parts) => FromMessageParts(parts);

    /// <summary>The same parts for every message.</summary>
    /// <param name="parts">The parts.</param>
    public static ProtectedParts FromMessageParts(MessageParts parts) => new() { All = parts };

    internal MessageParts? Find(bool isReply, string? action)
    {
        if (action is not null && Operations.TryGetValue(action, out var parts))
        {
            return parts;
        }

        return (isReply ? Reply : Request) ?? All;
    }
}
