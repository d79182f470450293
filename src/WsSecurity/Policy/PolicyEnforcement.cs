using WsSecurity.Exchanges;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Xml;

namespace WsSecurity.Policy;

/// <summary>
/// Compares what a message proved with what the policy demands; whatever is missing refuses the message. Parts are <see cref="SignatureCoverage"/>'s and
/// <see cref="EncryptionEnforcement"/>'s, each supporting token is a <see cref="SupportingTokenEnforcement"/>'s.
/// </summary>
internal sealed class PolicyEnforcement
{
    private readonly SecurityPolicy _policy;

    public PolicyEnforcement(Party party, MessageVerification message, MessageRequirements required, MessageContext context)
    {
        Party = party;
        Message = message;
        Required = required;
        Context = context;
        _policy = party.Policy;
        Tokens = required.Tokens.Select(token => SupportingTokenEnforcement.Create(token, this)).ToList();
        Coverage = new SignatureCoverage(message, required, _policy, Tokens);
    }

    public Party Party { get; }

    public MessageVerification Message { get; }

    public MessageRequirements Required { get; }

    public MessageContext Context { get; }

    public SignatureCoverage Coverage { get; }

    /// <summary>The demands on supporting tokens, in the policy's order.</summary>
    public IReadOnlyList<SupportingTokenEnforcement> Tokens { get; }

    /// <summary>The message signature: the one that covers everything that must be signed. Null where none is demanded.</summary>
    public VerifiedSignature? MessageSignature { get; private set; }

    /// <summary>The Kerberos token whose key protects the request; null in replies and in other bindings.</summary>
    public KerberosToken? ProtectingTicket => Required.KerberosProtects ? Message.KerberosToken : null;

    /// <summary>The signatures that endorse the message signature or the Timestamp.</summary>
    public IEnumerable<VerifiedSignature> Endorsements => Tokens.Select(token => token.Endorsement).OfType<VerifiedSignature>();

    /// <summary>What an endorsing signature must cover: the message signature, or the Timestamp where there is none.</summary>
    public XmlElement Endorsed => (MessageSignature?.Element ?? Message.TimestampElement)?.In(Message.Envelope.Index) ?? default;

    /// <summary>Whether a message signature covers all that must be signed, so that nobody varied a ciphertext of it.</summary>
    public bool IsProven { get; private set; }

    /// <exception cref="WsSecurityException">The message proves less than the policy demands.</exception>
    public void Demand(DateTimeOffset now)
    {
        // Age has an answer of its own. Where something was decrypted, it may not come before the ciphertext is proven, or it
        // tells who varies a ciphertext that it decrypted.
        var isPlain = !Message.HasUsedSecret;
        DemandTimestamp();
        if (isPlain)
        {
            DemandFreshness(now);
        }

        DemandTicket();
        FindTokens();
        if (Required.HasSignature || Tokens.Any(token => token.NeedsMessageSignature))
        {
            MessageSignature = Coverage.FindMessageSignature();
            DemandOrder(MessageSignature);
            if (Required.DerivesKeys && MessageSignature.Key is SymmetricKey { Source: null })
            {
                throw new WsSecurityException(SecurityFailure.KeyNotDerived, "The policy demands derived keys, and the message signature uses the encrypted key itself.");
            }
        }

        // Who takes the most first, so that what is left suffices for the others.
        foreach (var token in Tokens.Where(token => token.Required.Kind.Endorses()).OrderBy(token => token.Required.Optional).ThenByDescending(token => token.Required.Kind))
        {
            token.FindEndorsement();
        }

        new EncryptionEnforcement(Message, Required).Demand(MessageSignature);
        Required.DemandPresent(Message.Envelope);
        IsProven = MessageSignature is not null;
        if (!isPlain)
        {
            DemandFreshness(now);
        }
    }

    private void FindTokens()
    {
        if (Message.UsernameTokens.Count > 0 && !Demands(SecurityTokenType.Username))
        {
            throw new WsSecurityException(SecurityFailure.UnexpectedSecurityElement, "The message carries a UsernameToken, which the policy does not have.");
        }

        if (Message.Assertions.Count > 0 && !Demands(SecurityTokenType.Saml))
        {
            throw new WsSecurityException(SecurityFailure.UnexpectedSecurityElement, "The message carries a SAML assertion, which the policy does not have for its operation.");
        }

        if (Message.CustomTokens.FirstOrDefault(token => !Required.Tokens.Any(demanded => demanded.Name == token.Handler.Name)) is { } unexpected)
        {
            throw new WsSecurityException(SecurityFailure.UnexpectedSecurityElement, $"The message carries a '{unexpected.Handler.Name}' token, which the policy does not have for its operation.");
        }

        if (Message.KerberosToken is not null && !Required.KerberosProtects && !Demands(SecurityTokenType.Kerberos))
        {
            throw new WsSecurityException(SecurityFailure.UnexpectedSecurityElement, "The message carries a Kerberos token, which the policy does not have for its operation.");
        }

        foreach (var token in Tokens)
        {
            token.Find();
        }
    }

    private void DemandTicket()
    {
        if (Required is { KerberosProtects: true, IsReply: false } && ProtectingTicket is null)
        {
            throw new WsSecurityException(SecurityFailure.SecurityTokenMissing, "The policy demands a Kerberos token.");
        }
    }

    private bool Demands(SecurityTokenType type) => Required.Tokens.Any(token => token.Type == type);

    private void DemandTimestamp()
    {
        if (Required.HasTimestamp && Message.Timestamp is null)
        {
            throw new WsSecurityException(SecurityFailure.TimestampMissing, "The policy demands a Timestamp.");
        }
    }

    private void DemandFreshness(DateTimeOffset now)
    {
        Message.Timestamp?.CheckFresh(now, _policy.Tolerances);
        foreach (var token in Message.UsernameTokens)
        {
            if (token.Created is { } created)
            {
                new Timestamps.Timestamp(created, null).CheckFresh(now, _policy.Tolerances);
            }
        }
    }

    // The opposite order is refused with the part (SignedCiphertext).
    private void DemandOrder(VerifiedSignature signature)
    {
        if (_policy.MessageProtectionOrder == MessageProtectionOrder.EncryptBeforeSign
            && Required.Encrypted.Body
            && signature.Find(Message.Envelope.Body) is { Element.HeldCiphertext: false })
        {
            throw new WsSecurityException(
                SecurityFailure.ProtectionOrderViolated, $"The Body was signed in plain; the policy demands {_policy.MessageProtectionOrder}.");
        }
    }
}
