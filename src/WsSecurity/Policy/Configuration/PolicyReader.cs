namespace WsSecurity.Policy.Configuration;

/// <summary>Reads what makes a <see cref="SecurityPolicy"/>, by the names of WCF's <c>&lt;security&gt;</c> element.</summary>
internal static class PolicyReader
{
    public static SecurityPolicy Read(ConfigurationNode binding)
    {
        var mode = ReadAuthenticationMode(binding);
        var defaults = mode == AuthenticationMode.CertificateSignature
            ? SecurityPolicy.CertificateSignature
            : new SecurityPolicy { AuthenticationMode = mode };

        var versions = ReadMessageSecurityVersion(binding);
        return defaults with
        {
            MessageSecurityVersion = versions?.Version ?? defaults.MessageSecurityVersion,
            SecureConversationVersion = binding.Name<SecureConversationVersion>(nameof(SecurityPolicy.SecureConversationVersion)) ?? versions?.Conversation,
            EmitBspRequiredAttributes =
                binding.Boolean(nameof(SecurityPolicy.EmitBspRequiredAttributes)) ?? versions?.EmitBspRequiredAttributes ?? defaults.EmitBspRequiredAttributes,
            DefaultAlgorithmSuite = ReadAlgorithmSuite(binding) ?? defaults.DefaultAlgorithmSuite,
            SignatureAlgorithms =
                [.. binding.Texts(nameof(SecurityPolicy.SignatureAlgorithms))
                    .Select(name => binding.Name<SignatureAlgorithmName>(nameof(SecurityPolicy.SignatureAlgorithms), name))],
            MessageProtectionOrder =
                binding.Name<MessageProtectionOrder>(nameof(SecurityPolicy.MessageProtectionOrder)) ?? defaults.MessageProtectionOrder,
            ProtectionLevel = binding.Name<ProtectionLevel>(nameof(SecurityPolicy.ProtectionLevel)) ?? defaults.ProtectionLevel,
            SecurityHeaderLayout = binding.Name<SecurityHeaderLayout>(nameof(SecurityPolicy.SecurityHeaderLayout)) ?? defaults.SecurityHeaderLayout,
            IncludeTimestamp = binding.Boolean(nameof(SecurityPolicy.IncludeTimestamp)) ?? defaults.IncludeTimestamp,
            RequireDerivedKeys = binding.Boolean(nameof(SecurityPolicy.RequireDerivedKeys)),
            RequireSignatureConfirmation =
                binding.Boolean(nameof(SecurityPolicy.RequireSignatureConfirmation)) ?? defaults.RequireSignatureConfirmation,
            ProtectTokens = binding.Boolean(nameof(SecurityPolicy.ProtectTokens)) ?? defaults.ProtectTokens,
            AllowInsecureTransport = binding.Boolean(nameof(SecurityPolicy.AllowInsecureTransport)) ?? defaults.AllowInsecureTransport,
            EnableUnsecuredResponse = binding.Boolean(nameof(SecurityPolicy.EnableUnsecuredResponse)) ?? defaults.EnableUnsecuredResponse,
            AllowSerializedSigningTokenOnReply =
                binding.Boolean(nameof(SecurityPolicy.AllowSerializedSigningTokenOnReply)) ?? defaults.AllowSerializedSigningTokenOnReply,
            SignedParts = ProtectedPartsReader.Read(binding, nameof(SecurityPolicy.SignedParts)),
            EncryptedParts = ProtectedPartsReader.Read(binding, nameof(SecurityPolicy.EncryptedParts)),
            RequiredParts = ProtectedPartsReader.Read(binding, nameof(SecurityPolicy.RequiredParts)),
            KeyReference = binding.Name<KeyReference>(nameof(SecurityPolicy.KeyReference)) ?? defaults.KeyReference,
            KerberosTokenForm = binding.Name<KerberosTokenForm>(nameof(SecurityPolicy.KerberosTokenForm)) ?? defaults.KerberosTokenForm,
            PasswordIterations = binding.PositiveInteger(nameof(SecurityPolicy.PasswordIterations)) ?? defaults.PasswordIterations,
            KeyDerivation = binding.Name<KeyDerivation>(nameof(SecurityPolicy.KeyDerivation)) ?? defaults.KeyDerivation,
            InclusionMode = binding.Name<SecurityTokenInclusionMode>(nameof(SecurityPolicy.InclusionMode)) ?? defaults.InclusionMode,
            InitiatorToken = binding.Name<SecurityTokenType>(nameof(SecurityPolicy.InitiatorToken)) ?? defaults.InitiatorToken,
            SupportingTokens = [.. binding.List(nameof(SecurityPolicy.SupportingTokens)).Select(ReadSupportingToken)],
            AcceptedTrustDomains = binding.Texts(nameof(SecurityPolicy.AcceptedTrustDomains)),
            Actor = binding.Text(nameof(SecurityPolicy.Actor)),
            DetectReplays = binding.Boolean(nameof(SecurityPolicy.DetectReplays)) ?? defaults.DetectReplays,
            Limits = binding.Object(nameof(SecurityPolicy.Limits)) is { } limits ? ReadLimits(limits) : defaults.Limits,
            Tolerances = binding.Object(nameof(SecurityPolicy.Tolerances)) is { } tolerances ? ReadTolerances(tolerances) : defaults.Tolerances,
        };
    }

