using System.Security.Claims;

namespace WsSecurity;

/// <summary>A custom token that its handler accepts.</summary>
public sealed class CustomVerifiedToken : VerifiedToken
{
    private readonly CustomTokenIdentity _identity;

    internal CustomVerifiedToken(string type, CustomTokenIdentity identity)
    {
        Type = type;
        _identity = identity;
    }

    /// <summary>The handler's name.</summary>
    public string Type { get; }

    /// <inheritdoc/>
    public override string Name => _identity.Name;

    /// <summary>Who vouches for the token; null where nobody is named.</summary>
    public string? Issuer => _identity.Issuer;

    /// <inheritdoc/>
    public override ClaimsIdentity Identity => new(
        [
            new Claim(ClaimTypes.Name, Name, ClaimValueTypes.String, Issuer ?? ClaimsIdentity.DefaultIssuer),
            .. _identity.Claims.Select(claim => claim.Clone()),
        ],
        Type);
}
