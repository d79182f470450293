using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;
using WsSecurity.Cli.SecondOpinion;

namespace WsSecurity.Cli.Tests.SecondOpinion;

/// <summary><c>wssec verify --second-opinion</c>: System.Security.Cryptography.Xml beside the engine.</summary>
public sealed class SecondOpinionTests
{
    private const string Duplex = "\"AuthenticationMode\": \"MutualCertificateDuplex\"";
    private const string Symmetric = "\"AuthenticationMode\": \"MutualCertificate\", \"RequireDerivedKeys\": false";

    private Workplace _workplace = null!;

    [SetUp]
    public void Open() => _workplace = new Workplace();

    [TearDown]
    public void Close() => _workplace.Dispose();

    [TestCase(Duplex, 1)]
    [TestCase(Duplex + ", \"MessageProtectionOrder\": \"SignBeforeEncrypt\"", 1)]
    [TestCase(Duplex + ", \"MessageProtectionOrder\": \"EncryptBeforeSign\"", 1)]
    [TestCase(Duplex + ", \"ProtectionLevel\": \"Sign\", \"KeyReference\": \"IssuerSerial\"", 1)]
    [TestCase(Duplex + ", \"KeyReference\": \"Thumbprint\", \"DefaultAlgorithmSuite\": \"Basic256Sha256\"", 1)]
    [TestCase(Duplex + ", \"DefaultAlgorithmSuite\": \"Basic128Sha256Rsa15\"", 1)]
    [TestCase(Duplex + ", \"DefaultAlgorithmSuite\": \"TripleDes\", \"SignatureAlgorithms\": [ \"RsaSha512\" ]", 1)]
    [TestCase(Duplex + ", \"DefaultAlgorithmSuite\": \"Basic128GCMSha512\"", 1)]
    [TestCase(Symmetric, 2)]
    [TestCase("\"AuthenticationMode\": \"UserNameForCertificate\", \"RequireDerivedKeys\": false", 1)]
    public async Task Verify_MessageThatItCanRead_Agrees(string policy, int signatures)
    {
        var json = await VerifyAsync(policy, "client.pem");

        Assert.That(json["accepted"]!.GetValue<bool>(), Is.True);
        Assert.That(Outcomes(json), Is.EqualTo(Enumerable.Repeat("Agrees", signatures)));
    }

    [Test]
    public async Task Verify_AlgorithmThatItHasNot_SaysWhich()
    {
        var json = await VerifyAsync(Duplex + ", \"ProtectionLevel\": \"Sign\"", "curve.pem");

        Assert.That(json["accepted"]!.GetValue<bool>(), Is.True);
        Assert.That(Outcomes(json), Is.EqualTo(new[] { "CannotRead" }));
        Assert.That(json["secondOpinion"]![0]!["explanation"]!.GetValue<string>(), Is.EqualTo("it has no http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"));
    }

    [Test]
    public async Task Verify_TamperedMessage_AgreesThatItIsNotValid()
    {
        _workplace.AddBindings(Duplex + ", \"ProtectionLevel\": \"Sign\"");
        await _workplace.ProtectAsync();
        _workplace.Write("wire.xml", _workplace.Read("wire.xml").Replace("Gnome", "Dwarf", StringComparison.Ordinal));

        var verify = await _workplace.VerifyAsync(" --second-opinion");

        Assert.That((verify.ExitCode, verify.Failure), Is.EqualTo((1, "DigestMismatch")));
        Assert.That(verify.Out, Does.Contain("agrees: not valid"));
    }

    [Test]
    public async Task Verify_PlainEnvelope_HasNothingToRead()
    {
        _workplace.AddBindings(Duplex);

        Assert.That((await _workplace.VerifyAsync(" --second-opinion", "plain.xml")).Out, Does.Contain("cannot read it: there is no Security header for this actor"));
    }

