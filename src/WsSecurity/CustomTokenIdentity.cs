using System.Security.Claims;

namespace WsSecurity;

/// <summary>What a valid custom token says.</summary>
public sealed record CustomTokenIdentity
{
    /// <summary>Whom the token names.</summary>
    public required string Name { get; init; }

    /// <summary>Who vouches for the token; the issuer of its claims.</summary>
    /// <value>null: nobody is named.</value>
    public string? Issuer { get; init; }

    /// <summary>Further claims; one of <see cref="ClaimTypes.Name"/> is made of <see cref="Name"/>.</summary>
    /// <value>None.</value>
    public IReadOnlyList<Claim> Claims { get; init => field = ValueList.Of(value); } = ValueList<Claim>.Empty;

    /// <summary>The token's own Id, where it may be used once only; it is remembered until <see cref="Expires"/>.</summary>
    /// <value>null: it may be used again.</value>
    public string? OneTimeId { get; init; }

    /// <summary>When the token expires; required beside <see cref="OneTimeId"/>.</summary>
    public DateTimeOffset? Expires { get; init; }
}
