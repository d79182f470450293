namespace WsSecurity.ServiceModel;

/// <summary>
/// What a client does for a node on the way (a proxy, a gateway): a second Security header, added to each message that it sends once the protection for the service
/// is done, and one that the node must have put into each message that arrives. Both sign the message as it stands, ciphertext included, and change
/// nothing of it. Immutable; change it with <c>with { … }</c>.
/// </summary>
public sealed record TransitSecurity
{
    // SOAP 1.2 Part 1, section 2.2: the same as no role.
    private const string UltimateReceiver = "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver";

    /// <summary>What the added header proves. Its <see cref="SecurityPolicy.Actor"/> names the node. See <see cref="TransitInitiator"/> for which policies that can be.</summary>
    /// <value>null: none is added.</value>
    public SecurityPolicy? Added { get; init; }

    /// <summary>
    /// What a header of the node must prove in replies, callbacks and faults alike, before they are verified as the service's; it is taken away. Its
    /// <see cref="SecurityPolicy.Actor"/> names the part that this client plays for the node. See <see cref="TransitRecipient"/>.
    /// </summary>
    /// <value>null: the node adds nothing to what arrives, as most do. WCF refuses messages with a mandatory header that nobody took away.</value>
    public SecurityPolicy? Verified { get; init; }

    /// <summary>Our keys and tokens towards the node, and whom we trust to be it.</summary>
    /// <value>null: the credentials towards the service.</value>
    public SecurityCredentials? Credentials { get; init; }

    /// <summary>Refuses headers that could not be told from the one for the service.</summary>
    /// <param name="policy">The policy towards the service.</param>
    /// <exception cref="ArgumentException">One has the actor of the policy, or there is none.</exception>
    internal void Demand(SecurityPolicy policy)
    {
        if (Added is null && Verified is null)
        {
            throw new ArgumentException($"Neither {nameof(Added)} nor {nameof(Verified)} is set, so that nothing would be done for a node on the way.");
        }

        Demand(Added, nameof(Added), policy);
        Demand(Verified, nameof(Verified), policy);
    }

    private static void Demand(SecurityPolicy? header, string which, SecurityPolicy policy)
    {
        if (header is not null && Normalize(header.Actor) == Normalize(policy.Actor))
        {
            var actor = Normalize(policy.Actor) is { } name ? $"'{name}'" : "the ultimate receiver";
            throw new ArgumentException(
                $"{nameof(TransitSecurity)}.{which} and the policy towards the service have the same Actor, {actor}, so that the two headers would be one; name the node on the way in the {nameof(SecurityPolicy.Actor)} of {which}.");
        }
    }

    private static string? Normalize(string? actor) => actor is null or "" or UltimateReceiver ? null : actor;
}
