using WsSecurity.Policy.SupportingTokens;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>Policies of every kind, also of those that contradict themselves.</summary>
internal static class RandomPolicy
{
    private static readonly AuthenticationMode[] Modes =
    [
        AuthenticationMode.MutualCertificateDuplex, AuthenticationMode.MutualCertificate, AuthenticationMode.CertificateSignature,
        AuthenticationMode.AnonymousForCertificate, AuthenticationMode.UserNameForCertificate, AuthenticationMode.UserNameOverTransport,
        AuthenticationMode.CertificateOverTransport, AuthenticationMode.AnonymousOverTransport,
        AuthenticationMode.IssuedToken, AuthenticationMode.IssuedTokenForCertificate, AuthenticationMode.IssuedTokenOverTransport,
    ];

    public static SecurityPolicy Create(Random random)
    {
        var mode = Pick(random, Modes);
        var overTransport = mode.ToString().EndsWith("OverTransport", StringComparison.Ordinal);
        return new SecurityPolicy
        {
            AuthenticationMode = mode,
            MessageSecurityVersion = Rarely(random) ? MessageSecurityVersion.Wss10 : MessageSecurityVersion.Wss11,
            DefaultAlgorithmSuite = AlgorithmSuite.All[random.Next(AlgorithmSuite.All.Count)],
            MessageProtectionOrder = overTransport ? default : Pick(random, Enum.GetValues<MessageProtectionOrder>()),
            ProtectionLevel = mode == AuthenticationMode.CertificateSignature ? ProtectionLevel.Sign
                : Rarely(random) ? Pick(random, Enum.GetValues<ProtectionLevel>()) : ProtectionLevel.EncryptAndSign,
            SecurityHeaderLayout = Pick(random, Enum.GetValues<SecurityHeaderLayout>()),
            IncludeTimestamp = !Rarely(random),
            RequireDerivedKeys = Pick<bool?>(random, [null, null, false, true]),
            RequireSignatureConfirmation = Rarely(random),
            ProtectTokens = Rarely(random),
            AllowSerializedSigningTokenOnReply = Rarely(random),
            KeyReference = Pick(random, [.. Enum.GetValues<KeyReference>().Except([KeyReference.KeyValue])]),
            InclusionMode = Pick(random, Enum.GetValues<SecurityTokenInclusionMode>()),
            InitiatorToken = Rarely(random) && Rarely(random) ? SecurityTokenType.Saml : SecurityTokenType.X509,
            SupportingTokens = [.. Enumerable.Range(0, Math.Max(0, random.Next(6) - 3)).Select(_ => CreateToken(random))],
            SignedParts = overTransport ? null : CreateParts(random),
            EncryptedParts = overTransport ? null : CreateParts(random, isEncrypted: true),
            RequiredParts = Rarely(random) ? ProtectedParts.FromMessageParts(new MessageParts { Headers = Names(random, "urn:required"), Paths = Paths(random) }) : null,
        };
    }

    private static SupportingToken CreateToken(Random random)
    {
        var kind = Pick(random, Enum.GetValues<SupportingTokenKind>());
        var token = new SupportingToken { Kind = kind, Type = SecurityTokenType.X509, Optional = Rarely(random) };
        return random.Next(4) switch
        {
            0 when Rarely(random) => token,
            0 => token with
            {
                KeyReference = Pick(random, [.. Enum.GetValues<KeyReference>().Except([KeyReference.KeyValue])]),
                InclusionMode = Pick(random, Enum.GetValues<SecurityTokenInclusionMode>()),
            },
            1 => token with { Type = SecurityTokenType.Username, PasswordType = kind.Endorses() ? PasswordType.None : Pick(random, Enum.GetValues<PasswordType>()), RequireDerivedKeys = kind.Endorses() && !Rarely(random) },
            2 when Rarely(random) => token with { Type = SecurityTokenType.Custom, Name = Pick(random, ["Jwt", "urn:jwt"]), IssuedTokenParameters = Rarely(random) ? null : new IssuedTokenParameters() },
            _ => token with
            {
                Type = SecurityTokenType.Saml,
                SamlVersion = Pick<SamlVersion?>(random, [null, SamlVersion.Saml11, SamlVersion.Saml20]),
                IssuedTokenParameters = Rarely(random) ? null : CreateIssued(random),
            },
        };
    }

    private static IssuedTokenParameters CreateIssued(Random random)
    {
        var keyType = Pick<IssuedTokenKeyType?>(random, [null, .. Enum.GetValues<IssuedTokenKeyType>().Cast<IssuedTokenKeyType?>()]);
        return new IssuedTokenParameters
        {
            KeyType = keyType,
            KeySize = Rarely(random) && keyType is IssuedTokenKeyType.PublicKey or IssuedTokenKeyType.SymmetricKey ? 256 : null,
            ClaimTypeRequirements = Rarely(random) ? [new ClaimTypeRequirement("urn:role"), new ClaimTypeRequirement("urn:age", Optional: true)] : [],
            IssuerAddress = Rarely(random) ? "https://sts.example/" : null,
            IssuerName = Rarely(random) ? "urn:issuer" : null,
            TrustNamespace = Rarely(random) ? "http://schemas.xmlsoap.org/ws/2005/02/trust" : null,
            AdditionalRequestParameters = Rarely(random) ? ["<t:Scope xmlns:t=\"urn:t\" at=\"t:a\"><t:Deep>t:b</t:Deep></t:Scope>"] : [],
        };
    }

    private static ProtectedParts? CreateParts(Random random, bool isEncrypted = false) => Rarely(random) ? null : ProtectedParts.FromMessageParts(new MessageParts
    {
        Body = random.Next(3) > 0,
        Headers = Names(random, "urn:header"),
        Elements = Rarely(random) ? Names(random, "urn:element") : [],
        AllHeaders = Rarely(random),
        Paths = Rarely(random) ? Paths(random) : [],
        ContentPaths = isEncrypted && Rarely(random) ? Paths(random) : [],
    });

    private static LocationPath[] Paths(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(3)).Select(i => LocationPath.Parse(
            Pick(random, ["//p:a", "/p:a/q:b[@c='1']", "//p:a[last()] | q:c", "//d"]) + $"[{i + 1}]",
            new Dictionary<string, string> { ["p"] = "urn:p", ["q"] = $"urn:q:{random.Next(3)}" })),
    ];

    private static QualifiedName[] Names(Random random, string uri) =>
        [.. Enumerable.Range(0, random.Next(3)).Select(i => new QualifiedName($"{uri}:{i}", random.Next(3) == 0 ? null : $"Name{random.Next(9)}"))];

    private static bool Rarely(Random random) => random.Next(4) == 0;

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
