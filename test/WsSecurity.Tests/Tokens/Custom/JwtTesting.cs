using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace WsSecurity.Tests.Tokens.Custom;

/// <summary>Issues JSON Web Tokens, and gives them to requests.</summary>
internal static class JwtTesting
{
    public const string Issuer = "https://issuer.example";
    public const string Audience = "https://service.example";

    /// <summary>The issuer's key; the process ends before anybody has to dispose it.</summary>
    public static readonly RSA IssuerKey = RSA.Create(2048);

    /// <summary>The subject's key.</summary>
    public static readonly RSA SubjectKey = RSA.Create(2048);

    public static JwtHandler Handler { get; } = new(new TokenValidationParameters
    {
        ValidIssuer = Issuer,
        ValidAudience = Audience,
        IssuerSigningKey = new RsaSecurityKey(IssuerKey),
        ValidAlgorithms = ["RS256"],
        ValidateLifetime = false,
    });

    public static string Issue(bool withKey = false, string issuer = Issuer, string audience = Audience, TimeSpan age = default, string? id = null, RSA? key = null)
    {
        var from = TestKeys.Now - age;
        var payload = new JsonObject
        {
            ["iss"] = issuer,
            ["aud"] = audience,
            ["sub"] = "alice",
            ["role"] = "clerk",
            ["nbf"] = from.ToUnixTimeSeconds(),
            ["exp"] = from.AddHours(1).ToUnixTimeSeconds(),
        };
        if (id is not null)
        {
            payload["jti"] = id;
        }

        if (withKey)
        {
            var subject = SubjectKey.ExportParameters(includePrivateParameters: false);
            payload["cnf"] = new JsonObject
            {
                ["jwk"] = new JsonObject { ["kty"] = "RSA", ["n"] = Base64UrlEncoder.Encode(subject.Modulus), ["e"] = Base64UrlEncoder.Encode(subject.Exponent) },
            };
        }

        return new JsonWebTokenHandler().CreateToken(payload.ToJsonString(), new SigningCredentials(new RsaSecurityKey(key ?? IssuerKey), "RS256"));
    }

    public static CustomTokenCredential Credential(string jwt, bool withKey = false, DateTimeOffset? expires = null, RSA? key = null) =>
        CustomTokenCredential.Binary(JwtHandler.ValueType, Encoding.ASCII.GetBytes(jwt), expires, withKey ? CustomTokenKey.Of(key ?? SubjectKey) : null);

    /// <summary>Gives what a function gives.</summary>
    public sealed class Provider(Func<SupportingToken, CancellationToken, ValueTask<SecurityTokenCredential?>> get) : ISecurityTokenProvider
    {
        public int Calls { get; private set; }

        public ValueTask<SecurityTokenCredential?> GetTokenAsync(SupportingToken token, CancellationToken cancellationToken)
        {
            Calls++;
            return get(token, cancellationToken);
        }
    }
}
