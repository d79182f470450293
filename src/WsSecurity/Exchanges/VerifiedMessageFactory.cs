using System.Buffers;
using WsSecurity.Policy;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Tokens;

namespace WsSecurity.Exchanges;

/// <summary>Turns what was verified into what the caller gets.</summary>
internal static class VerifiedMessageFactory
{
    public static VerifiedMessage Create(MessageVerification message, PolicyEnforcement enforcement, bool isTransit = false)
    {
        var envelope = message.Envelope;
        var tokens = new List<VerifiedToken>();
        if (enforcement.MessageSignature?.Token is { } signer)
        {
            tokens.Add(signer);
        }

        if (enforcement.ProtectingTicket is { } ticket)
        {
            tokens.Add(ticket.Verified);
        }

        // Who signed comes before who is only named.
        tokens.AddRange(enforcement.Tokens.OrderBy(token => token.Endorsement is null).Select(token => token.Verified).OfType<VerifiedToken>());
        var evidence = new ProtectionEvidence
        {
            Signatures = message.Signatures.Select(signature => Describe(message, signature, enforcement)).ToList(),
            EncryptedParts = message.DecryptedParts.Where(part => part.Element.Start >= 0).Select(part => Describe(message, part)).ToList(),
            Tokens = tokens,
            CarriedCertificates = enforcement.Tokens.OfType<CarriedCertificateEnforcement>().Select(token => token.Carried).OfType<CarriedCertificate>().ToList(),
            Created = message.Timestamp?.Created,
            Expires = message.Timestamp?.Expires,
        };
        var signature = enforcement.MessageSignature;
        return new VerifiedMessage(isTransit ? TransitEnvelope.WithoutSecurity(message) : HandedOnEnvelope.Build(message, signature), evidence)
        {
            SoapVersion = envelope.Version,
            Action = envelope.Action,
            IsActionSigned = signature is not null && envelope.FindAddressing("Action"u8) is { IsNone: false } action && signature.Covers(action),
            IsBodySigned = signature is not null && signature.Covers(envelope.Body),
            IsFault = envelope.IsFault,
        };
    }

    public static VerifiedMessage CreateUnsecured(MessageVerification message)
    {
        var envelope = message.Envelope;
        return new VerifiedMessage(new ReadOnlySequence<byte>(envelope.Root.Octets), ProtectionEvidence.None)
        {
            SoapVersion = envelope.Version,
            Action = envelope.Action,
            IsFault = envelope.IsFault,
        };
    }

    private static SignatureEvidence Describe(MessageVerification message, VerifiedSignature signature, PolicyEnforcement enforcement) => new()
    {
        Token = signature.Token ?? (signature.Key as SymmetricKey)?.Client ?? enforcement.Tokens.FirstOrDefault(token => signature.IsByTokenAt(token.Element))?.Verified,
        SignatureAlgorithm = signature.Algorithm,
        WasEncrypted = message.FindDecrypted(signature.Element.In(message.Envelope.Index)) is not null,
        IsEndorsing = message.Signatures.Any(other => other != signature && signature.Covers(other.Element.In(message.Envelope.Index))),
        Parts = signature.References.Select(reference => new SignedPartEvidence
        {
            Path = reference.Path,
            DigestAlgorithm = reference.DigestAlgorithm,
            CanonicalizationAlgorithm = reference.Canonicalization.Uri,
            OverEncryptedData = reference.Element.HeldCiphertext,
        }).ToList(),
    };

    private static EncryptionEvidence Describe(MessageVerification message, DecryptedPart part) => new()
    {
        Path = ElementPath.Of(part.Element.In(message.Envelope.Index)),
        ContentOnly = part.ContentOnly,
        EncryptionAlgorithm = part.EncryptionAlgorithm,
        KeyTransportAlgorithm = part.Key.IsFromRequest ? null : part.Key.KeyTransport,
    };
}
