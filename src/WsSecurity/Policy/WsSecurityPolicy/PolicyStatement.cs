using WsSecurity.Policy.SupportingTokens;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>When the client's certificate travels with requests.</summary>
internal enum RequestInclusion
{
    AlwaysToRecipient,
    Once,
    Never,
}

/// <summary>
/// What WS-SecurityPolicy says of a policy, said in one way only: policies that mean the same have one statement. Reader and writer meet
/// here.
/// </summary>
internal sealed record PolicyStatement
{
    public required BindingKind Kind { get; init; }

    public AlgorithmSuite Suite { get; init; } = AlgorithmSuite.Basic256GCMSha256;

    public MessageSecurityVersion Version { get; init; }

    public MessageProtectionOrder Order { get; init; }

    public SecurityHeaderLayout Layout { get; init; }

    public bool IncludesTimestamp { get; init; }

    public bool DerivesKeys { get; init; }

    /// <summary>
    /// The version in which requests derive keys; null where they derive none. WS-SecurityPolicy 1.1 means that of February 2005, and 1.2, which is what we write, 1.3:
    /// a service takes both, and its replies follow their requests.
    /// </summary>
    public SecureConversationVersion? Conversation { get; init; }

    public bool ConfirmsSignatures { get; init; }

    public bool ProtectsTokens { get; init; }

    public KeyReference Reference { get; init; }

    public RequestInclusion RequestInclusion { get; init; }

    public bool IncludesTokenInReplies { get; init; }

    /// <summary>Whether a key that is derived from the user's password protects the messages, rather than one that is encrypted for a certificate.</summary>
    public bool PasswordProtects { get; init; }

    /// <summary>Whether a Kerberos ticket's key protects the messages, rather than one that is encrypted for a certificate.</summary>
    public bool KerberosProtects { get; init; }

    public KerberosTokenForm KerberosForm { get; init; }

    /// <summary>Whether the key of the SAML assertion's subject protects the messages: makes the signature of requests, or is what both parties share.</summary>
    public bool SubjectSigns { get; init; }

    /// <summary>
    /// The tokens of requests, by type, then in their order; the assertion or the UsernameToken whose key protects among them. A certificate that may be named has its own reference and
    /// inclusion only where they are not the statement's.
    /// </summary>
    public IReadOnlyList<SupportingToken> Tokens { get; init => field = ValueList.Of(value); } = ValueList<SupportingToken>.Empty;

    /// <summary>Null over transport, which protects everything.</summary>
    public ProtectedParts? Signed { get; init; }

    public ProtectedParts? Encrypted { get; init; }

    /// <summary>Null where nothing must be there.</summary>
    public ProtectedParts? Required { get; init; }

    public bool HasCertificate => Kind == BindingKind.Asymmetric || Tokens.Any(CertificateInclusion.MayBeNamed);

    /// <summary>Whether what protects the messages is a certificate, or a key that is encrypted for one.</summary>
    public bool NamesCertificate => Kind == BindingKind.Asymmetric || (Kind == BindingKind.Symmetric && !SubjectSigns && !KerberosProtects && !PasswordProtects);

    public bool EncryptsNothing => Encrypted is null || PartsOf(Encrypted).All(parts => parts.IsEmpty);

    /// <summary>Whether a token endorses, and there would be no signature of the message.</summary>
    public bool EndorsesNothing => Kind != BindingKind.Transport && !IncludesTimestamp && Tokens.Any(token => token.Kind.Endorses()) && !Tokens.Any(token => token.Kind.IsSigned())
        && (Signed is null || PartsOf(Signed).All(parts => parts.IsEmpty));

    public static IEnumerable<MessageParts> PartsOf(ProtectedParts parts) =>
        new[] { parts.All, parts.Request, parts.Reply }.OfType<MessageParts>().Concat(parts.Operations.Values);

    /// <exception cref="ArgumentException">The policy contradicts itself.</exception>
    /// <exception cref="NotSupportedException">The policy has what WS-SecurityPolicy cannot say.</exception>
    public static PolicyStatement Of(SecurityPolicy policy)
    {
        var binding = SecurityBinding.For(policy);
        UnsayablePolicy.Refuse(policy, binding);
        var request = Requirements(policy, binding, isReply: false);
        var reply = Requirements(policy, binding, isReply: true);
        var overTransport = binding.Kind == BindingKind.Transport;
        var statement = new PolicyStatement
        {
            Kind = binding.Kind,
            Suite = policy.DefaultAlgorithmSuite,
            Version = policy.MessageSecurityVersion,
            Order = overTransport ? default : policy.MessageProtectionOrder,
            Layout = policy.SecurityHeaderLayout,
            IncludesTimestamp = policy.IncludeTimestamp,
            DerivesKeys = binding.DerivesKeys,
            Conversation = binding.DerivesKeys || binding.Tokens.Any(token => token.RequireDerivedKeys) ? SecureConversationVersion.WSSecureConversation13 : null,
            ConfirmsSignatures = policy.RequireSignatureConfirmation,
            ProtectsTokens = policy.ProtectTokens,
            PasswordProtects = binding.PasswordProtects,
            KerberosProtects = binding.KerberosProtects,
            KerberosForm = binding.UsesKerberos ? policy.KerberosTokenForm : default,
            SubjectSigns = binding.SubjectSigns,
            Tokens = [.. binding.Tokens.OrderBy(token => token.Type)],
            Signed = overTransport ? null : State(request.Signed, reply.Signed, policy.SignedParts),
            Encrypted = overTransport ? null : State(request.Encrypted, reply.Encrypted, policy.EncryptedParts),
            Required = State(request.Present, reply.Present, policy.RequiredParts) is var required && PartsOf(required).All(parts => parts.IsEmpty) ? null : required,
        };
        return statement.EndorsesNothing
            ? throw new NotSupportedException("WS-SecurityPolicy cannot say a policy whose tokens endorse, and which has nothing to sign: neither parts nor a Timestamp.")
            : statement.WithCertificates(policy).WithEffectiveOrder();
    }

