using System.Security.Claims;
using WsSecurity.Policy;
using WsSecurity.Replay;
using WsSecurity.Soap;
using WsSecurity.Tokens;

namespace WsSecurity.Exchanges;

/// <summary>The recipient's side of one request: verify, compare with the policy, ask validator and replay cache, hand on.</summary>
internal sealed class RequestVerification(Party party, MessageVerification message, MessageContext context)
{
    private PolicyEnforcement? _enforcement;

    /// <summary>Whether a signature vouched for the message, so that an answer tells nothing about a varied ciphertext.</summary>
    public bool IsProven => _enforcement is { IsProven: true };

    public async ValueTask<VerifiedRequest> RunAsync(ReadOnlyMemory<byte> wire, CancellationToken cancellationToken)
    {
        var policy = party.Policy;
        if (party.Binding.Kind == BindingKind.Transport && !context.IsTransportProtected && !policy.AllowInsecureTransport)
        {
            throw new WsSecurityException(SecurityFailure.TransportNotProtected, $"The authentication mode {policy.AuthenticationMode} relies on TLS, and the request came without it.");
        }

        message.Run(wire, context.Charset);
        var envelope = message.Envelope;
        var action = envelope.Action ?? AddressingCheck.Unquote(context.Action);
        var required = MessageRequirements.For(policy, party.Binding, isReply: false, action, context.ProtectionLevel);
        if (message.SecurityHeader.IsNone && (required.HasSignature || required.HasTimestamp || required.Endorses || !required.Encrypted.IsEmpty || required.UsernameToken is { Optional: false }))
        {
            throw new WsSecurityException(SecurityFailure.SecurityHeaderMissing, "The message has no Security header for us.");
        }

        var now = party.Now;
        var enforcement = _enforcement = new PolicyEnforcement(message, required, policy);
        enforcement.Demand(context.IsTransportProtected, now);
        AddressingCheck.Request(envelope, context, enforcement.MessageSignature);
        if (context.UnderstoodHeaders is { } understood)
        {
            MandatoryHeaders.Demand(envelope, message.SecurityHeader, understood, policy.Actor);
        }

        if (policy.HasPartsByOperation)
        {
            AddressingCheck.DemandAuthenticAction(envelope, context, enforcement.MessageSignature);
        }

        var user = await AuthenticateAsync(enforcement, cancellationToken).ConfigureAwait(false);
        var verified = VerifiedMessageFactory.Create(message, enforcement, user);

        // Last, so that nothing can refuse the message any more once it counts as seen.
        var replayKeys = await ReserveAsync(enforcement, now, cancellationToken).ConfigureAwait(false);
        var signer = (enforcement.MessageSignature?.Key ?? enforcement.EndorsingSignature?.Key) as CertificateKey;
        message.KeptKey = party.Binding.Kind == BindingKind.Symmetric ? (enforcement.MessageSignature?.Key is SymmetricKey key ? key.Source ?? key : null) ?? (message.Keys.Count > 0 ? message.Keys[0] : null) : null;
        var exchange = new Exchange
        {
            SignatureValues = message.Signatures.Select(signature => signature.SignatureValue).ToList(),
            Key = message.KeptKey,
            Signer = signer?.Certificate,
            MessageId = envelope.GetAddressing("MessageID"u8),
            Action = action,
            ReplayKeys = replayKeys,
        };
        return new VerifiedRequest(party, exchange, verified);
    }

    private async ValueTask<UsernameVerifiedToken?> AuthenticateAsync(PolicyEnforcement enforcement, CancellationToken cancellationToken)
    {
        if (enforcement.UsernameToken is not { } token)
        {
            return null;
        }

        IReadOnlyList<Claim>? claims = null;
        if (party.Credentials.UsernameTokenValidator is { } validator)
        {
            claims = await validator.ValidateAsync(token.Credential, cancellationToken).ConfigureAwait(false);
        }

        return claims is null
            ? throw new WsSecurityException(SecurityFailure.AuthenticationFailed, "The validator does not accept the user or the password.")
            : new UsernameVerifiedToken(token.Credential.UserName, claims);
    }

    private async ValueTask<IReadOnlyList<string>> ReserveAsync(PolicyEnforcement enforcement, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!party.Policy.DetectReplays)
        {
            return [];
        }

        var keys = new List<string>();
        if ((enforcement.MessageSignature ?? enforcement.EndorsingSignature) is { } signature)
        {
            keys.Add(ReplayKey.Of(signature));
        }

        if (enforcement.UsernameToken is { Nonce: not null } token)
        {
            keys.Add(ReplayKey.Of(token));
        }

        // Clocks may differ, and each of the two times keeps its part of the message alive.
        DateTimeOffset[] times = [now, message.Timestamp?.Created ?? now, enforcement.UsernameToken?.Created ?? now];
        var expires = new Timestamps.Timestamp(times.Max(), null).RefusedFrom(party.Policy.Tolerances);
        await party.ReserveAsync(keys, expires, cancellationToken).ConfigureAwait(false);
        return keys;
    }
}
