using NUnit.Framework;
using static WsSecurity.Tests.Policy.AppConfig.AppConfigText;

namespace WsSecurity.Tests.Policy.AppConfig;

/// <summary>The <c>security</c> element of a <c>customBinding</c>.</summary>
internal sealed class SecurityElementReaderTests
{
    private const string Wss10 = "messageSecurityVersion=\"WSSecurity10WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10\"";

    // What .NET Framework makes of each mode, where nothing else is said.
    private static readonly TestCaseData[] Defaults =
    [
        new("AnonymousForCertificate", SecurityPolicy.AnonymousForCertificate with { RequireSignatureConfirmation = true }),
        new("UserNameForCertificate", SecurityPolicy.UserNameForCertificate),
        new("MutualCertificate", SecurityPolicy.MutualCertificate with { RequireSignatureConfirmation = true }),
        new("MutualCertificateDuplex", SecurityPolicy.MutualCertificateDuplex with { AllowSerializedSigningTokenOnReply = true }),
        new("UserNameOverTransport", SecurityPolicy.UserNameOverTransport with { DetectReplays = false }),
        new("CertificateOverTransport", SecurityPolicy.CertificateOverTransport with { DetectReplays = false }),
    ];

    [TestCaseSource(nameof(Defaults))]
    public void FromAppConfig_ModeAlone_HasTheDefaultsOfNetFramework(string mode, SecurityPolicy expected) =>
        Assert.That(ReadPolicy(Custom($"<security authenticationMode=\"{mode}\"/>")), Is.EqualTo(expected with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic256,
            SecurityHeaderLayout = SecurityHeaderLayout.Strict,
            EmitBspRequiredAttributes = false,
        }));

    // MessageSecurityVersion.Default of .NET Framework is one without the profile.
    [TestCase("", false)]
    [TestCase("messageSecurityVersion=\"Default\"", false)]
    [TestCase("messageSecurityVersion=\"WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12\"", false)]
    [TestCase("messageSecurityVersion=\"WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10\"", true)]
    public void FromAppConfig_VersionThatNamesTheBasicSecurityProfile_WritesItsAttributes(string version, bool expected) =>
        Assert.That(ReadPolicy(Custom($"<security authenticationMode=\"MutualCertificate\" {version}/>")).EmitBspRequiredAttributes, Is.EqualTo(expected));

    [Test]
    public void FromAppConfig_MutualCertificateOfVersion10_ConfirmsNoSignature()
    {
        var policy = ReadPolicy(Custom($"<security authenticationMode=\"MutualCertificate\" {Wss10}/>"));
        Assert.That((policy.MessageSecurityVersion, policy.RequireSignatureConfirmation), Is.EqualTo((MessageSecurityVersion.Wss10, false)));
    }

    [Test]
    public void FromAppConfig_EveryAttribute_SetsItsProperty() =>
        Assert.That(
            ReadPolicy(Custom($"""
                <security authenticationMode="MutualCertificate" {Wss10} defaultAlgorithmSuite="TripleDesSha256Rsa15" securityHeaderLayout="LaxTimestampLast"
                    includeTimestamp="False" enableUnsecuredResponse="True" messageProtectionOrder="EncryptBeforeSign" requireDerivedKeys="false" protectTokens="true"
                    allowSerializedSigningTokenOnReply="true">
                  <localClientSettings maxClockSkew="00:01:00" timestampValidityDuration="00:02:00" />
                  <localServiceSettings detectReplays="false" />
                </security>
                """)),
            Is.EqualTo(SecurityPolicy.MutualCertificate with
            {
                MessageSecurityVersion = MessageSecurityVersion.Wss10,
                SecureConversationVersion = SecureConversationVersion.WSSecureConversationFeb2005,
                DefaultAlgorithmSuite = AlgorithmSuite.TripleDesSha256Rsa15,
                SecurityHeaderLayout = SecurityHeaderLayout.LaxTimestampLast,
                IncludeTimestamp = false,
                EnableUnsecuredResponse = true,
                MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign,
                ProtectTokens = true,
                AllowSerializedSigningTokenOnReply = true,
                DetectReplays = false,
                Tolerances = new Tolerances { ClockSkew = TimeSpan.FromMinutes(1), TimestampLifetime = TimeSpan.FromMinutes(2) },
            }));

    [Test]
    public void FromAppConfig_SymmetricMode_TakesItsAttributes()
    {
        var policy = ReadPolicy(Custom("<security authenticationMode=\"UserNameForCertificate\" requireSignatureConfirmation=\"true\" requireDerivedKeys=\"false\"/>"));
        Assert.That((policy.RequireSignatureConfirmation, policy.RequireDerivedKeys), Is.EqualTo((true, (bool?)false)));
    }

    [Test]
    public void FromAppConfig_InsecureTransport_IsAllowed() =>
        Assert.That(ReadPolicy(Custom("<security authenticationMode=\"UserNameOverTransport\" allowInsecureTransport=\"true\"/>")).AllowInsecureTransport, Is.True);

    [TestCase("Default", "Basic256")]
    [TestCase("Basic128Sha256Rsa15", "Basic128Sha256Rsa15")]
    [TestCase("TripleDesRsa15", "TripleDesRsa15")]
    public void FromAppConfig_AlgorithmSuite_IsRead(string name, string expected) =>
        Assert.That(ReadPolicy(Custom($"<security authenticationMode=\"MutualCertificate\" defaultAlgorithmSuite=\"{name}\"/>")).DefaultAlgorithmSuite.Name, Is.EqualTo(expected));

    // Attributes that say nothing about messages

    [TestCase("MutualCertificate", "keyEntropyMode=\"ClientEntropy\"", "keyEntropyMode")]
    [TestCase("MutualCertificate", "requireSecurityContextCancellation=\"false\"", "requireSecurityContextCancellation")]
    [TestCase("MutualCertificate", "canRenewSecurityContextToken=\"false\"", "canRenewSecurityContextToken")]
    [TestCase("MutualCertificate", "allowSerializedSigningTokenOnReply=\"true\"", "allowSerializedSigningTokenOnReply")]
    [TestCase("MutualCertificate", "allowInsecureTransport=\"true\"", "allowInsecureTransport")]
    [TestCase("MutualCertificateDuplex", "requireDerivedKeys=\"true\"", "requireDerivedKeys")]
    [TestCase("UserNameOverTransport", "requireDerivedKeys=\"true\"", "requireDerivedKeys")]
    [TestCase("UserNameOverTransport", "messageProtectionOrder=\"SignBeforeEncrypt\"", "messageProtectionOrder")]
    [TestCase("UserNameOverTransport", "requireSignatureConfirmation=\"true\"", "requireSignatureConfirmation")]
    [TestCase("UserNameOverTransport", "protectTokens=\"true\"", "protectTokens")]
    public void Read_AttributeWithoutEffect_IsNamedWithItsLine(string mode, string attribute, string name)
    {
        var import = Read(Custom($"<security authenticationMode=\"{mode}\" {attribute}/>"));
        Assert.That(import.IsImported, Is.True);
        Assert.That(import.Explanation, Has.Some.StartWith($"bindings/customBinding/binding[@name='Orders']/security/@{name} (line 7): has no effect"));
    }

    private static readonly string[] ClientSettings =
    [
        "cacheCookies=\"true\"", "cookieRenewalThresholdPercentage=\"60\"", "maxCookieCachingTime=\"00:10:00\"", "reconnectTransportOnFailure=\"true\"",
        "sessionKeyRenewalInterval=\"10:00:00\"", "sessionKeyRolloverInterval=\"00:05:00\"", "detectReplays=\"false\"", "replayCacheSize=\"900000\"", "replayWindow=\"00:05:00\"",
    ];

    private static readonly string[] ServiceSettings =
    [
        "issuedCookieLifetime=\"10:00:00\"", "maxStatefulNegotiations=\"128\"", "negotiationTimeout=\"00:01:00\"", "inactivityTimeout=\"00:02:00\"",
        "sessionKeyRenewalInterval=\"15:00:00\"", "sessionKeyRolloverInterval=\"00:05:00\"", "reconnectTransportOnFailure=\"true\"", "maxPendingSessions=\"128\"",
        "maxCachedCookies=\"1000\"", "replayCacheSize=\"900000\"", "replayWindow=\"00:05:00\"",
    ];

    [Test]
    public void Read_LocalSettingsWithoutEffect_AreNamed()
    {
        var import = Read(Custom($"""
            <security authenticationMode="MutualCertificate">
              <localClientSettings {string.Join(' ', ClientSettings)} />
              <localServiceSettings {string.Join(' ', ServiceSettings)} />
            </security>
            """));
        Assert.That(import.Policy, Is.EqualTo(ReadPolicy(Custom("<security authenticationMode=\"MutualCertificate\"/>"))));
        foreach (var (element, settings) in new[] { ("localClientSettings", ClientSettings), ("localServiceSettings", ServiceSettings) })
        {
            foreach (var name in settings.Select(setting => setting.Split('=')[0]))
            {
                Assert.That(import.Explanation, Has.Some.Contains($"{element}/@{name} (line "));
            }
        }
    }

    [Test]
    public void Read_LocalSettingsThatDifferAndNoEndpoint_AreRefused() =>
        Assert.That(
            Unsupported(Custom("""<security authenticationMode="MutualCertificate"><localClientSettings maxClockSkew="00:01:00"/><localServiceSettings maxClockSkew="00:02:00"/></security>""")),
            Has.Some.Contains("maxClockSkew differs between localClientSettings and localServiceSettings"));

    // Issued tokens

    [TestCase("IssuedTokenForCertificate", "BearerKey", null)]
    [TestCase("IssuedTokenForCertificate", "AsymmetricKey", SupportingTokenKind.Endorsing)]
    [TestCase("IssuedTokenForCertificate", "SymmetricKey", SupportingTokenKind.Endorsing)]
    [TestCase("IssuedTokenOverTransport", "SymmetricKey", SupportingTokenKind.Endorsing)]
    [TestCase("IssuedToken", "SymmetricKey", null)]
    [TestCase("IssuedTokenOverTransport", "BearerKey", null)]
    [TestCase("IssuedTokenOverTransport", "AsymmetricKey", SupportingTokenKind.Endorsing)]
    public void FromAppConfig_IssuedToken_IsASamlAssertion(string mode, string keyType, SupportingTokenKind? kind)
    {
        var import = Read(Custom($"""
            <security authenticationMode="{mode}">
              <issuedTokenParameters keyType="{keyType}" keySize="256" tokenType="urn:oasis:names:tc:SAML:1.0:assertion" useStrTransform="true" defaultMessageSecurityVersion="Default">
                <additionalRequestParameters><x /></additionalRequestParameters>
                <claimTypeRequirements><add claimType="urn:name" /></claimTypeRequirements>
                <issuer address="https://sts.example/" /><issuerMetadata address="https://sts.example/mex" />
              </issuedTokenParameters>
            </security>
            """));
        Assert.That(import.Policy?.AuthenticationMode.ToString(), Is.EqualTo(mode));
        Assert.That(import.Policy!.SupportingTokens.Select(token => (SupportingTokenKind?)token.Kind), Is.EqualTo(kind is null ? [] : new[] { kind }));
        foreach (var name in new[] { "@keySize", "@tokenType", "@useStrTransform", "@defaultMessageSecurityVersion", "additionalRequestParameters", "claimTypeRequirements", "issuer", "issuerMetadata" })
        {
            Assert.That(import.Explanation, Has.Some.Contains($"issuedTokenParameters/{name} (line "));
        }
    }

    // .NET Framework's default is a symmetric key.
    [Test]
    public void FromAppConfig_IssuedTokenWithoutParameters_Endorses() =>
        Assert.That(
            Read(Custom("<security authenticationMode=\"IssuedTokenForCertificate\"/>")).Policy!.SupportingTokens.Single(),
            Is.EqualTo(new SupportingToken { Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.Saml }));

    [TestCase("AsymmetricKey")]
    [TestCase("BearerKey")]
    public void Read_MessagesUnderAKeyThatIsNotSymmetric_IsRefused(string keyType) =>
        Assert.That(
            Unsupported(Custom($"<security authenticationMode=\"IssuedToken\"><issuedTokenParameters keyType=\"{keyType}\"/></security>")),
            Has.Some.Contains($"{keyType} does not go with the mode IssuedToken"));

    // Refusals

    [TestCase("", "'SspiNegotiated', .NET Framework's default, is not supported")]
    [TestCase("authenticationMode=\"SspiNegotiated\"", "authenticationMode Kerberos, UserNameForCertificate or MutualCertificate at the service")]
    [TestCase("authenticationMode=\"SspiNegotiatedOverTransport\"", "UserNameOverTransport")]
    [TestCase("authenticationMode=\"AnonymousForSslNegotiated\"", "authenticationMode AnonymousForCertificate at")]
    [TestCase("authenticationMode=\"UserNameForSslNegotiated\"", "authenticationMode UserNameForCertificate at")]
    [TestCase("authenticationMode=\"MutualSslNegotiated\"", "authenticationMode MutualCertificate at")]
    [TestCase("authenticationMode=\"IssuedTokenForSslNegotiated\"", "authenticationMode IssuedTokenForCertificate at")]
    [TestCase("authenticationMode=\"SecureConversation\"", "the mode of its secureConversationBootstrap")]
    public void Read_ModeThatNegotiates_IsRefusedWithWhatMakesTheServiceReachable(string attribute, string reason) =>
        Assert.That(
            Unsupported(Custom($"<security {attribute}/>")).Single(),
            Does.StartWith("bindings/customBinding/binding[@name='Orders']/security/@authenticationMode (line 7): ").And.Contains(reason)
                .And.Contains("negotiateServiceCredential=\"false\" establishSecurityContext=\"false\""));

    [Test]
    public void Read_SecureConversation_NamesTheModeOfItsBootstrap() =>
        Assert.That(
            Unsupported(Custom("<security authenticationMode=\"SecureConversation\"><secureConversationBootstrap authenticationMode=\"UserNameForSslNegotiated\"/></security>")),
            Has.Some.Contains("set authenticationMode UserNameForCertificate at the service"));

    [TestCase("authenticationMode=\"Password\"", "@authenticationMode (line 7): 'Password' is not accepted; accepted: SspiNegotiated, ")]
    [TestCase("authenticationMode=\"MutualCertificate\" defaultAlgorithmSuite=\"Basic512\"", "@defaultAlgorithmSuite (line 7): 'Basic512' is not accepted")]
    [TestCase("authenticationMode=\"MutualCertificate\" messageSecurityVersion=\"Wss11\"", "@messageSecurityVersion (line 7): 'Wss11' is not accepted")]
    [TestCase("authenticationMode=\"MutualCertificate\" messageSecurityVersion=\"Wss12\"", "@messageSecurityVersion (line 7): 'Wss12' is not accepted")]
    [TestCase("authenticationMode=\"MutualCertificate\" securityHeaderLayout=\"1\"", "@securityHeaderLayout (line 7): '1' is not accepted")]
    [TestCase("authenticationMode=\"MutualCertificate\" includeTimestamp=\"yes\"", "@includeTimestamp (line 7): 'yes' is not accepted")]
    [TestCase("authenticationMode=\"MutualCertificate\" messageProtectionOrder=\"SignOnly\"", "@messageProtectionOrder (line 7): 'SignOnly' is not accepted")]
    [TestCase("authenticationMode=\"MutualCertificate\" keyEntropyMode=\"None\"", "@keyEntropyMode (line 7): 'None' is not accepted")]
    [TestCase("authenticationMode=\"MutualCertificate\" other=\"1\"", "@other (line 7): is not known")]
    [TestCase("authenticationMode=\"SspiNegotiated\" other=\"1\"", "@other (line 7): is not known")]
    [TestCase("authenticationMode=\"UserNameForCertificate\" messageSecurityVersion=\"WSSecurity10WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10\"", "needs MessageSecurityVersion Wss11")]
    public void Read_AttributeThatIsWrong_IsNamedWithItsLine(string attributes, string reason) =>
        Assert.That(Unsupported(Custom($"<security {attributes}/>")), Has.Some.Contains(reason));

    [TestCase("<other/>", "security/other (line 7): is not known")]
    [TestCase("<localClientSettings other='1'/>", "security/localClientSettings/@other (line 7): is not known")]
    [TestCase("<localClientSettings maxClockSkew='five'/>", "@maxClockSkew (line 7): 'five' is not accepted")]
    [TestCase("<localServiceSettings timestampValidityDuration='00:00:00'/>", "a timestampValidityDuration must be longer than nothing")]
    [TestCase("<localClientSettings/><localClientSettings/>", "security/localClientSettings (line 7): stands twice")]
    [TestCase("<issuedTokenParameters other='1'/>", "security/issuedTokenParameters/@other (line 7): is not known")]
    public void Read_ChildThatIsWrong_IsNamedWithItsLine(string child, string reason) =>
        Assert.That(Unsupported(Custom($"<security authenticationMode=\"MutualCertificate\">{child}</security>")), Has.Some.Contains(reason));

    [Test]
    public void Read_LocksOfTheConfiguration_AreNotSecurity() =>
        Assert.That(Read(Custom("<security authenticationMode=\"MutualCertificate\" lockItem=\"true\" lockAttributes=\"x\"/>")).IsImported, Is.True);

    private static IReadOnlyList<string> Unsupported(string configuration) => Read(configuration, "Orders").Refusal?.Unsupported ?? [];
}
