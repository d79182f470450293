using System.Text;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>A token of one's own, the name of who carries it; only one name is admitted.</summary>
internal sealed class BadgeHandler(string user) : ICustomTokenHandler, ISecurityTokenProvider
{
    public const string BadgeName = "Badge";
    private const string ValueType = "urn:badge";

    public string Name => BadgeName;

    public CustomTokenFormat Format => CustomTokenFormat.Binary(ValueType);

    public CustomTokenKey? ReadKey(CustomToken token) => null;

    public ValueTask<CustomTokenIdentity> ValidateAsync(CustomToken token, CancellationToken cancellationToken)
    {
        var name = Encoding.UTF8.GetString(token.Octets.Span);
        return name == user
            ? ValueTask.FromResult(new CustomTokenIdentity { Name = name })
            : throw new WsSecurityException(SecurityFailure.AuthenticationFailed, "The badge is somebody else's.");
    }

    public ValueTask<SecurityTokenCredential?> GetTokenAsync(SupportingToken token, CancellationToken cancellationToken) =>
        ValueTask.FromResult<SecurityTokenCredential?>(CustomTokenCredential.Binary(ValueType, Encoding.UTF8.GetBytes(user)));
}
