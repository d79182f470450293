using WsSecurity.Exchanges;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.Username;
using WsSecurity.Xml;

namespace WsSecurity.Policy;

/// <summary>
/// Compares what a message proved with what the policy demands; whatever is missing refuses the message. Every part is looked for at
/// its place, as the node that was digested or decrypted.
/// </summary>
internal sealed class PolicyEnforcement
{
    private readonly MessageVerification _message;
    private readonly MessageRequirements _required;
    private readonly SecurityPolicy _policy;

    public PolicyEnforcement(MessageVerification message, MessageRequirements required, SecurityPolicy policy)
    {
        _message = message;
        _required = required;
        _policy = policy;
    }

    /// <summary>The message signature: the one that covers everything that must be signed. Null where none is demanded.</summary>
    public VerifiedSignature? MessageSignature { get; private set; }

    /// <summary>The signature that endorses the message signature or the Timestamp; null where none is demanded.</summary>
    public VerifiedSignature? EndorsingSignature { get; private set; }

    /// <summary>The UsernameToken, whose password is still to be checked; null where there is none.</summary>
    public UsernameToken? UsernameToken { get; private set; }

    /// <summary>The SAML assertion, whose conditions and subject are still to be checked; null where there is none.</summary>
    public SamlAssertion? Assertion { get; private set; }

    public SupportingToken? RequiredAssertion => _required.SamlToken;

    public bool SubjectSigns => _required.SubjectSigns;

    /// <summary>What an endorsing signature must cover: the message signature, or the Timestamp where there is none.</summary>
    public XmlElement Endorsed => (MessageSignature?.Element ?? _message.TimestampElement)?.In(_message.Envelope.Index) ?? default;

    /// <summary>Whether a message signature covers all that must be signed, so that nobody varied a ciphertext of it.</summary>
    public bool IsProven { get; private set; }

    /// <exception cref="WsSecurityException">The message proves less than the policy demands.</exception>
    public void Demand(bool isTransportProtected, DateTimeOffset now)
    {
        // Age has an answer of its own. Where something was decrypted, it may not come before the ciphertext is proven, or it
        // tells who varies a ciphertext that it decrypted.
        var isPlain = !_message.HasUsedSecret;
        DemandTimestamp();
        if (isPlain)
        {
            DemandFreshness(now);
        }

        DemandUsernameToken(isTransportProtected);
        DemandAssertion();
        if (_required.HasSignature)
        {
            MessageSignature = FindMessageSignature();
            DemandOrder(MessageSignature);
            if (_required.DerivesKeys && MessageSignature.Key is SymmetricKey { Source: null })
            {
                throw new WsSecurityException(SecurityFailure.KeyNotDerived, "The policy demands derived keys, and the message signature uses the encrypted key itself.");
            }
        }

        if (_required.Endorses)
        {
            EndorsingSignature = FindEndorsingSignature();
        }

        new EncryptionEnforcement(_message, _required).Demand(MessageSignature);
        IsProven = MessageSignature is not null;
        if (!isPlain)
        {
            DemandFreshness(now);
        }
    }

    private void DemandTimestamp()
    {
        if (_required.HasTimestamp && _message.Timestamp is null)
        {
            throw new WsSecurityException(SecurityFailure.TimestampMissing, "The policy demands a Timestamp.");
        }
    }

    private void DemandFreshness(DateTimeOffset now)
    {
        _message.Timestamp?.CheckFresh(now, _policy.Tolerances);
        foreach (var token in _message.UsernameTokens)
        {
            if (token.Created is { } created)
            {
                new Timestamps.Timestamp(created, null).CheckFresh(now, _policy.Tolerances);
            }
        }
    }

