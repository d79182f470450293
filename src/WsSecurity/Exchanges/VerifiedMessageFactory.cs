using System.Buffers;
using WsSecurity.Policy;

namespace WsSecurity.Exchanges;

/// <summary>Turns what was verified into what the caller gets.</summary>
internal static class VerifiedMessageFactory
{
    public static VerifiedMessage Create(MessageVerification message, PolicyEnforcement enforcement, UsernameVerifiedToken? user)
    {
        var envelope = message.Envelope;
        var tokens = new List<VerifiedToken>();
        if (enforcement.MessageSignature?.Token is { } signer)
        {
            tokens.Add(signer);
        }

        if (enforcement.EndorsingSignature?.Token is { } endorser)
        {
            tokens.Add(endorser);
        }

        if (user is not null)
        {
            tokens.Add(user);
        }

        var evidence = new ProtectionEvidence
        {
            Signatures = message.Signatures.Select(signature => Describe(message, signature)).ToList(),
            EncryptedParts = message.DecryptedParts.Where(part => part.Element.Start >= 0).Select(part => Describe(message, part)).ToList(),
            Tokens = tokens,
            Created = message.Timestamp?.Created,
            Expires = message.Timestamp?.Expires,
        };
        return new VerifiedMessage(HandedOnEnvelope.Build(message, enforcement.MessageSignature), envelope.Version, envelope.Action, envelope.IsFault, evidence);
    }

    public static VerifiedMessage CreateUnsecured(MessageVerification message)
    {
        var root = message.Envelope.Root;
        return new VerifiedMessage(new ReadOnlySequence<byte>(root.Octets), message.Envelope.Version, message.Envelope.Action, message.Envelope.IsFault, ProtectionEvidence.None);
    }

    private static SignatureEvidence Describe(MessageVerification message, VerifiedSignature signature) => new()
    {
        Token = signature.Token,
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
