using WsSecurity.Exchanges;
using WsSecurity.Replay;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Custom;

namespace WsSecurity.Policy.SupportingTokens;

/// <summary>The demands on a custom token: how it came, that its key signed where it endorses, and that its handler accepts it.</summary>
internal sealed class CustomTokenEnforcement(SupportingToken required, PolicyEnforcement enforcement) : SupportingTokenEnforcement(required, enforcement)
{
    private IncomingCustomToken? _token;
    private CustomTokenIdentity? _identity;

    public override (string Key, DateTimeOffset Expires)? OneTimeUse => _identity is { OneTimeId: { } id, Expires: { } expires }
        ? (ReplayKey.OfCustomToken(Required.Name!, _identity.Issuer, id), expires + Enforcement.Party.Policy.Tolerances.ClockSkew)
        : null;

    public override void Find()
    {
        var tokens = Message.CustomTokens.Where(token => token.Handler.Name == Required.Name).ToList();
        if (FindOne(tokens, $"'{Required.Name}' token", SecurityFailure.InvalidSecurityToken) is not { } token)
        {
            return;
        }

        DemandEncrypted(token.Element, $"'{Required.Name}' token");

        // Whoever sees a token that proves nothing by a key can send it as well.
        if (!Required.Kind.Endorses() && !IsEncrypted(token.Element) && !Enforcement.Context.IsTransportProtected)
        {
            throw new WsSecurityException(SecurityFailure.BearerTokenNotProtected, $"A '{Required.Name}' token came in clear, neither encrypted nor over a protected transport.");
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
            ?? throw new WsSecurityException(SecurityFailure.SignatureMissing, $"The policy demands an endorsing signature by the key of the '{Required.Name}' token.");
        if (Enforcement.Coverage.FindOpenToken(Endorsement) is { } refusal)
        {
            throw refusal;
        }
    }

    public override async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        if (_token is not { } token)
        {
            return;
        }

        // Ciphertext that was in it when it was read came to something else since.
        if (token.Element.HeldCiphertext)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, $"A part of the '{Required.Name}' token was encrypted on its own.");
        }

        _identity = await ValidateAsync(token, cancellationToken).ConfigureAwait(false);
        if (_identity is { OneTimeId: not null, Expires: null })
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, $"A '{Required.Name}' token for one use never expires.");
        }

        Verified = new CustomVerifiedToken(Required.Name!, _identity);
    }

    protected override bool IsByToken(VerifiedSignature signature) => signature.Key is CustomKey key && key.Token == _token;

    private static async ValueTask<CustomTokenIdentity> ValidateAsync(IncomingCustomToken token, CancellationToken cancellationToken)
    {
        try
        {
            return await token.Handler.ValidateAsync(token.Token, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not WsSecurityException && !cancellationToken.IsCancellationRequested)
        {
            throw new WsSecurityException(SecurityFailure.ValidatorFailed, $"The handler of '{token.Handler.Name}' tokens failed.", exception);
        }
    }
}
