using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Soap;

namespace WsSecurity.Policy;

/// <summary>What the policy means for one message: the same for who writes it and who reads it.</summary>
internal sealed record MessageRequirements
{
    private static readonly MessageParts SignedByDefault = new()
    {
        Body = true,
        Headers = [new QualifiedName(WsAddressing.Namespace), new QualifiedName(WsAddressing.Namespace200408)],
    };

    private static readonly MessageParts EncryptedByDefault = new() { Body = true };

    public required BindingKind Kind { get; init; }

    public required bool IsReply { get; init; }

    public required MessageParts Signed { get; init; }

    public required MessageParts Encrypted { get; init; }

    /// <summary>What must be there, protected or not.</summary>
    public required MessageParts Present { get; init; }

    public required bool HasTimestamp { get; init; }

    /// <summary>Whether there is a message signature: something to sign, and keys of the message's own.</summary>
    public bool HasSignature => Kind != BindingKind.Transport && (!Signed.IsEmpty || HasTimestamp || Tokens.Any(token => !token.Optional && (token.Kind.IsSigned() || token.Kind.Endorses())));

    /// <summary>The supporting tokens of the message.</summary>
    public required IReadOnlyList<SupportingToken> Tokens { get; init => field = ValueList.Of(value); }

    /// <summary>Whether there is something to encrypt.</summary>
    public bool Encrypts => !Encrypted.IsEmpty || Tokens.Any(IsEncrypted);

    /// <summary>Whether the message signature is itself encrypted.</summary>
    public required bool EncryptsSignature { get; init; }

    public required bool DerivesKeys { get; init; }

    /// <summary>Whether the key of a Kerberos ticket protects the message; a request brings the ticket.</summary>
    public required bool KerberosProtects { get; init; }

    /// <summary>Whether a key that is derived from the user's password protects the message; a request brings the UsernameToken.</summary>
    public required bool PasswordProtects { get; init; }

    /// <summary>Whether the message signature is by the key of the assertion's subject.</summary>
    public required bool SubjectSigns { get; init; }

    /// <summary>What the policy means for this envelope: where a path selects the Body, that is the Body like any other.</summary>
    /// <exception cref="WsSecurityException">A path selects what cannot be protected.</exception>
    public MessageRequirements In(SoapEnvelope envelope) => this with
    {
        Signed = PartSelection.In(envelope, Signed, SecurityFailure.SignedPartMissing),
        Encrypted = PartSelection.In(envelope, Encrypted, SecurityFailure.EncryptedPartMissing),
    };

    /// <summary>Refuses a message that lacks what must be there; a fault that answers is no message of the operation.</summary>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.RequiredPartMissing"/>.</exception>
    public void DemandPresent(SoapEnvelope envelope)
    {
        if (!IsReply || !envelope.IsFault)
        {
            PartSelection.DemandPresent(envelope, Present);
        }
    }

    public static MessageRequirements For(SecurityPolicy policy, SecurityBinding binding, bool isReply, string? action, ProtectionLevel? stated)
    {
        var level = stated ?? policy.ProtectionLevel;
        var byLevel = binding.Kind == BindingKind.Transport ? ProtectionLevel.None : level;
        var signed = policy.SignedParts?.Find(isReply, action) ?? (byLevel >= ProtectionLevel.Sign ? SignedByDefault : MessageParts.None);
        var encrypted = policy.EncryptedParts?.Find(isReply, action)
            ?? (byLevel == ProtectionLevel.EncryptAndSign && !binding.SignsOnly ? EncryptedByDefault : MessageParts.None);
        return new MessageRequirements
        {
            Kind = binding.Kind,
            IsReply = isReply,
            Signed = signed,
            Encrypted = encrypted,
            Present = policy.RequiredParts?.Find(isReply, action) ?? MessageParts.None,
            HasTimestamp = policy.IncludeTimestamp,
            EncryptsSignature = policy.MessageProtectionOrder == MessageProtectionOrder.SignBeforeEncryptAndEncryptSignature && !encrypted.IsEmpty,
            DerivesKeys = binding.DerivesKeys,
            Tokens = isReply ? [] : [.. binding.Tokens.Where(token => token.AppliesTo(action))],
            SubjectSigns = !isReply && binding.SubjectSigns,
            KerberosProtects = binding.KerberosProtects,
            PasswordProtects = binding.PasswordProtects,
        };
    }

    /// <summary>Whether the message signature must cover a token; over a transport binding the transport does.</summary>
    public bool IsSigned(SupportingToken token) => Kind != BindingKind.Transport && token.Kind.IsSigned();

    /// <summary>Whether a token must be encrypted; over a transport binding the transport does that.</summary>
    public bool IsEncrypted(SupportingToken token) => Kind != BindingKind.Transport && token.Kind.IsEncrypted();
}
