namespace WsSecurity.Messaging;

/// <summary>What became of a message, which says what is to become of it at its carrier.</summary>
public enum DeliveryOutcome
{
    /// <summary>Its effect is committed: it is acknowledged.</summary>
    Handled,

    /// <summary>It was received before: it is acknowledged, and nothing was done.</summary>
    Duplicate,

    /// <summary>It is refused for good: it goes where refused messages are kept.</summary>
    Refused,

    /// <summary>It had no effect, for reasons that may pass: it is to come again.</summary>
    Failed,
}
