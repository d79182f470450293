using System.Security.Claims;

namespace WsSecurity.Policy.Configuration;

/// <summary>Users and passwords from a configuration file, for development and tests.</summary>
internal sealed class ConfiguredUsers(IReadOnlyDictionary<string, string> passwords) : IUsernameTokenKeySource
{
    private readonly string _nobody = Guid.NewGuid().ToString();

    public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken)
    {
        // An unknown user costs the same comparison as a wrong password.
        var known = passwords.TryGetValue(token.UserName, out var password);
        var matches = token.Matches(password ?? _nobody);
        return ValueTask.FromResult<IReadOnlyList<Claim>?>(known && matches ? [] : null);
    }

    public ValueTask<byte[]?> DeriveKeyAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
        ValueTask.FromResult(passwords.TryGetValue(token.UserName, out var password) ? token.DeriveKey(password) : null);
}