    private void DemandUsernameToken(bool isTransportProtected)
    {
        var tokens = _message.UsernameTokens;
        if (_required.UsernameToken is not { } required)
        {
            if (tokens.Count > 0)
            {
                throw new WsSecurityException(SecurityFailure.UnexpectedSecurityElement, "The message carries a UsernameToken, which the policy does not have.");
            }

            return;
        }

        if (tokens.Count == 0)
        {
            if (!required.Optional)
            {
                throw new WsSecurityException(SecurityFailure.SecurityTokenMissing, "The policy demands a UsernameToken.");
            }

            return;
        }

        if (tokens.Count > 1)
        {
            throw new WsSecurityException(SecurityFailure.InvalidUsernameToken, "The message carries more than one UsernameToken.");
        }

        var token = tokens[0];
        if (token.Credential.PasswordType != required.PasswordType)
        {
            throw new WsSecurityException(SecurityFailure.PasswordTypeNotAllowed, $"The password type is {token.Credential.PasswordType}; the policy demands {required.PasswordType}.");
        }

        var isEncrypted = _message.FindDecrypted(token.Element.In(_message.Envelope.Index)) is not null;
        if (required.Kind == SupportingTokenKind.SignedEncrypted && _required.Kind != BindingKind.Transport && !isEncrypted)
        {
            throw new WsSecurityException(SecurityFailure.EncryptedPartMissing, "The policy demands that the UsernameToken is encrypted.");
        }

        if (token.Credential.PasswordType == PasswordType.Text && !isEncrypted && !isTransportProtected)
        {
            throw new WsSecurityException(SecurityFailure.PasswordNotProtected, "The password came in clear, neither encrypted nor over a protected transport.");
        }

        UsernameToken = token;
    }

    private void DemandAssertion()
    {
        if (_required.SamlToken is not { } required)
        {
            return;
        }

        if (_message.Assertions.Count == 0)
        {
            if (!required.Optional)
            {
                throw new WsSecurityException(SecurityFailure.SecurityTokenMissing, "The policy demands a SAML assertion.");
            }

            return;
        }

        if (_message.Assertions.Count > 1)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The message carries more than one SAML assertion.");
        }

        var assertion = _message.Assertions[0];
        if (required.Kind == SupportingTokenKind.SignedEncrypted && _required.Kind != BindingKind.Transport
            && _message.FindDecrypted(assertion.Element.In(_message.Envelope.Index)) is null)
        {
            throw new WsSecurityException(SecurityFailure.EncryptedPartMissing, "The policy demands that the SAML assertion is encrypted.");
        }