    private static AuthenticationMode ReadAuthenticationMode(ConfigurationNode binding)
    {
        const string Key = nameof(SecurityPolicy.AuthenticationMode);
        var value = binding.Text(Key) is { Length: > 0 } text
            ? text
            : throw binding.Refuse(Key, $"is required; accepted: {string.Join(", ", AuthenticationModes.Supported)}");
        if (AuthenticationModes.TryFindSubstitute(value, out var substitute))
        {
            throw binding.Refuse(Key, $"'{value}' is not supported; {substitute}");
        }

        var mode = AuthenticationModes.Supported.Where(known => known.ToString().Equals(value, StringComparison.OrdinalIgnoreCase)).ToArray();
        return mode.Length == 1 ? mode[0] : throw binding.RefuseValue(Key, value, AuthenticationModes.Supported.Select(known => known.ToString()));
    }

    private static NamedSecurityVersion? ReadMessageSecurityVersion(ConfigurationNode binding)
    {
        const string Key = nameof(SecurityPolicy.MessageSecurityVersion);
        return binding.Text(Key) is not { } value ? null
            : MessageSecurityVersions.TryParse(value, out var versions) ? versions
            : throw binding.RefuseValue(Key, value, MessageSecurityVersions.Names);
    }

    private static AlgorithmSuite? ReadAlgorithmSuite(ConfigurationNode binding)
    {
        const string Key = nameof(SecurityPolicy.DefaultAlgorithmSuite);
        return binding.Text(Key) is not { } value ? null
            : AlgorithmSuite.TryParse(value, out var suite) ? suite
            : throw binding.RefuseValue(Key, value, AlgorithmSuite.All.Select(known => known.Name));
    }

    private static SupportingToken ReadSupportingToken(ConfigurationNode node)
    {
        _ = node.RequiredText(nameof(SupportingToken.Kind));
        _ = node.RequiredText(nameof(SupportingToken.Type));
        var (type, name) = ReadTokenType(node);
        var token = new SupportingToken
        {
            Kind = node.Name<SupportingTokenKind>(nameof(SupportingToken.Kind))!.Value,
            Type = type,
            Name = name,
            Optional = node.Boolean(nameof(SupportingToken.Optional)) ?? false,
            Actions = node.Texts(nameof(SupportingToken.Actions)),
            KeyReference = node.Name<KeyReference>(nameof(SupportingToken.KeyReference)) ?? KeyReference.Default,
            InclusionMode = node.Name<SecurityTokenInclusionMode>(nameof(SupportingToken.InclusionMode)) ?? SecurityTokenInclusionMode.Default,
            PasswordType = node.Name<PasswordType>(nameof(SupportingToken.PasswordType)) ?? PasswordType.Text,
            SamlVersion = node.Name<SamlVersion>(nameof(SupportingToken.SamlVersion)),
            IssuedTokenParameters = IssuedTokenParametersReader.Read(node),
            RequireDerivedKeys = node.Boolean(nameof(SupportingToken.RequireDerivedKeys)) ?? false,
        };
        if (token.Type != SecurityTokenType.Username && node.Has(nameof(SupportingToken.PasswordType)))
        {
            throw node.Refuse(nameof(SupportingToken.PasswordType), "belongs to tokens of Type Username alone");
        }

        node.RefuseUnknownKeys();
        return token;
    }

