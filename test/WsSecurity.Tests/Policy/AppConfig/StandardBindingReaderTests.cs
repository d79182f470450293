using NUnit.Framework;
using static WsSecurity.Tests.Policy.AppConfig.AppConfigText;

namespace WsSecurity.Tests.Policy.AppConfig;

/// <summary>The standard bindings with message security.</summary>
internal sealed class StandardBindingReaderTests
{
    private const string NoNegotiation = "negotiateServiceCredential=\"false\" establishSecurityContext=\"false\"";

    private static SecurityPolicy OfNetFramework(SecurityPolicy policy) => policy with { DefaultAlgorithmSuite = AlgorithmSuite.Basic256, SecurityHeaderLayout = SecurityHeaderLayout.Strict };

    private static readonly TestCaseData[] WsHttp =
    [
        new("mode=\"Message\"", "Certificate", SecurityPolicy.MutualCertificate with { RequireSignatureConfirmation = true }),
        new("", "UserName", SecurityPolicy.UserNameForCertificate),
        new("", "None", SecurityPolicy.AnonymousForCertificate with { RequireSignatureConfirmation = true }),
        new("mode=\"TransportWithMessageCredential\"", "UserName", SecurityPolicy.UserNameOverTransport with { DetectReplays = false }),
        new("mode=\"TransportWithMessageCredential\"", "Certificate", SecurityPolicy.CertificateOverTransport with { DetectReplays = false }),
    ];

    [TestCaseSource(nameof(WsHttp))]
    public void FromAppConfig_WsHttpBinding_IsTheModeOfItsCredential(string mode, string credential, SecurityPolicy expected)
    {
        foreach (var kind in new[] { "wsHttpBinding", "ws2007HttpBinding", "wsHttpContextBinding" })
        {
            // Of the versions that .NET Framework gives these bindings, those of 2007 derive keys as OASIS published it.
            var conversation = kind == "ws2007HttpBinding" ? SecureConversationVersion.WSSecureConversation13 : (SecureConversationVersion?)null;
            Assert.That(
                ReadPolicy(Standard(kind, $"<security {mode}><message clientCredentialType=\"{credential}\" {NoNegotiation}/></security>")),
                Is.EqualTo(OfNetFramework(expected) with { SecureConversationVersion = conversation }),
                kind);
        }
    }

    [Test]
    public void FromAppConfig_AlgorithmSuiteOfTheMessage_IsRead() =>
        Assert.That(
            ReadPolicy(Standard("wsHttpBinding", $"<security><message clientCredentialType=\"UserName\" algorithmSuite=\"Basic128Sha256\" {NoNegotiation}/></security>")).DefaultAlgorithmSuite,
            Is.EqualTo(AlgorithmSuite.Basic128Sha256));

    [Test]
    public void Read_PlainWsHttpBinding_IsRefusedWithTheSettingsThatMakeTheServiceReachable()
    {
        var unsupported = Unsupported(Document("<client><endpoint name=\"Orders\" address=\"http://service.example/\" binding=\"wsHttpBinding\" contract=\"IOrders\"/></client>"));
        Assert.That(unsupported, Has.Some.Contains("negotiateServiceCredential (by default) and establishSecurityContext (by default) are true")
            .And.Some.Contains("<message negotiateServiceCredential=\"false\" establishSecurityContext=\"false\"/> at the service and here"));
    }

    [TestCase("<security mode=\"Message\"><message clientCredentialType=\"UserName\"/></security>", "security/message/@negotiateServiceCredential (line 4)", "which makes it UserNameForCertificate")]
    [TestCase("<security><message clientCredentialType=\"Certificate\" negotiateServiceCredential=\"false\"/></security>", "security/message/@establishSecurityContext (line 4)", "<message establishSecurityContext=\"false\"/>")]
    [TestCase("<security><message clientCredentialType=\"Certificate\" establishSecurityContext=\"false\"/></security>", "@negotiateServiceCredential (line 4)", "<message negotiateServiceCredential=\"false\"/>")]
    [TestCase("<security mode=\"TransportWithMessageCredential\"><message clientCredentialType=\"UserName\"/></security>", "@establishSecurityContext (line 4)", "which makes it UserNameOverTransport")]
    [TestCase("<security mode=\"TransportWithMessageCredential\"><message clientCredentialType=\"Windows\" establishSecurityContext=\"false\"/></security>", "@clientCredentialType (line 4)", "SspiNegotiatedOverTransport")]
    [TestCase("<security mode=\"TransportWithMessageCredential\"><message clientCredentialType=\"None\" establishSecurityContext=\"false\"/></security>", "@clientCredentialType (line 4)", "without any credential")]
    [TestCase("<security><message clientCredentialType=\"IssuedToken\"/></security>", "@clientCredentialType (line 4)", "wsFederationHttpBinding")]
    [TestCase("<security mode=\"Secure\"/>", "security/@mode (line 4)", "'Secure' is not accepted")]
    [TestCase("<security><message other=\"1\"/></security>", "message/@other (line 4)", "is not known")]
    [TestCase("<security other=\"1\"/>", "security/@other (line 4)", "is not known")]
    [TestCase("<security><message algorithmSuite=\"Basic\"/></security>", "message/@algorithmSuite (line 4)", "'Basic' is not accepted")]
    public void Read_WsHttpBindingThatIsNotSupported_IsRefusedWithItsLine(string security, string place, string reason) =>
        Assert.That(Unsupported(Standard("wsHttpBinding", security)), Has.Some.Contains(place).And.Some.Contains(reason));

