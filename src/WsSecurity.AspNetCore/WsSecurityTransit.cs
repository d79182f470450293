namespace WsSecurity.AspNetCore;

/// <summary>
/// What a proxy does with the Security headers of requests that pass through: takes away the one that is for it, adds one for a node further on,
/// or both. Whatever else is in a message stays as it is, octet by octet; replies pass untouched. Immutable; change it with <c>with { … }</c>.
/// </summary>
public sealed record WsSecurityTransit
{
    /// <summary>What the header for our actor must prove before a request passes. See <see cref="TransitRecipient"/> for which policies that can be.</summary>
    /// <value>null: none is demanded.</value>
    public SecurityPolicy? Verified { get; init; }

    /// <summary>What the header proves that is added. See <see cref="TransitInitiator"/>.</summary>
    /// <value>null: none is added.</value>
    public SecurityPolicy? Added { get; init; }

    /// <summary>Our keys and tokens, and whom we trust.</summary>
    public required SecurityCredentials Credentials { get; init; }

    /// <summary>Whether GET and HEAD without a body pass to exactly the path, where services publish their WSDL.</summary>
    /// <value>true.</value>
    public bool AllowMetadata { get; init; } = true;
}