    // What is no known type is the name of a handler, which the role looks up.
    private static (SecurityTokenType Type, string? Name) ReadTokenType(ConfigurationNode node)
    {
        var value = node.RequiredText(nameof(SupportingToken.Type));
        var known = Enum.GetValues<SecurityTokenType>().Where(type => type.ToString().Equals(value, StringComparison.OrdinalIgnoreCase)).ToArray();
        return known is [SecurityTokenType.Custom] ? throw node.Refuse(nameof(SupportingToken.Type), "of a custom token is the name of its handler")
            : known is [var type] ? (type, null)
            : (SecurityTokenType.Custom, value);
    }

    private static ProcessingLimits ReadLimits(ConfigurationNode node)
    {
        const int Indexed = ushort.MaxValue;
        var defaults = ProcessingLimits.Default;
        var limits = new ProcessingLimits
        {
            MaxMessageSize = node.PositiveInteger(nameof(ProcessingLimits.MaxMessageSize)) ?? defaults.MaxMessageSize,
            MaxDepth = node.PositiveInteger(nameof(ProcessingLimits.MaxDepth)) ?? defaults.MaxDepth,
            MaxElements = node.PositiveInteger(nameof(ProcessingLimits.MaxElements)) ?? defaults.MaxElements,
            MaxAttributes = node.PositiveInteger(nameof(ProcessingLimits.MaxAttributes)) ?? defaults.MaxAttributes,
            MaxNamespaces = node.PositiveInteger(nameof(ProcessingLimits.MaxNamespaces), Indexed) ?? defaults.MaxNamespaces,
            MaxNameLength = node.PositiveInteger(nameof(ProcessingLimits.MaxNameLength), Indexed) ?? defaults.MaxNameLength,
            MaxSecurityHeaderSize = node.PositiveInteger(nameof(ProcessingLimits.MaxSecurityHeaderSize)) ?? defaults.MaxSecurityHeaderSize,
            MaxSignatures = node.PositiveInteger(nameof(ProcessingLimits.MaxSignatures)) ?? defaults.MaxSignatures,
            MaxReferences = node.PositiveInteger(nameof(ProcessingLimits.MaxReferences)) ?? defaults.MaxReferences,
            MaxTransforms = node.PositiveInteger(nameof(ProcessingLimits.MaxTransforms)) ?? defaults.MaxTransforms,
            MaxEncryptedKeys = node.PositiveInteger(nameof(ProcessingLimits.MaxEncryptedKeys)) ?? defaults.MaxEncryptedKeys,
            MaxEncryptedParts = node.PositiveInteger(nameof(ProcessingLimits.MaxEncryptedParts)) ?? defaults.MaxEncryptedParts,
            MaxTokens = node.PositiveInteger(nameof(ProcessingLimits.MaxTokens)) ?? defaults.MaxTokens,
            MinPasswordIterations = node.PositiveInteger(nameof(ProcessingLimits.MinPasswordIterations)) ?? defaults.MinPasswordIterations,
            MaxPasswordIterations = node.PositiveInteger(nameof(ProcessingLimits.MaxPasswordIterations)) ?? defaults.MaxPasswordIterations,
        };
        node.RefuseUnknownKeys();
        return limits;
    }

    private static Tolerances ReadTolerances(ConfigurationNode node)
    {
        var defaults = Tolerances.None;
        var tolerances = new Tolerances
        {
            UnsecuredFault = node.Boolean(nameof(Tolerances.UnsecuredFault)) ?? defaults.UnsecuredFault,
            UnsignedTimestamp = node.Boolean(nameof(Tolerances.UnsignedTimestamp)) ?? defaults.UnsignedTimestamp,
            HeaderOrder = node.Boolean(nameof(Tolerances.HeaderOrder)) ?? defaults.HeaderOrder,
            AcceptOwnSignature = node.Boolean(nameof(Tolerances.AcceptOwnSignature)) ?? defaults.AcceptOwnSignature,
            UnsignedPrefixBindings = node.Boolean(nameof(Tolerances.UnsignedPrefixBindings)) ?? defaults.UnsignedPrefixBindings,
            UnboundReply = node.Boolean(nameof(Tolerances.UnboundReply)) ?? defaults.UnboundReply,
            ClockSkew = node.Duration(nameof(Tolerances.ClockSkew)) ?? defaults.ClockSkew,
            TimestampLifetime = node.Duration(nameof(Tolerances.TimestampLifetime)) ?? defaults.TimestampLifetime,
        };
        if (tolerances.TimestampLifetime == TimeSpan.Zero)
        {
            throw node.Refuse(nameof(Tolerances.TimestampLifetime), "must be longer than nothing");
        }

        node.RefuseUnknownKeys();
        return tolerances;
    }
}
