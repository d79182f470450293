using WsSecurity.Policy.Configuration;

namespace WsSecurity.Policy.AppConfig;

/// <summary>Reads the <c>&lt;security&gt;</c> element of a <c>&lt;customBinding&gt;</c>: every attribute that .NET Framework's schema has.</summary>
internal sealed class SecurityElementReader
{
    private const string OnlySessions = "it concerns secure conversations and negotiation alone";

    // .NET Framework's default is the first of these.
    private static readonly IReadOnlyList<string> Modes =
    [
        "SspiNegotiated",
        "AnonymousForCertificate", "AnonymousForSslNegotiated", "CertificateOverTransport", "IssuedToken", "IssuedTokenForCertificate",
        "IssuedTokenForSslNegotiated", "IssuedTokenOverTransport", "Kerberos", "KerberosOverTransport", "MutualCertificate", "MutualCertificateDuplex",
        "MutualSslNegotiated", "SecureConversation", "UserNameForCertificate", "UserNameForSslNegotiated", "UserNameOverTransport",
        "SspiNegotiatedOverTransport",
    ];

    private readonly AppConfigElement _security;
    private readonly AppConfigParty _party;

    private SecurityElementReader(AppConfigElement security, AppConfigParty party)
    {
        _security = security;
        _party = party;
    }

    /// <returns>The policy; null where it is refused.</returns>
    public static SecurityPolicy? Read(AppConfigElement security, AppConfigParty party) => new SecurityElementReader(security, party).Read();

    private SecurityPolicy? Read()
    {
        var policy = ReadMode() is { } mode ? ReadSettings(mode) : null;
        if (policy is null)
        {
            // The other attributes are read for the errors in them.
            ReadSettings(AuthenticationMode.MutualCertificateDuplex);
        }

        _security.RefuseUnknown();
        return policy;
    }

    private AuthenticationMode? ReadMode()
    {
        const string Key = "authenticationMode";
        if (_security.Has(Key) && _security.Name(Key, Modes) is null)
        {
            return null;
        }

        var name = _security.Name(Key, Modes) ?? Modes[0];
        if (!AuthenticationModes.TryFindSubstitute(name, out var substitute))
        {
            return Enum.Parse<AuthenticationMode>(name);
        }

        var isDefault = _security.Has(Key) ? string.Empty : ", .NET Framework's default,";
        _security.Refuse(Key, $"'{name}'{isDefault} is not supported; {Negotiation.Instead(name, Bootstrap()) ?? substitute}");
        return null;
    }

    private string? Bootstrap() => _security.Child("secureConversationBootstrap")?.Name("authenticationMode", Modes);

    private SecurityPolicy? ReadSettings(AuthenticationMode mode)
    {
        var (version, conversation, emitsBspRequiredAttributes) = ReadVersion();
        var policy = WcfDefaults.For(mode, version) with { SecureConversationVersion = conversation, EmitBspRequiredAttributes = emitsBspRequiredAttributes };
        var overTransport = WcfDefaults.IsOverTransport(mode);
        var asymmetric = WcfDefaults.IsAsymmetric(mode, version);
        policy = policy with
        {
            DefaultAlgorithmSuite = _security.Name("defaultAlgorithmSuite", WcfDefaults.AlgorithmSuites) is { } suite ? WcfDefaults.Suite(suite) : policy.DefaultAlgorithmSuite,
            SecurityHeaderLayout = _security.Name<SecurityHeaderLayout>("securityHeaderLayout") ?? policy.SecurityHeaderLayout,
            IncludeTimestamp = _security.Boolean("includeTimestamp") ?? policy.IncludeTimestamp,
            EnableUnsecuredResponse = _security.Boolean("enableUnsecuredResponse") ?? policy.EnableUnsecuredResponse,
        };
        policy = overTransport ? ReadTransport(policy) : ReadProtection(policy, asymmetric);
        ReadSessions();
        policy = LocalSettingsReader.Read(_security, policy, _party);
        return ReadIssuedToken(policy);
    }

