using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace WsSecurity.Tests.Policy.Configuration;

public sealed class PolicyReaderTests
{
    private static readonly string[] SupportedModes =
    [
        "MutualCertificateDuplex", "MutualCertificate", "CertificateSignature", "AnonymousForCertificate", "UserNameForCertificate",
        "UserNameOverTransport", "CertificateOverTransport", "AnonymousOverTransport", "IssuedToken", "IssuedTokenForCertificate", "IssuedTokenOverTransport",
    ];

    private static readonly string[] RefusedModes =
    [
        "AnonymousForSslNegotiated", "UserNameForSslNegotiated", "MutualSslNegotiated", "IssuedTokenForSslNegotiated", "SspiNegotiated",
        "SspiNegotiatedOverTransport", "SecureConversation",
    ];

    [TestCaseSource(nameof(SupportedModes))]
    public void Load_ModeAlone_EqualsThePreset(string mode)
    {
        var preset = (SecurityPolicy)typeof(SecurityPolicy).GetProperty(mode)!.GetValue(null)!;

        Assert.That(BindingFile.Load($$"""{ "AuthenticationMode": "{{mode}}" }""").Policy, Is.EqualTo(preset));
    }

    [TestCaseSource(nameof(RefusedModes))]
    public void Load_ModeThatIsNotSupported_IsRefusedWithWhatToSetInstead(string mode)
    {
        var refusal = Refusal(() => BindingFile.Load($$"""{ "AuthenticationMode": "{{mode}}" }"""));

        Assert.That(refusal.Key, Is.EqualTo("WsSecurity:Bindings:Orders:AuthenticationMode"));
        Assert.That(refusal.Message, Does.Contain($"'{mode}' is not supported").And.Contain(" set "));
    }

    [TestCase("""{ "ProtectionLevel": "Sign" }""", "is required; accepted: MutualCertificateDuplex, ")]
    [TestCase("""{ "AuthenticationMode": "0" }""", "'0' is not accepted; accepted: MutualCertificateDuplex, ")]
    [TestCase("""{ "AuthenticationMode": "Password" }""", "'Password' is not accepted; accepted: MutualCertificateDuplex, ")]
    public void Load_ModeMissingOrUnknown_NamesTheAcceptedModes(string binding, string message)
    {
        Assert.That(Refusal(() => BindingFile.Load(binding)).Message, Does.Contain(message).And.Not.Contain("Negotiated"));
    }