    [TestCase("basicHttpBinding")]
    [TestCase("netHttpBinding")]
    public void FromAppConfig_BasicHttpBindingOfModeMessage_IsMutualCertificateOfVersion10(string kind) =>
        Assert.That(
            ReadPolicy(Standard(kind, "<security mode=\"Message\"><message clientCredentialType=\"Certificate\" algorithmSuite=\"TripleDes\"/></security>")),
            Is.EqualTo(SecurityPolicy.MutualCertificate with
            {
                MessageSecurityVersion = MessageSecurityVersion.Wss10,
                DefaultAlgorithmSuite = AlgorithmSuite.TripleDes,
                AllowSerializedSigningTokenOnReply = true,
            }));

    [TestCase("basicHttpBinding")]
    [TestCase("basicHttpsBinding")]
    public void FromAppConfig_BasicHttpBindingOfModeTransportWithMessageCredential_IsUserNameOverTransport(string kind) =>
        Assert.That(
            ReadPolicy(Standard(kind, "<security mode=\"TransportWithMessageCredential\"><transport clientCredentialType=\"None\"/></security>")),
            Is.EqualTo(SecurityPolicy.UserNameOverTransport with
            {
                MessageSecurityVersion = MessageSecurityVersion.Wss10,
                DefaultAlgorithmSuite = AlgorithmSuite.Basic256,
                DetectReplays = false,
            }));

    [Test]
    public void Read_BasicHttpBindingOfModeMessageWithUserName_IsRefused() =>
        Assert.That(Unsupported(Standard("basicHttpBinding", "<security mode=\"Message\"/>")), Has.Some.Contains("security/message/@clientCredentialType (line 4): 'UserName' (by default) does not go with the mode Message"));

    [TestCase("netTcpBinding", "mode=\"Message\"")]
    [TestCase("netTcpBinding", "mode=\"TransportWithMessageCredential\"")]
    [TestCase("wsDualHttpBinding", "")]
    [TestCase("netMsmqBinding", "mode=\"Message\"")]
    public void Read_BindingThatAlwaysHasASession_IsRefused(string kind, string mode) =>
        Assert.That(Unsupported(Standard(kind, $"<security {mode}/>")), Has.Some.Contains($"of {kind}").And.Some.Contains("not supported"));

    [TestCase("wsHttpBinding", "<security mode=\"None\"/>")]
    [TestCase("wsHttpBinding", "<security mode=\"Transport\"/>")]
    [TestCase("basicHttpBinding", "")]
    [TestCase("basicHttpBinding", "<security mode=\"TransportCredentialOnly\"/>")]
    [TestCase("basicHttpsBinding", "")]
    [TestCase("netTcpBinding", "")]
    [TestCase("webHttpBinding", "")]
    [TestCase("netNamedPipeBinding", "")]
    [TestCase("customBinding", "<httpTransport/>")]
    [TestCase("wsFederationHttpBinding", "<security mode=\"None\"/>")]
    [TestCase("netMsmqBinding", "")]
    public void Read_BindingWithoutMessageSecurity_IsSaidToHaveNone(string kind, string content)
    {
        Assert.That(ReadAll(Standard(kind, content)), Is.Empty);
        Assert.That(Unsupported(Standard(kind, content)), Has.Some.Contains("there is no message security to import"));
    }

    [Test]
    public void Read_BindingOfAnotherKind_IsRefused() =>
        Assert.That(Unsupported(Standard("myBinding", "")), Has.Some.Contains("myBinding is not a binding that is known here"));

    // Federation

    [TestCase("Message", "BearerKey", AuthenticationMode.IssuedTokenForCertificate)]
    [TestCase("Message", "SymmetricKey", AuthenticationMode.IssuedTokenForCertificate)]
    [TestCase("TransportWithMessageCredential", "AsymmetricKey", AuthenticationMode.IssuedTokenOverTransport)]
    public void FromAppConfig_FederationBinding_IsASamlAssertion(string mode, string keyType, AuthenticationMode expected)
    {
        var import = Read(Standard("ws2007FederationHttpBinding", $"""
            <security mode="{mode}">
              <message issuedKeyType="{keyType}" issuedTokenType="urn:saml" algorithmSuite="Basic256Sha256" {NoNegotiation}>
                <issuer address="https://sts.example/" binding="wsHttpBinding"/><claimTypeRequirements/><issuerMetadata address="https://sts.example/mex"/><tokenRequestParameters/>
              </message>
            </security>
            """));
        Assert.That((import.Policy?.AuthenticationMode, import.Policy?.DefaultAlgorithmSuite), Is.EqualTo((expected, AlgorithmSuite.Basic256Sha256)));
        Assert.That(import.Policy?.SecureConversationVersion, Is.EqualTo(SecureConversationVersion.WSSecureConversation13));
        Assert.That(import.Explanation, Has.Some.Contains("message/issuer (line 6): has no effect").And.Some.Contains("@issuedTokenType"));
    }

    [TestCase("<security/>")]
    [TestCase("<security><message issuedKeyType=\"SymmetricKey\"/></security>")]
    public void Read_FederationBindingWithItsDefaults_IsRefused(string security) =>
        Assert.That(Unsupported(Standard("wsFederationHttpBinding", security)), Has.Some.Contains("establishSecurityContext"));

    private static IReadOnlyList<string> Unsupported(string configuration) => Read(configuration, "Orders").Refusal?.Unsupported ?? [];
}
