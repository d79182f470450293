using WsSecurity.Exchanges;
using WsSecurity.Xml;

namespace WsSecurity.Policy;

/// <summary>Compares what a message had encrypted with what the policy demands.</summary>
internal sealed class EncryptionEnforcement(MessageVerification message, MessageRequirements required)
{
    /// <exception cref="WsSecurityException">Something is not encrypted that must be.</exception>
    public void Demand(VerifiedSignature? messageSignature)
    {
        var envelope = message.Envelope;
        if (required.Encrypted.Body && !IsContentEncrypted(envelope.Body))
        {
            throw new WsSecurityException(SecurityFailure.EncryptedPartMissing, "The policy demands that the content of the Body is encrypted.");
        }

        foreach (var element in PartSelection.Contents(envelope, required.Encrypted))
        {
            if (!IsContentEncrypted(element))
            {
                throw new WsSecurityException(SecurityFailure.EncryptedPartMissing, $"The policy demands that the content of {ElementPath.Of(element)} is encrypted.");
            }
        }

        foreach (var element in PartSelection.Headers(envelope, required.Encrypted, message.SecurityHeader).Concat(PartSelection.Elements(envelope, required.Encrypted)))
        {
            if (!IsEncrypted(element))
            {
                throw new WsSecurityException(SecurityFailure.EncryptedPartMissing, $"The policy demands that {ElementPath.Of(element)} is encrypted.");
            }
        }

        if (required.EncryptsSignature && messageSignature is not null && message.FindDecrypted(messageSignature.Element.In(envelope.Index)) is null)
        {
            throw new WsSecurityException(SecurityFailure.SignatureNotEncrypted, "The policy demands that the message signature is encrypted.");
        }
    }

    private bool IsContentEncrypted(XmlElement element) =>
        message.DecryptedParts.Any(part => part.ContentOnly && part.WholeContent && part.Element.Is(element)) || IsEncrypted(element);

    private bool IsEncrypted(XmlElement element)
    {
        var isSelf = true;
        for (var current = element; !current.IsNone; current = current.Parent)
        {
            if (message.DecryptedParts.Any(part => part.Element.Is(current) && (part.ContentOnly ? !isSelf && part.WholeContent : true)))
            {
                return true;
            }

            isSelf = false;
        }

        return false;
    }
}
