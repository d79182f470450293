using WsSecurity.Exchanges;
using WsSecurity.Tokens;
using WsSecurity.Xml;

namespace WsSecurity.Policy;

/// <summary>Whether a part that was signed as ciphertext was signed by somebody who knew what it says.</summary>
internal sealed class SignedCiphertext(MessageVerification message, MessageRequirements required, SecurityPolicy policy)
{
    // Who signs a ciphertext need not know what is in it, and can have taken it from a message of somebody else: a UsernameToken, say.

    /// <returns>Why the part does not count as signed; null where it does.</returns>
    public WsSecurityException? FindRefusal(XmlElement element, VerifiedReference reference, VerifiedSignature signature)
    {
        if (!reference.Element.HeldCiphertext)
        {
            return null;
        }

        if (policy.MessageProtectionOrder != MessageProtectionOrder.EncryptBeforeSign)
        {
            return new WsSecurityException(
                SecurityFailure.ProtectionOrderViolated, $"{ElementPath.Of(element)} was signed encrypted; the policy demands {policy.MessageProtectionOrder}.");
        }

        // Under one key, who signs could also read.
        var index = message.Envelope.Index;
        return required.Kind == BindingKind.Symmetric
            && message.DecryptedParts.Any(part => Root(part.Key) != Root(signature.Key) && part.Element.In(index) is { IsNone: false } decrypted && (decrypted == element || decrypted.IsDescendantOf(element)))
            ? new WsSecurityException(SecurityFailure.SignedPartMissing, $"{ElementPath.Of(element)} was signed as the ciphertext of another key than the signature's.")
            : FindOuterPrefix(reference);
    }

    // Names in the plaintext whose namespaces are declared around the ciphertext: the digest of the ciphertext does not show them.
    private WsSecurityException? FindOuterPrefix(VerifiedReference reference)
    {
        if (policy.Tolerances.UnsignedPrefixBindings || reference.Canonicalization.Version != CanonicalVersion.Exclusive)
        {
            return null;
        }

        var index = message.Envelope.Index;
        var apex = reference.Element.In(index);
        foreach (var part in message.DecryptedParts)
        {
            var decrypted = part.Element.In(index);
            if (decrypted.IsNone || (decrypted != apex && !decrypted.IsDescendantOf(apex)))
            {
                continue;
            }

            var pieces = new List<XmlElement>();
            if (part.ContentOnly)
            {
                foreach (var child in decrypted.Children)
                {
                    pieces.Add(child);
                }
            }
            else
            {
                pieces.Add(decrypted);
            }

            foreach (var piece in pieces)
            {
                foreach (var prefix in OuterPrefixes.Of(piece))
                {
                    if (!reference.Prefixes.Prefixes.Contains(prefix) && !OuterPrefixes.IsRendered(prefix, piece, apex))
                    {
                        return new WsSecurityException(
                            SecurityFailure.UnsignedPrefixBinding,
                            $"What was decrypted in {ElementPath.Of(decrypted)} uses a prefix that is bound outside of the ciphertext, where no signature covers it. For peers that write so there is Tolerances.UnsignedPrefixBindings.");
                    }
                }
            }
        }

        return null;
    }

    private static SecurityKey Root(SecurityKey key) => (key as SymmetricKey)?.Source ?? key;
}
