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
    private static readonly SupportingToken UsernameForCertificate = new() { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Username };
    private static readonly SupportingToken UsernameOverTransport = new() { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username };
    private static readonly SupportingToken KerberosOverTransport = new() { Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.Kerberos };
    private static readonly SupportingToken EndorsingCertificate = new() { Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.X509 };

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

    public SupportingToken? Username { get; init; }

    /// <summary>Whether a Kerberos ticket's key protects the messages, rather than one that is encrypted for a certificate.</summary>
    public bool KerberosProtects { get; init; }

    /// <summary>The Kerberos token beside what protects the messages.</summary>
    public SupportingToken? Kerberos { get; init; }

    public KerberosTokenForm KerberosForm { get; init; }

    /// <summary>Whether the client's certificate endorses.</summary>
    public bool Endorses { get; init; }

    /// <summary>Null over transport, which protects everything.</summary>
    public ProtectedParts? Signed { get; init; }

    public ProtectedParts? Encrypted { get; init; }

    /// <summary>Null where nothing must be there.</summary>
    public ProtectedParts? Required { get; init; }

    public bool HasClientCertificate => Kind == BindingKind.Asymmetric || Endorses;

    public bool EncryptsNothing => Encrypted is null || PartsOf(Encrypted).All(parts => parts.IsEmpty);

    public static IEnumerable<MessageParts> PartsOf(ProtectedParts parts) =>
        new[] { parts.All, parts.Request, parts.Reply }.OfType<MessageParts>().Concat(parts.Operations.Values);

    /// <exception cref="ArgumentException">The policy contradicts itself.</exception>
    /// <exception cref="NotSupportedException">The policy has what WS-SecurityPolicy cannot say.</exception>
    public static PolicyStatement Of(SecurityPolicy policy)
    {
        var binding = SecurityBinding.For(policy);
        RefuseUnsayable(policy, binding);
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
            Conversation = binding.DerivesKeys ? SecureConversationVersion.WSSecureConversation13 : null,
            ConfirmsSignatures = policy.RequireSignatureConfirmation,
            ProtectsTokens = policy.ProtectTokens,
            Username = binding.Tokens.FirstOrDefault(token => token.Type == SecurityTokenType.Username),
            KerberosProtects = binding.KerberosProtects,
            Kerberos = binding.Tokens.FirstOrDefault(token => token.Type == SecurityTokenType.Kerberos),
            KerberosForm = binding.UsesKerberos ? policy.KerberosTokenForm : default,
            Endorses = binding.Has(SecurityTokenType.X509),
            Signed = overTransport ? null : State(request.Signed, reply.Signed, policy.SignedParts),
            Encrypted = overTransport ? null : State(request.Encrypted, reply.Encrypted, policy.EncryptedParts),
            Required = State(request.Present, reply.Present, policy.RequiredParts) is var required && PartsOf(required).All(parts => parts.IsEmpty) ? null : required,
        };
        return statement.WithTokens(policy).WithEffectiveOrder();
    }

    /// <summary>The policy that is stated, with its parts named.</summary>
    public SecurityPolicy ToPolicy()
    {
        var (mode, tokens) = FindMode();
        var isDefault = Reference == KeyReference.Default;
        var inclusion = !HasClientCertificate ? SecurityTokenInclusionMode.Default : (RequestInclusion, IncludesTokenInReplies) switch
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

    private (AuthenticationMode Mode, List<SupportingToken> Tokens) FindMode()
    {
        var tokens = new List<SupportingToken>();
        var (mode, known) = Kind switch
        {
            BindingKind.Asymmetric when EncryptsNothing && Username is not { Kind: SupportingTokenKind.SignedEncrypted } =>
                (AuthenticationMode.CertificateSignature, default(SupportingToken)),
            BindingKind.Asymmetric => (AuthenticationMode.MutualCertificateDuplex, null),
            BindingKind.Symmetric when KerberosProtects => (AuthenticationMode.Kerberos, null),
            BindingKind.Symmetric when Endorses => (AuthenticationMode.MutualCertificate, null),
            BindingKind.Symmetric when Username is not null => (AuthenticationMode.UserNameForCertificate, UsernameForCertificate),
            BindingKind.Symmetric => (AuthenticationMode.AnonymousForCertificate, null),
            _ when Kerberos is not null => (AuthenticationMode.KerberosOverTransport, KerberosOverTransport),
            _ when Endorses => (AuthenticationMode.CertificateOverTransport, null),
            _ when Username is null => (AuthenticationMode.AnonymousOverTransport, null),
            _ => (AuthenticationMode.UserNameOverTransport, UsernameOverTransport),
        };
        if (Username is not null && Username != known)
        {
            tokens.Add(Username);
        }

        if (Kerberos is not null && Kerberos != known)
        {
            tokens.Add(Kerberos);
        }

        if (Endorses && mode is not (AuthenticationMode.MutualCertificate or AuthenticationMode.CertificateOverTransport))
        {
            tokens.Add(EndorsingCertificate);
        }

        return (mode, tokens);
    }

    private PolicyStatement WithTokens(SecurityPolicy policy)
    {
        var isNamed = policy.KeyReference is not (KeyReference.Default or KeyReference.BinarySecurityToken);
        var named = Kind != BindingKind.Transport || Endorses || Kerberos is { } token && token.Kind.Endorses() ? this with { Reference = isNamed ? policy.KeyReference : KeyReference.Default } : this;
        if (!HasClientCertificate)
        {
            return named;
        }

        // As the tokens are written, WS-SecurityPolicy 1.3, section 5.1.
        var request = policy.InclusionMode switch
        {
            SecurityTokenInclusionMode.Never or SecurityTokenInclusionMode.AlwaysToInitiator => RequestInclusion.Never,
            SecurityTokenInclusionMode.Once => RequestInclusion.Once,
            SecurityTokenInclusionMode.Default when isNamed => RequestInclusion.Never,
            _ => RequestInclusion.AlwaysToRecipient,
        };
        var reply = Kind == BindingKind.Asymmetric && (policy.InclusionMode == SecurityTokenInclusionMode.AlwaysToInitiator
            || (policy.InclusionMode == SecurityTokenInclusionMode.Default && policy.AllowSerializedSigningTokenOnReply));
        return named with { RequestInclusion = request, IncludesTokenInReplies = reply };
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

    // What is a matter of this party alone, its limits, tolerances and replay detection, a policy for others does not say.
    private static void RefuseUnsayable(SecurityPolicy policy, SecurityBinding binding)
    {
        var unsayable = new List<string>();
        Refuse(policy.SignatureAlgorithms.Count > 0, nameof(SecurityPolicy.SignatureAlgorithms), "a suite fixes its algorithms");
        Refuse(policy.Actor is not null, nameof(SecurityPolicy.Actor), "it speaks of the ultimate receiver's header alone");
        Refuse(policy.AllowInsecureTransport, nameof(SecurityPolicy.AllowInsecureTransport), "a TransportBinding demands HTTPS");
        Refuse(policy.KeyReference == KeyReference.KeyValue, nameof(KeyReference.KeyValue), "its KeyValueToken is of no certificate");
        Refuse(policy.EnableUnsecuredResponse, nameof(SecurityPolicy.EnableUnsecuredResponse), "a binding protects both directions");
        Refuse(
            binding.Kind == BindingKind.Transport && policy.ProtectTokens, nameof(SecurityPolicy.ProtectTokens), "a TransportBinding does not have it");
        Refuse(
            binding.Tokens.Any(token => token is { Type: SecurityTokenType.X509 } and not { Kind: SupportingTokenKind.Endorsing, Optional: false, KeyReference: KeyReference.Default, InclusionMode: SecurityTokenInclusionMode.Default })
                || binding.Tokens.Count(token => token.Type == SecurityTokenType.X509) > 1
                || binding.Tokens.Any(token => token.Actions.Count > 0 || token is { Type: SecurityTokenType.Username, Kind: SupportingTokenKind.Encrypted }),
            nameof(SecurityPolicy.SupportingTokens),
            "certificates that are more than one endorsing token, and tokens of single operations, are not written");
        Refuse(binding.Has(SecurityTokenType.Custom), nameof(SecurityTokenType.Custom), "a custom token has no assertion");
        Refuse(binding.Has(SecurityTokenType.Saml), nameof(SecurityTokenType.Saml), "sp:SamlToken and sp:IssuedToken are not written");
        if (unsayable.Count > 0)
        {
            throw new NotSupportedException($"WS-SecurityPolicy cannot say {string.Join("; ", unsayable)}.");
        }

        void Refuse(bool isSet, string property, string reason)
        {
            if (isSet)
            {
                unsayable.Add($"{property} ({reason})");
            }
        }
    }
}
