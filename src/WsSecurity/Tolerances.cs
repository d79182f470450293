namespace WsSecurity;

/// <summary>What is let pass though it should not be: separate switches, each off, for peers that cannot do better.</summary>
public sealed record Tolerances
{
    /// <summary>The strict defaults.</summary>
    public static Tolerances None { get; } = new();

    /// <summary>Accept a fault that carries no protection. Anybody on the way can have written it.</summary>
    /// <value>false.</value>
    public bool UnsecuredFault { get; init; }

    /// <summary>Accept a Timestamp that no signature covers.</summary>
    /// <value>false.</value>
    public bool UnsignedTimestamp { get; init; }

    /// <summary>Accept a Security header in any order, whatever <see cref="SecurityPolicy.SecurityHeaderLayout"/> demands; what is written keeps to it.</summary>
    /// <value>false.</value>
    public bool HeaderOrder { get; init; }

    /// <summary>Accept our own certificate as the peer's: both sides share a key.</summary>
    /// <value>false.</value>
    public bool AcceptOwnSignature { get; init; }

    /// <summary>
    /// Accept an <c>xsi:type</c> whose prefix is bound outside of the signed part and, where ciphertext is signed, names in the plaintext whose
    /// prefix is. Whoever is on the way can bind such a prefix anew.
    /// </summary>
    /// <value>false.</value>
    public bool UnsignedPrefixBindings { get; init; }

    /// <summary>
    /// Accept a reply that only the connection binds to its request: neither the request's key, nor a SignatureConfirmation,
    /// nor a signed RelatesTo. A recorded reply of the same service passes for this one.
    /// </summary>
    /// <value>false.</value>
    public bool UnboundReply { get; init; }

    /// <summary>By how much the peers' clocks may differ.</summary>
    /// <value>5 minutes.</value>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a message of ours is valid, and the longest life that is granted to a peer's.</summary>
    /// <value>5 minutes.</value>
    public TimeSpan TimestampLifetime { get; init; } = TimeSpan.FromMinutes(5);
}
