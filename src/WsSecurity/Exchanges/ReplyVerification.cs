using System.Security.Cryptography;
using WsSecurity.Algorithms;
using WsSecurity.Policy;
using WsSecurity.Soap;
using WsSecurity.Tokens;

namespace WsSecurity.Exchanges;

/// <summary>The initiator's side of one reply: verify, compare with the policy, make sure that it answers this request, hand on.</summary>
internal sealed class ReplyVerification(Party party, MessageVerification message, MessageContext context, Exchange exchange)
{
    public async ValueTask<VerifiedMessage> RunAsync(ReadOnlyMemory<byte> wire, CancellationToken cancellationToken)
    {
        var policy = party.Policy;
        await message.RunAsync(wire, context.Charset, cancellationToken).ConfigureAwait(false);
        var envelope = message.Envelope;
        var required = MessageRequirements.For(policy, party.Binding, isReply: true, envelope.Action ?? exchange.Action, context.ProtectionLevel).In(envelope);
        if (message.SecurityHeader.IsNone && (required.HasSignature || required.HasTimestamp || !required.Encrypted.IsEmpty))
        {
            return AcceptUnsecured(envelope);
        }

        RefuseReflection();
        var enforcement = new PolicyEnforcement(party, message, required, context);
        enforcement.Demand(party.Now);
        var isConfirmed = CheckConfirmations();
        DemandBinding(enforcement.MessageSignature, isConfirmed);
        return VerifiedMessageFactory.Create(message, enforcement);
    }

    // Both sides hold a symmetric key, so nothing but the signature itself tells who made it. Its KeyInfo is not signed: whoever
    // sends the request back only has to name the key as replies do.
    private void RefuseReflection()
    {
        if (message.Signatures.Any(signature => exchange.SignatureValues.Any(own => CryptographicOperations.FixedTimeEquals(own, signature.SignatureValue))))
        {
            throw new WsSecurityException(SecurityFailure.OwnSignatureReflected, "The reply carries the signature of our own request.");
        }
    }

    private VerifiedMessage AcceptUnsecured(SoapEnvelope envelope)
    {
        if (party.Policy.EnableUnsecuredResponse || (envelope.IsFault && party.Policy.Tolerances.UnsecuredFault))
        {
            return VerifiedMessageFactory.CreateUnsecured(message);
        }

        var fault = SoapFaultReader.TryRead(envelope);
        throw new WsSecurityException(
            SecurityFailure.UnsecuredReply,
            fault is null
                ? "The reply carries no protection."
                : $"A fault came without protection; anybody can have written it. It claims {RefusedValue.Show(fault.Subcode ?? fault.Code)}: {RefusedValue.Show(fault.Reason)}")
        {
            ClaimedFault = fault,
        };
    }

    // SOAP Message Security 1.1.1, section 8.5: all the request's signatures, and nothing else, are confirmed.
    private bool CheckConfirmations()
    {
        var confirmations = message.Confirmations;
        if (confirmations.Count == 0)
        {
            return party.Policy.RequireSignatureConfirmation
                ? throw new WsSecurityException(SecurityFailure.SignatureConfirmationMismatch, "The policy demands SignatureConfirmation, and the reply has none.")
                : false;
        }

        var expected = exchange.SignatureValues.ToList();
        foreach (var confirmation in confirmations)
        {
            var index = confirmation.Value is { } value ? expected.FindIndex(one => CryptographicOperations.FixedTimeEquals(one, value)) : -1;
            if (index < 0 && (confirmation.Value is not null || exchange.SignatureValues.Count > 0))
            {
                throw new WsSecurityException(SecurityFailure.SignatureConfirmationMismatch, "The reply confirms a signature that the request did not have.");
            }

            if (index >= 0)
            {
                expected.RemoveAt(index);
            }
        }

        return expected.Count == 0
            ? exchange.SignatureValues.Count > 0
            : throw new WsSecurityException(SecurityFailure.SignatureConfirmationMismatch, "The reply does not confirm all signatures of the request.");
    }

    private void DemandBinding(VerifiedSignature? signature, bool isConfirmed)
    {
        if (signature is null || signature.Key is SymmetricKey || isConfirmed || party.Policy.Tolerances.UnboundReply)
        {
            // Without a message signature it is the transport that protects, and its connection that binds.
            return;
        }

        var relatesTo = message.Envelope.FindAddressing("RelatesTo"u8);
        if (exchange.MessageId is not null && !relatesTo.IsNone && signature.Covers(relatesTo))
        {
            if (relatesTo.GetText().Trim() != exchange.MessageId)
            {
                throw new WsSecurityException(SecurityFailure.ReplyNotBound, "The reply answers another message than the request.");
            }

            return;
        }

        throw new WsSecurityException(
            SecurityFailure.ReplyNotBound,
            "Nothing that is signed binds the reply to the request. Set RequireSignatureConfirmation on both sides (WSS 1.1), or use WS-Addressing with a signed RelatesTo; "
                + "where the service can do neither, Tolerances.UnboundReply.");
    }
}