        Assertion = assertion;
    }

    // Signatures

    private VerifiedSignature FindMessageSignature()
    {
        WsSecurityException? refusal = null;
        foreach (var signature in _message.Signatures)
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

    // An HMAC under a key that anybody can encrypt for us, or the key of our own request, protects the message; a certificate says who.
    private bool IsOfMessageKey(VerifiedSignature signature) => _required.Kind == BindingKind.Asymmetric
        ? _required.SubjectSigns ? signature.Key is SamlKey : signature.Token is not null
        : signature.Key is SymmetricKey key && (!_required.IsReply || key.IsFromRequest);

    private WsSecurityException? FindUnsigned(VerifiedSignature signature)
    {
        var envelope = _message.Envelope;
        foreach (var element in RequiredParts(envelope))
        {
            // An element inside of a signed Body is signed.
            var reference = signature.Find(element) ?? (element.IsDescendantOf(envelope.Body) ? signature.Find(envelope.Body) : null);
            if (reference is null)
            {
                return Unsigned(element, signature);
            }

            if (FindForeignCiphertext(element, reference, signature) is { } refusal)
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

        return _policy.ProtectTokens && !CoversOwnToken(signature)
            ? new WsSecurityException(SecurityFailure.TokenNotProtected, "The policy demands that the signature covers its own token.")
            : null;
    }

    private IEnumerable<XmlElement> RequiredParts(SoapEnvelope envelope)
    {
        if (_required.Signed.Body)
        {
            yield return envelope.Body;
        }

        foreach (var element in PartSelection.Headers(envelope, _required.Signed, _message.SecurityHeader).Concat(PartSelection.Elements(envelope, _required.Signed)))
        {
            yield return element;
        }

        if (_message.TimestampElement is { } timestamp && !_policy.Tolerances.UnsignedTimestamp)
        {
            yield return timestamp.In(envelope.Index);
        }

        if (UsernameToken is { } token && _required.UsernameToken!.Kind != SupportingTokenKind.Supporting)
        {
            yield return token.Element.In(envelope.Index);
        }

        // What no issuer signed, the sender must.
        if (Assertion is { } assertion
            && (assertion.Seal is null || _required.SamlToken!.Kind is SupportingTokenKind.Signed or SupportingTokenKind.SignedEncrypted or SupportingTokenKind.SignedEndorsing))
        {
            yield return assertion.Element.In(envelope.Index);
        }

        foreach (var confirmation in _message.Confirmations)
        {
            yield return confirmation.Element.In(envelope.Index);
        }
    }

    // Who signs a ciphertext need not know what is in it, and can have taken it from a message of somebody else: a UsernameToken, say.
    private WsSecurityException? FindForeignCiphertext(XmlElement element, VerifiedReference reference, VerifiedSignature signature)
    {
        if (!reference.Element.HeldCiphertext)
        {
            return null;
        }

        if (_policy.MessageProtectionOrder != MessageProtectionOrder.EncryptBeforeSign)
        {
            return new WsSecurityException(
                SecurityFailure.ProtectionOrderViolated, $"{ElementPath.Of(element)} was signed encrypted; the policy demands {_policy.MessageProtectionOrder}.");
        }

        // Under one key, who signs could also read.
        var index = _message.Envelope.Index;
        return _required.Kind == BindingKind.Symmetric
            && _message.DecryptedParts.Any(part => Root(part.Key) != Root(signature.Key) && part.Element.In(index) is { IsNone: false } decrypted && (decrypted == element || decrypted.IsDescendantOf(element)))
            ? new WsSecurityException(SecurityFailure.SignedPartMissing, $"{ElementPath.Of(element)} was signed as the ciphertext of another key than the signature's.")
            : FindOuterPrefix(reference);
    }

    // Names in the plaintext whose namespaces are declared around the ciphertext: the digest of the ciphertext does not show them.
    private WsSecurityException? FindOuterPrefix(VerifiedReference reference)
    {
        if (_policy.Tolerances.UnsignedPrefixBindings || reference.Canonicalization.Version != CanonicalVersion.Exclusive)
        {
            return null;
        }

        var index = _message.Envelope.Index;
        var apex = reference.Element.In(index);
        foreach (var part in _message.DecryptedParts)
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

    // A part that may be absent can be moved to where nobody reads it, and its signature still fits. So nothing that is signed may stand
    // anywhere but where the policy would look for it.
    private bool IsInPlace(XmlElement element, VerifiedSignature signature)
    {
        var envelope = _message.Envelope;
        for (var current = element; !current.IsNone; current = current.Parent)
        {
            if (current == envelope.Body)
            {
                return element == current || signature.Covers(current) || PartSelection.Elements(envelope, _required.Signed).Contains(element);
            }

            if (current.Parent == envelope.Header)
            {
                return element == current || signature.Covers(current)
                    || (current == _message.SecurityHeader && (element.Parent == current || element.Is("SecurityTokenReference"u8, Wsse.Namespace)));
            }
        }

        return false;
    }

    private bool CoversOwnToken(VerifiedSignature signature)
    {
        if (signature.Key is SymmetricKey { IsFromRequest: true })
        {
            // The key travelled with the request, and was protected there.
            return true;
        }

        var index = _message.Envelope.Index;
        if (signature.TokenElement is { } token)
        {
            return signature.Covers(token.In(index));
        }

        // A token that is only named is covered by an STR-Transform over the name.
        var keyInfo = signature.Element.In(index).Child("KeyInfo"u8, XmlSignature.Namespace);
        return !keyInfo.IsNone && keyInfo.FirstChild is { IsNone: false } reference && signature.Covers(reference);
    }

    private WsSecurityException Unsigned(XmlElement element, VerifiedSignature signature)
    {
        // Something of that name was signed, but elsewhere: the mark of signature wrapping.
        var index = _message.Envelope.Index;
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

    private VerifiedSignature FindEndorsingSignature()
    {
        var endorsed = Endorsed;
        foreach (var signature in _message.Signatures)
        {
            if (signature.Token is not null && !endorsed.IsNone && signature.Covers(endorsed))
            {
                return !_policy.ProtectTokens || CoversOwnToken(signature)
                    ? signature
                    : throw new WsSecurityException(SecurityFailure.TokenNotProtected, "The policy demands that the endorsing signature covers its own token.");
            }
        }

        throw new WsSecurityException(SecurityFailure.SignatureMissing, "The policy demands an endorsing signature by the client's certificate.");
    }

    // The opposite order is refused with the part (FindForeignCiphertext).
    private void DemandOrder(VerifiedSignature signature)
    {
        if (_policy.MessageProtectionOrder == MessageProtectionOrder.EncryptBeforeSign
            && _required.Encrypted.Body
            && signature.Find(_message.Envelope.Body) is { Element.HeldCiphertext: false })
        {
            throw new WsSecurityException(
                SecurityFailure.ProtectionOrderViolated, $"The Body was signed in plain; the policy demands {_policy.MessageProtectionOrder}.");
        }
    }
}
