using WsSecurity.Exchanges;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Xml;

namespace WsSecurity.Policy;

/// <summary>What the signatures of a message cover, compared with what the policy demands: every part at its place, as the node that was digested.</summary>
/// <param name="message">The message.</param>
/// <param name="required">What the policy means for it.</param>
/// <param name="policy">The policy.</param>
/// <param name="tokens">The supporting tokens, found.</param>
internal sealed class SignatureCoverage(MessageVerification message, MessageRequirements required, SecurityPolicy policy, IReadOnlyList<SupportingTokenEnforcement> tokens)
{
    private readonly SignedCiphertext _ciphertext = new(message, required, policy);
    private readonly IReadOnlyList<XmlElement> _elements = PartSelection.Elements(message.Envelope, required.Signed);

    /// <summary>The message signature: the one that covers everything that must be signed.</summary>
    /// <exception cref="WsSecurityException">There is none.</exception>
    public VerifiedSignature FindMessageSignature()
    {
        WsSecurityException? refusal = null;
        foreach (var signature in message.Signatures)
        {
            if (!IsOfMessageKey(signature))
            {
                continue;
            }

            // Signers are never combined: all parts of one identity are under one signature.
            var missing = FindUnsigned(signature);
            if (missing is null)
            {
                return signature;
            }

            refusal ??= missing;
        }

        throw refusal ?? new WsSecurityException(SecurityFailure.SignatureMissing, "The policy demands a message signature, and the message has none of the right kind of key.");
    }

    /// <summary>Whether a signature leaves its own token open, where the policy protects tokens (WS-SecurityPolicy 1.3, section 6.5).</summary>
    /// <returns>The refusal; null where it covers its token, or need not.</returns>
    public WsSecurityException? FindOpenToken(VerifiedSignature signature) => policy.ProtectTokens && !signature.CoversToken(signature, message.Envelope.Index)
        ? new WsSecurityException(SecurityFailure.TokenNotProtected, "The policy demands that the signature covers its own token.")
        : null;

    /// <summary>Whether the message signature leaves the token of another one open.</summary>
    /// <returns>The refusal; null where it covers the token.</returns>
    public WsSecurityException? FindUnsignedToken(VerifiedSignature? messageSignature, VerifiedSignature endorsement)
    {
        var index = message.Envelope.Index;
        if (messageSignature is null || !messageSignature.CoversToken(endorsement, index))
        {
            return new WsSecurityException(SecurityFailure.SignedPartMissing, "The policy demands that the message signature covers the endorsing token.");
        }

        return endorsement.TokenElement?.In(index) is { IsNone: false } token && messageSignature.Find(token) is { } reference
            ? _ciphertext.FindRefusal(token, reference, messageSignature)
            : null;
    }

    // An HMAC under a key that anybody can encrypt for us, or the key of our own request, protects the message; a certificate says who.
    private bool IsOfMessageKey(VerifiedSignature signature) => required.Kind == BindingKind.Asymmetric
        ? required.SubjectSigns ? signature.Key is SamlKey : signature.Token is not null
        : signature.Key is SymmetricKey key && key.IsKerberos == required.KerberosProtects && key.IsPasswordDerived == required.PasswordProtects
            && (required.IsReply ? key.IsFromRequest : required.SubjectSigns == key.Assertion is not null);

    private WsSecurityException? FindUnsigned(VerifiedSignature signature)
    {
        var envelope = message.Envelope;
        foreach (var element in RequiredParts(envelope))
        {
            var reference = signature.Find(element) ?? FindAround(element, signature);
            if (reference is null)
            {
                return Unsigned(element, signature);
            }

            if (_ciphertext.FindRefusal(element, reference, signature) is { } refusal)
            {
                return refusal;
            }
        }

        foreach (var reference in signature.References)
        {
            if (!IsInPlace(reference.Element.In(envelope.Index), signature))
            {
                return new WsSecurityException(SecurityFailure.SignedElementNotInPlace, $"The signature covers {reference.Path}, where nothing reads it.");
            }
        }

        return FindOpenToken(signature);
    }

    // An element inside of a signed Body or header block is signed.
    private VerifiedReference? FindAround(XmlElement element, VerifiedSignature signature)
    {
        var envelope = message.Envelope;
        for (var outer = element.Parent; outer.IsDescendantOf(envelope.Root); outer = outer.Parent)
        {
            if ((outer == envelope.Body || outer.Parent == envelope.Header) && outer != message.SecurityHeader)
            {
                return signature.Find(outer);
            }
        }

        return null;
    }

    private IEnumerable<XmlElement> RequiredParts(SoapEnvelope envelope)
    {
        if (required.Signed.Body)
        {
            yield return envelope.Body;
        }

        foreach (var element in PartSelection.Headers(envelope, required.Signed, message.SecurityHeader).Concat(_elements))
        {
            yield return element;
        }

        if (message.TimestampElement is { } timestamp && !policy.Tolerances.UnsignedTimestamp)
        {
            yield return timestamp.In(envelope.Index);
        }

        foreach (var token in tokens)
        {
            if (token.MustBeSigned && token.Element is { } element)
            {
                yield return element.In(envelope.Index);
            }
        }

        foreach (var confirmation in message.Confirmations)
        {
            yield return confirmation.Element.In(envelope.Index);
        }
    }

    // A part that may be absent can be moved to where nobody reads it, and its signature still fits. So nothing that is signed may stand
    // anywhere but where the policy would look for it.
    private bool IsInPlace(XmlElement element, VerifiedSignature signature)
    {
        var envelope = message.Envelope;
        for (var current = element; !current.IsNone; current = current.Parent)
        {
            if (current == envelope.Body)
            {
                return element == current || signature.Covers(current) || _elements.Contains(element);
            }

            if (current.Parent == envelope.Header)
            {
                return element == current || signature.Covers(current) || _elements.Contains(element)
                    || (current == message.SecurityHeader && (element.Parent == current || element.Is("SecurityTokenReference"u8, Wsse.Namespace)));
            }
        }

        return false;
    }

    private WsSecurityException Unsigned(XmlElement element, VerifiedSignature signature)
    {
        // Something of that name was signed, but elsewhere: the mark of signature wrapping.
        var index = message.Envelope.Index;
        foreach (var reference in signature.References)
        {
            var signed = reference.Element.In(index);
            if (!signed.IsNone && signed.LocalName.SequenceEqual(element.LocalName) && signed.NamespaceUri == element.NamespaceUri)
            {
                return new WsSecurityException(SecurityFailure.SignedElementNotInPlace, $"The policy demands that {ElementPath.Of(element)} is signed; signed is {reference.Path}.");
            }
        }

        return new WsSecurityException(SecurityFailure.SignedPartMissing, $"The policy demands that {ElementPath.Of(element)} is signed.");
    }
}
