using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Samples.Gateway;

/// <summary>Stands for the identity provider of the users.</summary>
internal sealed class Login
{
    private readonly SymmetricSecurityKey _key = new(RandomNumberGenerator.GetBytes(32));

    public TokenValidationParameters Validation => new()
    {
        ValidIssuer = "https://login.example",
        ValidAudience = "gateway",
        IssuerSigningKey = _key,
        NameClaimType = JwtRegisteredClaimNames.Sub,
    };

    public string IssueToken(string user, string department) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "https://login.example",
        Audience = "gateway",
        Subject = new ClaimsIdentity([new Claim(JwtRegisteredClaimNames.Sub, user), new Claim("department", department)]),
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
    });
}
