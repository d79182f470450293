using System.Security.Claims;
using WsSecurity.Replay;
using WsSecurity.Tokens.Username;

namespace WsSecurity.Policy.SupportingTokens;

/// <summary>The demands on a UsernameToken: how it came, and that its password is right.</summary>
internal sealed class UsernameEnforcement(SupportingToken required, PolicyEnforcement enforcement) : SupportingTokenEnforcement(required, enforcement)
{
    private UsernameToken? _token;

    public override DateTimeOffset? Created => _token?.Created;

    public override string? NonceKey => _token is { Nonce: not null } ? ReplayKey.Of(_token) : null;

    public override void Find()
    {
        if (FindOne(Message.UsernameTokens, "UsernameToken", SecurityFailure.InvalidUsernameToken) is not { } token)
        {
            return;
        }

        if (token.Credential.PasswordType != Required.PasswordType)
        {
            throw new WsSecurityException(SecurityFailure.PasswordTypeNotAllowed, $"The password type is {token.Credential.PasswordType}; the policy demands {Required.PasswordType}.");
        }

        DemandEncrypted(token.Element, "UsernameToken");
        if (token.Credential.PasswordType == PasswordType.Text && !IsEncrypted(token.Element) && !Enforcement.Context.IsTransportProtected)
        {
            throw new WsSecurityException(SecurityFailure.PasswordNotProtected, "The password came in clear, neither encrypted nor over a protected transport.");
        }

        _token = token;
        Element = token.Element;
    }

    public override async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        if (_token is not { } token)
        {
            return;
        }

        Verified = await AskValidatorAsync(token.Credential, cancellationToken).ConfigureAwait(false) is { } claims
            ? new UsernameVerifiedToken(token.Credential.UserName, claims)
            : throw new WsSecurityException(SecurityFailure.AuthenticationFailed, "The validator does not accept the user or the password.");
    }

    private async ValueTask<IReadOnlyList<Claim>?> AskValidatorAsync(UsernameTokenCredential credential, CancellationToken cancellationToken)
    {
        if (Enforcement.Party.Credentials.UsernameTokenValidator is not { } validator)
        {
            return null;
        }

        try
        {
            return await validator.ValidateAsync(credential, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not WsSecurityException && !cancellationToken.IsCancellationRequested)
        {
            throw new WsSecurityException(SecurityFailure.ValidatorFailed, "The validator of UsernameTokens failed.", exception);
        }
    }
}
