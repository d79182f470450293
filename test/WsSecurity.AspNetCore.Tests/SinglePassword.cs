using System.Security.Claims;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>A validator that knows one user.</summary>
internal sealed class SinglePassword(string user, string password) : IUsernameTokenValidator
{
    public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Claim>?>(token.UserName == user && token.Matches(password) ? [] : null);
}
