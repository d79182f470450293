using System.Text;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;
using WsSecurity.Cli.Policies;

namespace WsSecurity.Cli.Tests;

/// <summary><c>wssec policy</c>.</summary>
public sealed class PolicyCommandTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.UserNameForCertificate with
    {
        DefaultAlgorithmSuite = AlgorithmSuite.Basic256Sha256,
        SecureConversationVersion = SecureConversationVersion.WSSecureConversation13,
        SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Username, PasswordType = PasswordType.Digest, Optional = true }],
        SignedParts = new MessageParts { Body = true, Headers = [new QualifiedName("urn:h", "One"), new QualifiedName("urn:h2")], Elements = [new QualifiedName("urn:e", "Order")] },
        EncryptedParts = new MessageParts { Body = true, Paths = [LocationPath.Parse("//x:Card[@id='1']", new Dictionary<string, string> { ["x"] = "urn:x" })], ContentPaths = [LocationPath.Parse("//Note")] },
        RequiredParts = new MessageParts { Headers = [new QualifiedName("urn:h", "One")], Paths = [LocationPath.Parse("//Id")] },
    };

    private Workplace _workplace = null!;

    [SetUp]
    public void Open()
    {
        _workplace = new Workplace();
        _workplace.Write("policy.xml", Policy.ToWsPolicy(WsPolicyVersion.WsPolicy12).ToString());
        _workplace.Write("unknown.xml", "<wsp:Policy xmlns:wsp='http://www.w3.org/ns/ws-policy' Name='urn:p'><Odd/></wsp:Policy>");
        _workplace.Write("two.xml", "<a xmlns:wsp='http://www.w3.org/ns/ws-policy'><wsp:Policy Name='urn:a'/><wsp:Policy Name='urn:b'/></a>");
    }

    [TearDown]
    public void Close() => _workplace.Dispose();

    [Test]
    public async Task Show_PolicyThatIsSupported_SaysItInWords()
    {
        var result = await _workplace.RunAsync("policy show --from wsdl --in policy.xml");

        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain("UserNameForCertificate, Wss11")
            .And.Contains("Basic256Sha256")
            .And.Contains("weak     Content is encrypted with CBC")
            .And.Contains("SignedEncrypted Username, password Digest, optional")
            .And.Contains("every message: Body, header {urn:h}One, header {urn:h2}*, element {urn:e}Order")
            .And.Contains("encrypted  every message: Body, elements at //x:Card[@id='1'] (x=urn:x), content of //Note")
            .And.Contains("required   every message: header {urn:h}One, elements at //Id"));
    }

    [Test]
    public async Task Show_AssertionThatIsNotSupported_NamesItAndExitsWith1()
    {
        var result = await _workplace.RunAsync("policy show --in unknown.xml");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Out, Does.StartWith("urn:p").And.Contains("Odd (line 1): is not known"));
    }

    [Test]
    public async Task Convert_ToJson_IsABindingOfTheSamePolicy()
    {
        var result = await _workplace.RunAsync("policy convert --in policy.xml --to json");

        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(result.Out));
        var loaded = BindingConfiguration.Load(new ConfigurationBuilder().AddJsonStream(json).Build(), "policy 1");
        Assert.That(loaded.Policy, Is.EqualTo(Policy));
    }

    [Test]
    public async Task Convert_ToPolicy_IsTheSamePolicy()
    {
        var result = await _workplace.RunAsync("policy convert --in policy.xml --to policy");

        using var reader = new StringReader(result.Out);
        Assert.That(SecurityPolicy.FromWsdl(reader), Is.EqualTo(Policy));
    }

    // .NET Framework's configuration

    private const string AppConfig =
        """
        <configuration><system.serviceModel>
          <bindings><customBinding>
            <binding name="Orders"><security authenticationMode="MutualCertificateDuplex" keyEntropyMode="ClientEntropy"><localServiceSettings detectReplays="false" maxClockSkew="00:01:30"/></security><httpTransport/></binding>
            <binding name="Session"><security authenticationMode="SecureConversation"/></binding>
            <binding name="Plain"><httpTransport/></binding>
          </customBinding></bindings>
          <client><endpoint name="OrdersEndpoint" address="http://service.example/" binding="customBinding" bindingConfiguration="Orders" behaviorConfiguration="C" contract="IOrders"/></client>
          <behaviors><endpointBehaviors><behavior name="C"><clientCredentials>
            <clientCertificate findValue="me" x509FindType="FindBySubjectName"/>
            <serviceCertificate><defaultCertificate findValue="CN=it" storeName="CertificateAuthority"/></serviceCertificate>
          </clientCredentials></behavior></endpointBehaviors></behaviors>
        </system.serviceModel></configuration>
        """;

    [Test]
    public async Task Show_AppConfig_SaysEveryPolicyAndNamesWhatIsNotSupported()
    {
        _workplace.Write("app.config", AppConfig);
        var result = await _workplace.RunAsync("policy show --from appconfig --in app.config");

        Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, "")));
        Assert.That(result.Out, Does.Contain("MutualCertificateDuplex, Wss11").And.Contains("own certificate  CurrentUser/My, FindBySubjectName 'me'").And.Contains("service    service.example")
            .And.Contains("security/@keyEntropyMode (line 3): has no effect").And.Contains("'SecureConversation' is not supported").And.Not.Contains("Plain"));
    }

    [Test]
    public async Task Convert_AppConfigToJson_IsTheSameBinding()
    {
        _workplace.Write("app.config", AppConfig);
        var result = await _workplace.RunAsync("policy convert --from appconfig --in app.config --name OrdersEndpoint --to json");

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Error, Does.Contain("note: bindings/customBinding/binding[@name='Orders']/security/@keyEntropyMode"));
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(result.Out));
        var configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        var credentials = configuration.GetSection("WsSecurity:Bindings:OrdersEndpoint:Credentials");
        Assert.That(
            (credentials["Certificate:Store"], credentials["Certificate:Find"], credentials["PeerCertificates:0:Store"], credentials["PeerCertificates:0:Find"], credentials["ServiceIdentity"]),
            Is.EqualTo(("CurrentUser/My", "FindBySubjectName=me", "CurrentUser/CA", "FindBySubjectDistinguishedName=CN=it", "service.example")));

        using var document = new MemoryStream(Encoding.UTF8.GetBytes(AppConfig));
        var policy = SecurityPolicy.FromAppConfig(document, "OrdersEndpoint");
        Assert.That(LoadPolicy(result.Out), Is.EqualTo(policy));
    }

    [TestCase("policy show --from appconfig --in app.config --name Plain", 1, "there is no message security to import")]
    [TestCase("policy convert --from appconfig --in app.config --name Session --to code", 1, "")]
    public async Task Policy_AppConfigThatIsNotSupported_ExitsWith1(string commandLine, int exitCode, string text)
    {
        _workplace.Write("app.config", AppConfig);
        var result = await _workplace.RunAsync(commandLine);
        Assert.That(result.ExitCode, Is.EqualTo(exitCode));
        Assert.That(result.Out, Does.Contain(text));
    }

    // Bindings in JSON

    [Test]
    public async Task ShowAndConvert_Json_ReadTheBinding()
    {
        _workplace.AddBindings("\"AuthenticationMode\": \"MutualCertificateDuplex\", \"DefaultAlgorithmSuite\": \"Basic256Sha256\"");
        var shown = await _workplace.RunAsync("policy show --from json --in bindings.json --name Client");
        var converted = await _workplace.RunAsync("policy convert --from json --in bindings.json --name Client --to policy");

        Assert.That((shown.ExitCode, converted.ExitCode), Is.EqualTo((0, 0)));
        Assert.That(shown.Out, Does.StartWith("Client").And.Contains("Basic256Sha256"));
        using var reader = new StringReader(converted.Out);
        Assert.That(SecurityPolicy.FromWsdl(reader).AuthenticationMode, Is.EqualTo(AuthenticationMode.MutualCertificateDuplex));
    }

    // C#

    private static IEnumerable<SecurityPolicy> CodePolicies() =>
    [
        Policy,
        SecurityPolicy.MutualCertificate,
        SecurityPolicy.UserNameOverTransport with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Custom, Name = "Jwt" }] },
        SecurityPolicy.AnonymousForCertificate with { SignedParts = new MessageParts { AllHeaders = true, Paths = [LocationPath.Parse("//x:Id", new Dictionary<string, string> { ["x"] = "urn:x" })] } },
        SecurityPolicy.CertificateSignature with { ProtectionLevel = ProtectionLevel.None },
        SecurityPolicy.IssuedTokenOverTransport with
        {
            SupportingTokens =
            [
                new SupportingToken { Kind = SupportingTokenKind.SignedEndorsing, Type = SecurityTokenType.X509, KeyReference = KeyReference.Thumbprint, Optional = true },
                new SupportingToken
                {
                    Kind = SupportingTokenKind.Endorsing,
                    Type = SecurityTokenType.Saml,
                    SamlVersion = SamlVersion.Saml20,
                    IssuedTokenParameters = new IssuedTokenParameters
                    {
                        KeyType = IssuedTokenKeyType.SymmetricKey,
                        KeySize = 256,
                        ClaimTypeRequirements = [new ClaimTypeRequirement("urn:role"), new ClaimTypeRequirement("urn:age", Optional: true)],
                        IssuerAddress = "https://sts.example/",
                        IssuerDetails = ["<i:Identity xmlns:i=\"urn:i\" />"],
                        AdditionalRequestParameters = ["<t:Scope xmlns:t=\"urn:t\">all</t:Scope>"],
                    },
                },
            ],
        },
        SecurityPolicy.IssuedTokenOverTransport with { SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Endorsing, Type = SecurityTokenType.Saml, IssuedTokenParameters = new IssuedTokenParameters() }] },
        SecurityPolicy.MutualCertificateDuplex with
        {
            SignatureAlgorithms = [SignatureAlgorithmName.EcdsaSha256, SignatureAlgorithmName.RsaSha1],
            RequireDerivedKeys = false,
            Actor = "urn:\"a\\b\u2028\uD83D\uDE00",
            Tolerances = new Tolerances { UnsecuredFault = true, ClockSkew = TimeSpan.FromSeconds(90) },
            Limits = ProcessingLimits.Default with { MaxDepth = 7 },
            SignedParts = new ProtectedParts { Request = new MessageParts { Body = true }, Reply = MessageParts.None, Operations = new Dictionary<string, MessageParts> { ["urn:o/x"] = new MessageParts { Headers = [new QualifiedName("urn:h")] } } },
        },
    ];

    [TestCaseSource(nameof(CodePolicies))]
    public void Write_AsCode_CompilesToTheSamePolicy(SecurityPolicy policy) =>
        Assert.That(PolicyAssembly.Compile(PolicyCode.Write("class: 1", policy), "Class__1"), Is.EqualTo(policy));

    [TestCaseSource(nameof(CodePolicies))]
    public void Write_AsJson_LoadsAsTheSamePolicy(SecurityPolicy policy) => Assert.That(LoadPolicy(BindingJson.Write("Orders", policy)), Is.EqualTo(policy));

    [Test]
    public async Task Convert_ToCode_IsTheSamePolicy()
    {
        var result = await _workplace.RunAsync("policy convert --in policy.xml --to code");
        Assert.That(PolicyAssembly.Compile(result.Out, "Policy_1"), Is.EqualTo(Policy));
    }

    private static SecurityPolicy LoadPolicy(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var values = new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable().Where(entry => !entry.Key.Contains(":Credentials", StringComparison.Ordinal));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        return BindingConfiguration.Load(configuration, configuration.GetSection("WsSecurity:Bindings").GetChildren().Single().Key).Policy;
    }

    [TestCase("policy convert --in unknown.xml --to json", 1, "Odd")]
    [TestCase("policy convert --in two.xml --to json", 2, "urn:a, urn:b")]
    [TestCase("policy show --in two.xml --name other", 2, "urn:a, urn:b")]
    [TestCase("policy show --in missing.xml", 2, "cannot be read")]
    [TestCase("policy show --from toml --in policy.xml", 2, "toml")]
    public async Task Policy_WhatCannotBeDone_IsSaid(string commandLine, int exitCode, string reason)
    {
        var result = await _workplace.RunAsync(commandLine);
        Assert.That((result.ExitCode, result.Out), Is.EqualTo((exitCode, "")));
        Assert.That(result.Error, Does.Contain(reason));
    }
}
