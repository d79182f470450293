using System.Security.Claims;
using CoreWCF;
using CoreWCF.IdentityModel.Selectors;
using CoreWCF.IdentityModel.Tokens;

namespace WsSecurity.CoreWcf.Credentials;

/// <summary>
/// Asks the validator of <c>ServiceCredentials.UserNameAuthentication</c>. That one sees the password itself, so a token with a digest of it is refused.
/// </summary>
internal sealed class UserNamePasswordTokenValidator(UserNamePasswordValidator validator) : IUsernameTokenValidator
{
    public async ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken)
    {
        if (token.ClearTextPassword is not { } password)
        {
            return null;
        }

        try
        {
            await validator.ValidateAsync(token.UserName, password).ConfigureAwait(false);
            return [];
        }
        catch (Exception refusal) when (refusal is SecurityTokenException or FaultException)
        {
            // These two are how WCF's validators say no; anything else is a failure of theirs.
            return null;
        }
    }
}