    [Test]
    public void Load_EveryKey_SetsItsProperty()
    {
        var policy = BindingFile.LoadPolicy(
            """
            "MessageSecurityVersion": "Wss10",
            "DefaultAlgorithmSuite": "Basic256GCMSha256",
            "SignatureAlgorithms": [ "RsaSha1" ],
            "MessageProtectionOrder": "EncryptBeforeSign",
            "ProtectionLevel": "Sign",
            "SecurityHeaderLayout": "Strict",
            "IncludeTimestamp": false,
            "RequireDerivedKeys": false,
            "RequireSignatureConfirmation": true,
            "ProtectTokens": true,
            "AllowInsecureTransport": true,
            "EnableUnsecuredResponse": true,
            "AllowSerializedSigningTokenOnReply": true,
            "KeyReference": "IssuerSerial",
            "SecureConversationVersion": "WSSecureConversation13",
            "KeyDerivation": "Hkdf",
            "InclusionMode": "Never",
            "SupportingTokens": [ { "Kind": "SignedEncrypted", "Type": "Username", "Optional": true, "PasswordType": "Digest" }, { "Kind": "SignedEndorsing", "Type": "X509", "KeyReference": "IssuerSerial", "InclusionMode": "Never", "Actions": [ "urn:add" ] }, { "Kind": "Signed", "Type": "Saml", "SamlVersion": "Saml20", "IssuedTokenParameters": { "KeyType": "PublicKey", "KeySize": 2048, "ClaimTypeRequirements": [ { "Type": "urn:role" }, { "Type": "urn:age", "Optional": true } ], "IssuerAddress": "https://sts.example/", "IssuerDetails": [ "<d/>" ], "IssuerName": "urn:issuer", "TrustNamespace": "http://schemas.xmlsoap.org/ws/2005/02/trust", "AdditionalRequestParameters": [ "<p/>" ] } }, { "Kind": "Endorsing", "Type": "Jwt" } ],
            "InitiatorToken": "Saml",
            "Actor": "urn:gateway",
            "DetectReplays": false
            """);

        Assert.That(policy, Is.EqualTo(SecurityPolicy.MutualCertificateDuplex with
        {
            MessageSecurityVersion = MessageSecurityVersion.Wss10,
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256GCMSha256,
            SignatureAlgorithms = [SignatureAlgorithmName.RsaSha1],
            MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign,
            ProtectionLevel = ProtectionLevel.Sign,
            SecurityHeaderLayout = SecurityHeaderLayout.Strict,
            IncludeTimestamp = false,
            RequireDerivedKeys = false,
            RequireSignatureConfirmation = true,
            ProtectTokens = true,
            AllowInsecureTransport = true,
            EnableUnsecuredResponse = true,
            AllowSerializedSigningTokenOnReply = true,
            KeyReference = KeyReference.IssuerSerial,
            SecureConversationVersion = SecureConversationVersion.WSSecureConversation13,
            KeyDerivation = KeyDerivation.Hkdf,
            InclusionMode = SecurityTokenInclusionMode.Never,
            SupportingTokens =
            [
                new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Username, Optional = true, PasswordType = PasswordType.Digest },
                new SupportingToken { Kind = SupportingTokenKind.SignedEndorsing, Type = SecurityTokenType.X509, KeyReference = KeyReference.IssuerSerial, InclusionMode = SecurityTokenInclusionMode.Never, Actions = ["urn:add"] },
                new SupportingToken
                {
                    Kind = SupportingTokenKind.Signed,
                    Type = SecurityTokenType.Saml,
                    SamlVersion = SamlVersion.Saml20,
                    IssuedTokenParameters = new IssuedTokenParameters
                    {
                        KeyType = IssuedTokenKeyType.PublicKey,
                        KeySize = 2048,
                        ClaimTypeRequirements = [new ClaimTypeRequirement("urn:role"), new ClaimTypeRequirement("urn:age", Optional: true)],
                        IssuerAddress = "https://sts.example/",
                        IssuerDetails = ["<d/>"],
                        IssuerName = "urn:issuer",
                        TrustNamespace = "http://schemas.xmlsoap.org/ws/2005/02/trust",
                        AdditionalRequestParameters = ["<p/>"],
                    },
                },
                new SupportingToken { Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.Custom, Name = "Jwt" },
            ],
            InitiatorToken = SecurityTokenType.Saml,
            Actor = "urn:gateway",
            DetectReplays = false,
        }));
    }

    [Test]
    public void Load_UnknownKey_NamesEveryPropertyOfThePolicy()
    {
        // One claim, two facts: a property that the reader forgot would be missing from the list of known keys.
        var refusal = Refusal(() => BindingFile.LoadPolicy("\"Unknown\": 1"));

        Assert.That(refusal.Key, Is.EqualTo("WsSecurity:Bindings:Orders:Unknown"));
        Assert.Multiple(() =>
        {
            foreach (var property in typeof(SecurityPolicy).GetProperties().Where(property => property.SetMethod is { IsStatic: false }))
            {
                Assert.That(refusal.Message, Does.Contain(property.Name));
            }
        });
    }

    [TestCase(typeof(ProcessingLimits), "Limits")]
    [TestCase(typeof(Tolerances), "Tolerances")]
    public void Load_UnknownKeyInNestedObject_NamesEveryPropertyOfTheRecord(Type type, string key)
    {
        var refusal = Refusal(() => BindingFile.LoadPolicy($$"""
            "{{key}}": { "Unknown": 1 }
            """));

        Assert.That(refusal.Key, Is.EqualTo($"WsSecurity:Bindings:Orders:{key}:Unknown"));
        Assert.Multiple(() =>
        {
            foreach (var property in type.GetProperties().Where(property => property.SetMethod is { IsStatic: false }))
            {
                Assert.That(refusal.Message, Does.Contain(property.Name));
            }
        });
    }

    [Test]
    public void Load_EveryLimit_SetsItsProperty()
    {
        var number = 10;
        var properties = typeof(ProcessingLimits).GetProperties().Where(property => property.SetMethod is { IsStatic: false }).ToDictionary(property => property, _ => number++);
        var json = string.Join(", ", properties.Select(entry => $"\"{entry.Key.Name}\": {entry.Value}"));

        var limits = BindingFile.LoadPolicy($$"""
            "Limits": { {{json}} }
            """).Limits;

        Assert.That(properties.Keys.Select(property => property.GetValue(limits)), Is.EqualTo(properties.Values));
    }

    [Test]
    public void Load_EveryTolerance_SetsItsProperty()
    {
        var tolerances = BindingFile.LoadPolicy(
            """
            "Tolerances": {
              "UnsecuredFault": true, "UnsignedTimestamp": true, "HeaderOrder": true, "AcceptOwnSignature": true, "UnsignedPrefixBindings": true, "UnboundReply": true,
              "ClockSkew": "00:01:00", "TimestampLifetime": "01:00:00" }
            """).Tolerances;

        Assert.That(tolerances, Is.EqualTo(new Tolerances
        {
            UnsecuredFault = true,
            UnsignedTimestamp = true,
            HeaderOrder = true,
            AcceptOwnSignature = true,
            UnsignedPrefixBindings = true,
            UnboundReply = true,
            ClockSkew = TimeSpan.FromMinutes(1),
            TimestampLifetime = TimeSpan.FromHours(1),
        }));
    }

    [TestCase("Wss11", MessageSecurityVersion.Wss11)]
    [TestCase("Wss10", MessageSecurityVersion.Wss10)]
    [TestCase("WSSecurity11WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11", MessageSecurityVersion.Wss11)]
    [TestCase("WSSecurity11WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10", MessageSecurityVersion.Wss11)]
    [TestCase("WSSecurity10WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10", MessageSecurityVersion.Wss10)]
    [TestCase("WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12", MessageSecurityVersion.Wss11)]
    [TestCase("WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10", MessageSecurityVersion.Wss11)]
    [TestCase("WSSecurity10WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10", MessageSecurityVersion.Wss10)]
    public void Load_VersionByOurNameOrWcfs_IsRead(string name, MessageSecurityVersion version)
    {
        Assert.That(BindingFile.LoadPolicy($"\"MessageSecurityVersion\": \"{name}\"").MessageSecurityVersion, Is.EqualTo(version));
        Assert.That(
            BindingFile.LoadPolicy($"\"MessageSecurityVersion\": \"{name}\"").SecureConversationVersion,
            Is.EqualTo(
                name.Contains("SecureConversation13", StringComparison.Ordinal) ? SecureConversationVersion.WSSecureConversation13
                : name.Contains("SecureConversation", StringComparison.Ordinal) ? SecureConversationVersion.WSSecureConversationFeb2005
                : (SecureConversationVersion?)null));
        Assert.That(
            BindingFile.LoadPolicy($"\"MessageSecurityVersion\": \"{name}\"").EmitBspRequiredAttributes,
            Is.EqualTo(name.StartsWith("Wss1", StringComparison.Ordinal) || name.EndsWith("BasicSecurityProfile10", StringComparison.Ordinal)));
    }

    [Test]
    public void Load_AttributesOfTheBasicSecurityProfile_AreSaidBesideTheVersion() => Assert.That(
        BindingFile.LoadPolicy("\"MessageSecurityVersion\": \"WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12\", \"EmitBspRequiredAttributes\": true").EmitBspRequiredAttributes,
        Is.True);

    [TestCase("\"MessageSecurityVersion\": \"Wss12\"", "MessageSecurityVersion", "'Wss12' is not accepted; accepted: Wss11, Wss10")]
    [TestCase("\"DefaultAlgorithmSuite\": \"Basic1024\"", "DefaultAlgorithmSuite", "'Basic1024' is not accepted; accepted: Basic256GCMSha256")]
    [TestCase("\"SignatureAlgorithms\": [ \"Md5\" ]", "SignatureAlgorithms", "'Md5' is not accepted; accepted: RsaSha256, ")]
    [TestCase("\"SignatureAlgorithms\": \"RsaSha1\"", "SignatureAlgorithms", "expects a list")]
    [TestCase("\"SignatureAlgorithms\": { \"RsaSha1\": true }", "SignatureAlgorithms", "expects a list, not an object")]
    [TestCase("\"MessageProtectionOrder\": \"1\"", "MessageProtectionOrder", "'1' is not accepted; accepted: SignBeforeEncryptAndEncryptSignature, ")]
    [TestCase("\"ProtectionLevel\": \"Encrypt\"", "ProtectionLevel", "'Encrypt' is not accepted; accepted: None, Sign, EncryptAndSign")]
    [TestCase("\"ProtectionLevel\": { \"Body\": \"Sign\" }", "ProtectionLevel", "expects a text")]
    [TestCase("\"IncludeTimestamp\": \"yes\"", "IncludeTimestamp", "'yes' is not accepted; accepted: true, false")]
    [TestCase("\"IncludeTimestamp\": 1", "IncludeTimestamp", "'1' is not accepted; accepted: true, false")]
    [TestCase("\"KeyReference\": \"Bare\"", "KeyReference", "'Bare' is not accepted; accepted: Default, BinarySecurityToken, ")]
    [TestCase("\"InclusionMode\": \"Always\"", "InclusionMode", "'Always' is not accepted; accepted: Default, AlwaysToRecipient, ")]
    [TestCase("\"Limits\": 5", "Limits", "expects an object")]
    [TestCase("\"Limits\": { \"MaxDepth\": 0 }", "Limits:MaxDepth", "'0' is not accepted: expects a whole number from 1 to 2147483647")]
    [TestCase("\"Limits\": { \"MaxNamespaces\": 65536 }", "Limits:MaxNamespaces", "'65536' is not accepted: expects a whole number from 1 to 65535")]
    [TestCase("\"Tolerances\": { \"ClockSkew\": 300 }", "Tolerances:ClockSkew", "as 00:05:00")]
    [TestCase("\"Tolerances\": { \"ClockSkew\": \"-00:05:00\" }", "Tolerances:ClockSkew", "as 00:05:00")]
    [TestCase("\"Tolerances\": { \"TimestampLifetime\": \"00:00:00\" }", "Tolerances:TimestampLifetime", "must be longer than nothing")]
    [TestCase("\"SupportingTokens\": [ { \"Type\": \"X509\" } ]", "SupportingTokens:0:Kind", "is required")]
    [TestCase("\"SupportingTokens\": [ { \"Kind\": \"Signed\" } ]", "SupportingTokens:0:Type", "is required")]
    [TestCase("\"SupportingTokens\": [ { \"Kind\": \"Signed\", \"Type\": \"Custom\" } ]", "SupportingTokens:0:Type", "the name of its handler")]
    [TestCase("\"SupportingTokens\": [ { \"Kind\": \"Signed\", \"Type\": \"X509\", \"PasswordType\": \"Text\" } ]", "SupportingTokens:0:PasswordType", "Username alone")]
    [TestCase("\"SupportingTokens\": [ { \"Kind\": \"Signed\", \"Type\": \"X509\", \"optinal\": true } ]", "SupportingTokens:0:optinal", "is not a key that is known here")]
    public void Load_WrongValue_IsRefusedWithItsPathAndWhatIsAccepted(string keys, string key, string message)
    {
        var refusal = Refusal(() => BindingFile.LoadPolicy(keys));

        Assert.That(refusal.Key, Is.EqualTo($"WsSecurity:Bindings:Orders:{key}"));
        Assert.That(refusal.Message, Does.StartWith(refusal.Key + ": ").And.Contain(message));
    }

    [Test]
    public void Load_NullAndEmptyValues_AreTheDefaults()
    {
        Assert.That(
            BindingFile.LoadPolicy("\"IncludeTimestamp\": null, \"SignatureAlgorithms\": [], \"Limits\": {}, \"SupportingTokens\": null"),
            Is.EqualTo(SecurityPolicy.MutualCertificateDuplex));
    }

    [Test]
    public void Load_KeysInAnotherCase_AreRead()
    {
        var policy = BindingFile.Load("""{ "authenticationMode": "mutualcertificateduplex", "protectionlevel": "sign" }""").Policy;

        Assert.That(policy, Is.EqualTo(SecurityPolicy.MutualCertificateDuplex with { ProtectionLevel = ProtectionLevel.Sign }));
    }

    [Test]
    public void Load_BindingThatIsNotThere_NamesThoseThatAre()
    {
        var configuration = BindingFile.Parse("""{ "WsSecurity": { "Bindings": { "Orders": { "Actor": "a" }, "Invoices": { "Actor": "a" } } } }""");

        Assert.That(
            () => BindingConfiguration.Load(configuration, "Order"),
            Throws.TypeOf<BindingConfigurationException>().With.Message.EqualTo("WsSecurity:Bindings:Order: there is no such binding; there are: Invoices, Orders"));
        Assert.That(
            () => BindingConfiguration.Load(new ConfigurationBuilder().Build(), "Order"),
            Throws.TypeOf<BindingConfigurationException>().With.Message.EqualTo("WsSecurity:Bindings:Order: there is no such binding; there is none at all"));
    }

    private static BindingConfigurationException Refusal(Action load) =>
        Assert.Catch<BindingConfigurationException>(() => load())!;
}
