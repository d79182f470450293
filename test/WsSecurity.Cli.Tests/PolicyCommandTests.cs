using System.Text;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

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