    [Test]
    public async Task Create_EngineRefusesWhatItFindsValid_Disagrees()
    {
        var (wire, binding) = await ProtectedAsync();

        var report = SecondOpinionReport.Create(wire, binding, evidence: null, new WsSecurityException(SecurityFailure.DigestMismatch, "a wrong verdict"));

        Assert.That(report.Disagrees, Is.True);
        Assert.That(report.Signatures.Single().Explanation, Is.EqualTo("valid, by CN=Client"));
    }

    [Test]
    public async Task Create_EngineSawAnotherNumberOfSignatures_Disagrees()
    {
        var (wire, binding) = await ProtectedAsync();

        Assert.That(SecondOpinionReport.Create(wire, binding, ProtectionEvidence.None, refusal: null).Disagrees, Is.True);
    }

    [Test]
    public async Task Create_EngineAcceptedWhatItFindsInvalid_Disagrees()
    {
        var (wire, binding) = await ProtectedAsync();
        var evidence = (await new Recipient(binding.Policy, binding.Credentials).VerifyRequestAsync(wire, MessageContext.Empty)).Message.Evidence;
        var tampered = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(wire).Replace("Gnome", "Dwarf", StringComparison.Ordinal));

        Assert.That(SecondOpinionReport.Create(wire, binding, evidence, refusal: null).Disagrees, Is.False);
        Assert.That(SecondOpinionReport.Create(tampered, binding, evidence, refusal: null).Disagrees, Is.True);
    }

    [TestCase("not XML", SecurityFailure.MalformedXml)]
    [TestCase("<!DOCTYPE x><x/>", SecurityFailure.DocumentTypeNotAllowed)]
    [TestCase("<!DOCTYPE x><x/>", SecurityFailure.SecurityHeaderMissing)]
    public async Task Create_NoEnvelope_CannotRead(string text, SecurityFailure failure)
    {
        var (_, binding) = await ProtectedAsync();

        var report = SecondOpinionReport.Create(System.Text.Encoding.UTF8.GetBytes(text), binding, evidence: null, new WsSecurityException(failure, "as the test says"));

        Assert.That(report.Signatures.Single().Outcome, Is.EqualTo(OpinionOutcome.CannotRead));
    }

    [Test]
    public async Task Verify_RefusedForAnotherReason_SaysThatTheSignatureWasNotInQuestion()
    {
        _workplace.AddBindings(Duplex + ", \"ProtectionLevel\": \"Sign\"");
        await _workplace.ProtectAsync();

        var verify = await _workplace.VerifyAsync(" --second-opinion --endpoint urn:x --at 2049-01-01T00:00:00Z");

        Assert.That((verify.ExitCode, verify.Failure), Is.EqualTo((1, "MessageExpired")));
        Assert.That(verify.Out, Does.Contain("was not in question: valid, by CN=Client"));
    }

    private static IEnumerable<string> Outcomes(JsonNode json) => json["secondOpinion"]!.AsArray().Select(opinion => opinion!["outcome"]!.GetValue<string>());

    private async Task<JsonNode> VerifyAsync(string policy, string clientCertificate)
    {
        _workplace.AddBindings(policy, clientCertificate);
        var protect = await _workplace.ProtectAsync();
        Assert.That((protect.ExitCode, protect.Error), Is.EqualTo((0, "")));
        var verify = await _workplace.VerifyAsync(" --json --second-opinion");
        Assert.That(verify.Error, Is.Empty);
        return JsonNode.Parse(verify.Out)!;
    }

    private async Task<(byte[] Wire, BindingConfiguration Binding)> ProtectedAsync()
    {
        _workplace.AddBindings(Duplex + ", \"ProtectionLevel\": \"Sign\"");
        await _workplace.ProtectAsync();
        var configuration = new ConfigurationBuilder().AddJsonFile(_workplace.PathOf("bindings.json")).Build();
        var binding = BindingConfiguration.Load(
            configuration, "Service", new BindingConfigurationOptions { BasePath = Path.GetDirectoryName(_workplace.PathOf("x"))!, EnvironmentName = "Development" });
        return (await File.ReadAllBytesAsync(_workplace.PathOf("wire.xml")), binding);
    }
}
