using System.Security.Claims;

namespace WsSecurity.Interop.Wss4j;

/// <summary>
/// One of the peer's profiles in our words: the policy, what the transport is taken for, and the credentials of both sides from a
/// folder of keys.
/// </summary>
internal sealed record Binding(SecurityPolicy Policy, MessageContext Context, SecurityCredentials Client, SecurityCredentials Service)
{
    private static readonly MessageParts Body = new() { Body = true };
    private static readonly MessageParts BodyAndAddressing =
        Body with { Headers = [new QualifiedName(Messages.Addressing.NamespaceName)] };

    private static readonly MessageParts BodyAndAccount =
        Body with { Headers = [new QualifiedName(Messages.Service.NamespaceName, "Account")] };

    private static readonly MessageParts SignedElements = new()
    {
        Headers = [new QualifiedName(Messages.Service.NamespaceName, "Account")],
        Paths = [Path("/*/*/*/e:Amount")],
    };

    private static readonly MessageParts EncryptedElements = new() { Paths = [Path("//e:Text[@kind='a']")], ContentPaths = [Path("//e:Amount")] };

    public static Binding Of(string profile, string keys)
    {
        var words = Profiles.All[profile];
        var suffix = Choice("signature", "rsa-sha256").StartsWith("ecdsa", StringComparison.Ordinal) ? "-ec" : "";
        var client = TestKeys.Read(keys, $"client{suffix}");
        var service = TestKeys.Read(keys, $"service{suffix}");
        var trust = new TrustDomain { Name = "interop", Anchors = [TestKeys.Read(keys, "ca")] };
        var (user, password) = TestKeys.ReadUser(keys);

        // Without a signature or ciphertext it is the transport that protects, as a proxy with TLS in front of us would.
        var overTransport = !Has("sign") && !Has("encrypt");
        var policy = Mode() with
        {
            DefaultAlgorithmSuite = Suite(),
            SignatureAlgorithms = Choice("signature", "") == "rsa-sha384" ? [SignatureAlgorithmName.RsaSha384] : [],
            MessageProtectionOrder = Order(),
            SignedParts = overTransport ? null : Parts("sign", "sign-addressing", BodyAndAddressing, SignedElements),
            EncryptedParts = overTransport ? null : Parts("encrypt", "encrypt-account", BodyAndAccount, EncryptedElements),
            IncludeTimestamp = Has("timestamp"),
            DetectReplays = Has("timestamp"),
            KeyReference = Reference(),
            AllowSerializedSigningTokenOnReply = true,
            ProtectTokens = Has("sign-token"),
            RequireSignatureConfirmation = Has("confirm"),
            RequireDerivedKeys = Has("derive"),
            Tolerances = new Tolerances { UnboundReply = !(Has("confirm") || Has("symmetric") || Has("sign-addressing")) },
        };
        return new Binding(
            policy,
            new MessageContext { IsTransportProtected = overTransport },
            new SecurityCredentials
            {
                Certificate = client,
                PeerCertificates = [TestKeys.ReadPublic(keys, $"service{suffix}")],
                UserName = user,
                Password = password,
            },
            new SecurityCredentials
            {
                Certificate = service,
                PeerCertificates = [TestKeys.ReadPublic(keys, $"client{suffix}")],
                TrustDomains = [trust],
                UsernameTokenValidator = new OneUser(user, password),
            });

        bool Has(string word) => words.Contains(word);

        string Choice(string kind, string otherwise) =>
            words.FirstOrDefault(word => word.StartsWith($"{kind}:", StringComparison.Ordinal))?[(kind.Length + 1)..] ?? otherwise;

        ProtectedParts Parts(string step, string option, MessageParts more, MessageParts elements) =>
            ProtectedParts.FromMessageParts(Has(option) ? more : !Has(step) ? MessageParts.None : Has("elements") ? elements : Body);

        SecurityPolicy Mode()
        {
            if (Has("password-key"))
            {
                return SecurityPolicy.UserNameDerivedKey;
            }

            if (Has("password-endorse"))
            {
                return SecurityPolicy.AnonymousForCertificate with
                {
                    SupportingTokens =
                    [
                        new SupportingToken
                        {
                            Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.Username, PasswordType = PasswordType.None, RequireDerivedKeys = Has("derive"),
                        },
                    ],
                };
            }

            if (Has("symmetric"))
            {
                return Has("username") ? SecurityPolicy.UserNameForCertificate
                    : Has("endorse") ? SecurityPolicy.MutualCertificate
                    : SecurityPolicy.AnonymousForCertificate;
            }

            var passwordType = Choice("password", "digest") == "text" ? PasswordType.Text : PasswordType.Digest;
            if (!Has("username"))
            {
                return SecurityPolicy.MutualCertificateDuplex;
            }

            return Has("sign")
                ? SecurityPolicy.MutualCertificateDuplex with
                {
                    SupportingTokens =
                    [
                        new SupportingToken
                        {
                            Kind = Has("encrypt-username") ? SupportingTokenKind.SignedEncrypted : SupportingTokenKind.Signed,
                            Type = SecurityTokenType.Username,
                            PasswordType = passwordType,
                        },
                    ],
                }
                : SecurityPolicy.UserNameOverTransport with
                {
                    SupportingTokens =
                    [
                        new SupportingToken { Kind = SupportingTokenKind.Supporting, Type = SecurityTokenType.Username, PasswordType = passwordType },
                    ],
                };
        }

        AlgorithmSuite Suite()
        {
            var cipher = Choice("cipher", "aes256-gcm") switch
            {
                "aes128-gcm" => "Basic128GCM",
                "aes192-gcm" => "Basic192GCM",
                "aes128-cbc" => "Basic128",
                "aes192-cbc" => "Basic192",
                "aes256-cbc" => "Basic256",
                "3des" => "TripleDes",
                _ => "Basic256GCM",
            };
            var digest = Choice("digest", "sha256") switch { "sha1" => "", "sha512" => "Sha512", _ => "Sha256" };
            var transport = Choice("transport", "oaep") == "rsa15" ? "Rsa15" : "";
            return AlgorithmSuite.All.Single(suite => suite.Name == cipher + digest + transport);
        }

        MessageProtectionOrder Order() =>
            Array.IndexOf(words, "encrypt") < Array.IndexOf(words, "sign") ? MessageProtectionOrder.EncryptBeforeSign
            : Has("encrypt-signature") ? MessageProtectionOrder.SignBeforeEncryptAndEncryptSignature
            : MessageProtectionOrder.SignBeforeEncrypt;

        KeyReference Reference()
        {
            var signer = Has("sign") && !Has("symmetric") ? Choice("reference", "direct") : null;
            var recipient = Has("encrypt") ? Choice("recipient", "issuer-serial") : null;
            return signer is not null && recipient is not null && signer != recipient
                ? KeyReference.Default
                : (signer ?? recipient) switch
                {
                    "direct" => KeyReference.BinarySecurityToken,
                    "issuer-serial" => KeyReference.IssuerSerial,
                    "ski" => KeyReference.SubjectKeyIdentifier,
                    "thumbprint" => KeyReference.Thumbprint,
                    _ => KeyReference.Default,
                };
        }
    }

    private static LocationPath Path(string expression) =>
        LocationPath.Parse(expression, new Dictionary<string, string> { ["e"] = Messages.Service.NamespaceName });

    private sealed class OneUser(string name, string password) : IUsernameTokenKeySource
    {
        public ValueTask<byte[]?> DeriveKeyAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult(token.UserName == name ? token.DeriveKey(password) : null);

        public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<Claim>?>(token.UserName == name && token.Matches(password) ? [] : null);
    }
}
