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

        await message.RunAsync(wire, context.Charset, cancellationToken).ConfigureAwait(false);
        var envelope = message.Envelope;
        var action = envelope.Action ?? AddressingCheck.Unquote(context.Action);
        var required = MessageRequirements.For(policy, party.Binding, isReply: false, action, context.ProtectionLevel).In(envelope);
        party.DemandUnchanged(required);
        if (message.SecurityHeader.IsNone && (required.HasSignature || required.HasTimestamp || !required.Encrypted.IsEmpty || required.Tokens.Any(token => !token.Optional)))
        {
            throw new WsSecurityException(SecurityFailure.SecurityHeaderMissing, "The message has no Security header for us.");
        }

        var now = party.Now;
        var enforcement = _enforcement = new PolicyEnforcement(party, message, required, context);
        enforcement.Demand(now);
        AddressingCheck.Request(envelope, context, enforcement.MessageSignature);
        if (context.UnderstoodHeaders is { } understood)
        {
            MandatoryHeaders.Demand(envelope, message.SecurityHeader, understood, policy.Actor);
        }

        if (policy.DependsOnOperation)
        {
            AddressingCheck.DemandAuthenticAction(envelope, context, action, enforcement.MessageSignature);
        }

        DemandReplyKey(enforcement, action);
        foreach (var token in enforcement.Tokens)
        {
            await token.VerifyAsync(cancellationToken).ConfigureAwait(false);
        }

        var verified = VerifiedMessageFactory.Create(message, enforcement, party.IsTransit);

        // Last, so that nothing can refuse the message any more once it counts as seen.
        var replayKeys = await ReserveAsync(enforcement, now, cancellationToken).ConfigureAwait(false);
        var signer = (enforcement.MessageSignature?.Key ?? enforcement.Endorsements.FirstOrDefault()?.Key) switch
        {
            CertificateKey certificate => certificate.Certificate,
            SamlKey saml => saml.SubjectKey.Certificate,
            _ => null,
        };
        message.KeptKey = party.Binding.Kind == BindingKind.Symmetric ? (enforcement.MessageSignature?.Key is SymmetricKey key ? key.Source ?? key : null) ?? (message.Keys.Count > 0 ? message.Keys[0] : message.PasswordKey) : null;
        var exchange = new Exchange
        {
            SignatureValues = message.Signatures.Select(signature => signature.SignatureValue).ToList(),
            Key = message.KeptKey,
            SecureConversationVersion = message.SecureConversationVersion,
            Signer = signer,
            MessageId = envelope.GetAddressing("MessageID"u8),
            Action = action,
            ReplayKeys = replayKeys,
        };
        return new VerifiedRequest(party, exchange, verified);
    }

    // A reply is encrypted for a certificate; told now, before the request has an effect.
    private void DemandReplyKey(PolicyEnforcement enforcement, string? action)
    {
        if (enforcement.MessageSignature?.Key is SamlKey { SubjectKey.Certificate: null } && !party.IsTransit && !party.Policy.EnableUnsecuredResponse
            && !MessageRequirements.For(party.Policy, party.Binding, isReply: true, action, context.ProtectionLevel).Encrypted.IsEmpty)
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, "The reply is to be encrypted, and the SAML assertion names its subject's key without a certificate.");
        }
    }

    private async ValueTask<IReadOnlyList<string>> ReserveAsync(PolicyEnforcement enforcement, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var keys = new List<(string Key, DateTimeOffset Expires)>();

        // The issuer's demand, whatever ours are.
        keys.AddRange(enforcement.Tokens.Select(token => token.OneTimeUse).OfType<(string, DateTimeOffset)>());
        if (party.Policy.DetectReplays)
        {
            AddMessage(keys, enforcement, now);
        }

        await party.Replays.ReserveAsync(keys, cancellationToken).ConfigureAwait(false);
        return keys.ConvertAll(reserved => reserved.Key);
    }

    private void AddMessage(List<(string Key, DateTimeOffset Expires)> keys, PolicyEnforcement enforcement, DateTimeOffset now)
    {
        // Clocks may differ, and each of the two times keeps its part of the message alive.
        IEnumerable<DateTimeOffset> times = [now, message.Timestamp?.Created ?? now, .. enforcement.Tokens.Select(token => token.Created ?? now)];
        var expires = new Timestamps.Timestamp(times.Max(), null).RefusedFrom(party.Policy.Tolerances);
        if ((enforcement.MessageSignature ?? enforcement.Endorsements.FirstOrDefault()) is { } signature)
        {
            keys.Add((ReplayKey.Of(signature), expires));
        }

        keys.AddRange(enforcement.Tokens.Select(token => token.NonceKey).OfType<string>().Select(key => (key, expires)));
        if (message.KerberosToken is { } ticket)
        {
            // The authenticator's time lies within the skew before or after now, and the library accepts it for as long.
            keys.Add((ReplayKey.Of(ticket), Latest(expires, now + (2 * party.Policy.Tolerances.ClockSkew))));
        }
    }

    private static DateTimeOffset Latest(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
