using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace WsSecurity.Tests.Tokens.Custom;

/// <summary>A JSON Web Token as BinarySecurityToken; the key that its sender proves is the one of its <c>cnf</c> claim (RFC 7800).</summary>
internal sealed class JwtHandler(TokenValidationParameters parameters) : ICustomTokenHandler
{
    public const string ValueType = "urn:ietf:params:oauth:token-type:jwt";

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public string Name => "Jwt";

    public CustomTokenFormat Format => CustomTokenFormat.Binary(ValueType);

    public CustomTokenKey? ReadKey(CustomToken token)
    {
        if (!Read(token).TryGetPayloadValue<JsonElement>("cnf", out var confirmation) || !confirmation.TryGetProperty("jwk", out var jwk))
        {
            return null;
        }

        var key = new JsonWebKey(jwk.GetRawText());
        return CustomTokenKey.Of(RSA.Create(new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = Base64UrlEncoder.DecodeBytes(key.E) }));
    }

    public async ValueTask<CustomTokenIdentity> ValidateAsync(CustomToken token, CancellationToken cancellationToken)
    {
        var jwt = Read(token);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(jwt, parameters);
        if (!result.IsValid)
        {
            throw new WsSecurityException(ReasonOf(result.Exception), "The JWT is not valid.", result.Exception);
        }

        // The recipient's clock, rather than the system's.
        if (jwt.ValidTo.ToUniversalTime() <= token.Time.UtcDateTime - Skew)
        {
            throw new WsSecurityException(SecurityFailure.TokenExpired, $"The JWT expired at {jwt.ValidTo:O}.");
        }

        if (jwt.ValidFrom.ToUniversalTime() > token.Time.UtcDateTime + Skew)
        {
            throw new WsSecurityException(SecurityFailure.TokenNotYetValid, $"The JWT is valid from {jwt.ValidFrom:O}.");
        }

        return new CustomTokenIdentity
        {
            Name = jwt.Subject,
            Issuer = jwt.Issuer,
            Claims = [.. result.ClaimsIdentity.Claims],
            OneTimeId = string.IsNullOrEmpty(jwt.Id) ? null : jwt.Id,
            Expires = new DateTimeOffset(DateTime.SpecifyKind(jwt.ValidTo, DateTimeKind.Utc)),
        };
    }

    private static JsonWebToken Read(CustomToken token) => new(Encoding.ASCII.GetString(token.Octets.Span));

    private static SecurityFailure ReasonOf(Exception? exception) => exception switch
    {
        SecurityTokenInvalidAudienceException => SecurityFailure.AudienceMismatch,
        SecurityTokenInvalidIssuerException => SecurityFailure.IssuerNotTrusted,
        SecurityTokenInvalidSignatureException => SecurityFailure.SignatureInvalid,
        _ => SecurityFailure.InvalidSecurityToken,
    };
}