    /// <summary>The policy that is stated, with its parts named.</summary>
    public SecurityPolicy ToPolicy()
    {
        var (mode, tokens) = StatedMode.Of(this);
        var isDefault = Reference == KeyReference.Default;
        var inclusion = !HasCertificate ? SecurityTokenInclusionMode.Default : (RequestInclusion, IncludesTokenInReplies) switch
        {
            (RequestInclusion.Never, false) => isDefault ? SecurityTokenInclusionMode.Never : SecurityTokenInclusionMode.Default,
            (RequestInclusion.Never, true) => SecurityTokenInclusionMode.AlwaysToInitiator,
            (RequestInclusion.Once, _) => SecurityTokenInclusionMode.Once,
            _ => isDefault ? SecurityTokenInclusionMode.Default : SecurityTokenInclusionMode.AlwaysToRecipient,
        };
        return new SecurityPolicy
        {
            AuthenticationMode = mode,
            MessageSecurityVersion = Version,
            DefaultAlgorithmSuite = Suite,
            MessageProtectionOrder = Order,
            ProtectionLevel = mode == AuthenticationMode.CertificateSignature ? ProtectionLevel.Sign : ProtectionLevel.EncryptAndSign,
            SecurityHeaderLayout = Layout,
            IncludeTimestamp = IncludesTimestamp,
            SecureConversationVersion = Conversation,
            RequireDerivedKeys = Kind == BindingKind.Symmetric && !DerivesKeys ? false : null,
            RequireSignatureConfirmation = ConfirmsSignatures,
            ProtectTokens = ProtectsTokens,
            KeyReference = Reference,
            KerberosTokenForm = KerberosForm,
            InclusionMode = inclusion,
            InitiatorToken = SubjectSigns && Kind == BindingKind.Asymmetric ? SecurityTokenType.Saml : SecurityTokenType.X509,
            AllowSerializedSigningTokenOnReply = IncludesTokenInReplies && inclusion == SecurityTokenInclusionMode.Default,
            SupportingTokens = tokens,
            SignedParts = Signed,
            EncryptedParts = Encrypted,
            RequiredParts = Required,
        };
    }

    /// <summary>Where nothing is encrypted, nor is the signature, whatever the order.</summary>
    public PolicyStatement WithEffectiveOrder() =>
        Kind != BindingKind.Transport && EncryptsNothing && Order == MessageProtectionOrder.SignBeforeEncryptAndEncryptSignature
            ? this with { Order = MessageProtectionOrder.SignBeforeEncrypt }
            : this;

    private PolicyStatement WithCertificates(SecurityPolicy policy)
    {
        var isNamed = policy.KeyReference is not (KeyReference.Default or KeyReference.BinarySecurityToken);
        // As the tokens are written, WS-SecurityPolicy 1.3, section 5.1.
        var reply = Kind == BindingKind.Asymmetric && (policy.InclusionMode == SecurityTokenInclusionMode.AlwaysToInitiator
            || (policy.InclusionMode == SecurityTokenInclusionMode.Default && policy.AllowSerializedSigningTokenOnReply));
        return CertificateInclusion.Normalize(
            this with { Reference = isNamed ? policy.KeyReference : KeyReference.Default, RequestInclusion = CertificateInclusion.Of(policy), IncludesTokenInReplies = reply },
            [.. Tokens.Select(token => new StatedToken(token, CertificateInclusion.Of(policy, token), CertificateInclusion.ReferenceOf(policy, token)))]);
    }

    private static MessageRequirements Requirements(SecurityPolicy policy, SecurityBinding binding, bool isReply) =>
        MessageRequirements.For(policy, binding, isReply, action: null, stated: null);

    private static ProtectedParts State(MessageParts request, MessageParts reply, ProtectedParts? parts)
    {
        var operations = (parts?.Operations ?? ValueDictionary<MessageParts>.Empty)
            .Where(operation => operation.Value != request || operation.Value != reply)
            .ToDictionary(StringComparer.Ordinal);
        return request == reply
            ? new ProtectedParts { All = request, Operations = operations }
            : new ProtectedParts { Request = request, Reply = reply, Operations = operations };
    }
}