    private SecurityPolicy? ReadIssuedToken(SecurityPolicy policy)
    {
        const string Key = "issuedTokenParameters";
        var parameters = _security.Child(Key);
        if (parameters is not null)
        {
            IssuedTokenReader.ReadParameters(parameters);
        }

        if (WcfDefaults.IsIssued(policy.AuthenticationMode))
        {
            return IssuedTokenReader.Read(parameters, policy, "keyType", (name, reason) => _security.RefuseBelow($"{Key}/@{name}", reason));
        }

        if (parameters is { Element: { HasAttributes: true } or { HasElements: true } })
        {
            parameters.Note($"has no effect: the mode {policy.AuthenticationMode} has no issued token");
        }

        return policy;
    }

    private NamedSecurityVersion ReadVersion()
    {
        const string Key = "messageSecurityVersion";
        if (_security.Text(Key) is not { } name || name == "Default")
        {
            return WcfDefaults.Version;
        }

        // Of the names that a binding's configuration takes these are WCF's.
        var accepted = MessageSecurityVersions.Names.Where(known => known.StartsWith("WSSecurity", StringComparison.Ordinal)).ToList();
        if (!accepted.Contains(name) || !MessageSecurityVersions.TryParse(name, out var versions))
        {
            _security.Refuse(Key, $"'{name}' is not accepted; accepted: Default, {string.Join(", ", accepted)}");
            return WcfDefaults.Version;
        }

        return versions;
    }

    private SecurityPolicy ReadTransport(SecurityPolicy policy)
    {
        _security.NoteWithoutEffect(
            "the transport protects the message",
            "messageProtectionOrder", "requireSignatureConfirmation", "protectTokens", "requireDerivedKeys", "allowSerializedSigningTokenOnReply");
        return policy with { AllowInsecureTransport = _security.Boolean("allowInsecureTransport") ?? false };
    }

    private SecurityPolicy ReadProtection(SecurityPolicy policy, bool asymmetric)
    {
        _security.NoteWithoutEffect("the message is protected whatever the transport is", "allowInsecureTransport");
        policy = policy with
        {
            MessageProtectionOrder = _security.Name<MessageProtectionOrder>("messageProtectionOrder") ?? policy.MessageProtectionOrder,
            RequireSignatureConfirmation = _security.Boolean("requireSignatureConfirmation") ?? policy.RequireSignatureConfirmation,
            ProtectTokens = _security.Boolean("protectTokens") ?? policy.ProtectTokens,
        };
        var derives = _security.Boolean("requireDerivedKeys");
        if (!asymmetric)
        {
            _security.NoteWithoutEffect("the service's certificate is never sent", "allowSerializedSigningTokenOnReply");
            return policy with { RequireDerivedKeys = derives == false ? false : null };
        }

        if (derives == true)
        {
            _security.Note("requireDerivedKeys", "has no effect: a certificate derives no keys");
        }

        return policy with { AllowSerializedSigningTokenOnReply = (_security.Boolean("allowSerializedSigningTokenOnReply") ?? false) || policy.AllowSerializedSigningTokenOnReply };
    }

    private void ReadSessions()
    {
        _ = _security.Boolean("requireSecurityContextCancellation");
        _ = _security.Boolean("canRenewSecurityContextToken");
        _ = _security.Name("keyEntropyMode", ["ClientEntropy", "ServerEntropy", "CombinedEntropy"]);
        _security.NoteWithoutEffect(OnlySessions, "requireSecurityContextCancellation", "canRenewSecurityContextToken");
        _security.NoteWithoutEffect("no token is asked for at an issuer", "keyEntropyMode");
        if (_security.Child("secureConversationBootstrap") is { Element.HasAttributes: true } bootstrap)
        {
            bootstrap.Note($"has no effect: {OnlySessions}");
        }
    }
}
