using System.Security.Claims;
using WsSecurity.Exchanges;
using WsSecurity.Replay;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Username;

namespace WsSecurity.Policy.SupportingTokens;

/// <summary>The demands on a UsernameToken: how it came, and that its password is right.</summary>
internal sealed class UsernameEnforcement(SupportingToken required, PolicyEnforcement enforcement) : SupportingTokenEnforcement(required, enforcement)
{
    private UsernameToken? _token;

    /// <summary>Whether the sender proves by a key that it knows the password.</summary>
    private bool UsesKey => Required.Kind.Endorses() || Enforcement.Required.PasswordProtects;

    // Where nothing is signed the user is not proven, and nobody is reported.
    private bool IsProven => Endorsement is not null || (Enforcement.MessageSignature is { } signature && IsByToken(signature));

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

        DemandKey(token);
        DemandEncrypted(token.Element, "UsernameToken");
        if (token.Credential.PasswordType == PasswordType.Text && !IsEncrypted(token.Element) && !Enforcement.Context.IsTransportProtected)
        {
            throw new WsSecurityException(SecurityFailure.PasswordNotProtected, "The password came in clear, neither encrypted nor over a protected transport.");
        }

        _token = token;
        Element = token.Element;
    }

    public override void FindEndorsement()
    {
        if (_token is null)
        {
            return;
        }

        Endorsement = Message.Signatures.FirstOrDefault(signature => IsByToken(signature) && CoversEndorsed(signature))
            ?? throw new WsSecurityException(SecurityFailure.SignatureMissing, "The policy demands an endorsing signature by the key that is derived from the password.");
        if (Required.RequireDerivedKeys && Endorsement.Key is SymmetricKey { Source: null })
        {
            throw new WsSecurityException(SecurityFailure.KeyNotDerived, "The policy demands derived keys, and the endorsing signature uses the password's key itself.");
        }

        if (Enforcement.Coverage.FindOpenToken(Endorsement) is { } refusal)
        {
            throw refusal;
        }
    }

    public override async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        if (_token is not { } token || (UsesKey && !IsProven))
        {
            return;
        }

        if (token.Key is { } key)
        {
            token = token with { Credential = token.Credential.ProvenBy(key.Secret) };
        }

        Verified = await AskValidatorAsync(token.Credential, cancellationToken).ConfigureAwait(false) is { } claims
            ? new UsernameVerifiedToken(token.Credential.UserName, claims)
            : throw new WsSecurityException(SecurityFailure.AuthenticationFailed, "The validator does not accept the user or the password.");
    }

    protected override bool IsByToken(VerifiedSignature signature) => signature.Key is SymmetricKey key && (key.Source ?? key) == _token?.Key;

    private void DemandKey(UsernameToken token)
    {
        if (UsesKey && !token.Credential.DerivesKey)
        {
            throw new WsSecurityException(SecurityFailure.SaltMissing, "The policy uses a key that is derived from the password, and the UsernameToken has no Salt.");
        }

        if (token.Credential.DerivesKey && !UsesKey)
        {
            throw new WsSecurityException(SecurityFailure.PasswordKeyNotExpected, "The UsernameToken derives a key from the password, which the policy does not have.");
        }

        // Whoever saw the token could send it: only by its key does the sender show that it knows the password.
        if (UsesKey && (Required.Kind.Endorses() || Enforcement.Required.HasSignature) && !Message.Signatures.Any(signature => signature.Key is SymmetricKey key && (key.Source ?? key) == token.Key))
        {
            throw new WsSecurityException(SecurityFailure.PasswordKeyNotProven, "The key that the UsernameToken derives from the password signs nothing.");
        }
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
