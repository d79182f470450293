using System.Text.Json.Nodes;
using NUnit.Framework;

namespace WsSecurity.Cli.Tests;

/// <summary><c>wssec protect</c> and <c>wssec verify</c> on files and streams.</summary>
public sealed class ProtectAndVerifyTests
{
    private const string Duplex = "\"AuthenticationMode\": \"MutualCertificateDuplex\"";

    private Workplace _workplace = null!;

    [SetUp]
    public void Open()
    {
        _workplace = new Workplace();
        _workplace.AddBindings(Duplex);
    }

    [TearDown]
    public void Close() => _workplace.Dispose();

    [TestCase("plain.xml", "SOAP 1.1")]
    [TestCase("plain12.xml", "SOAP 1.2")]
    public async Task Verify_WhatProtectWrote_IsAcceptedAndReadable(string plain, string version)
    {
        var protect = await _workplace.ProtectAsync(plain);
        var verify = await _workplace.VerifyAsync(" --out again.xml");

        Assert.That((protect.ExitCode, protect.Out, protect.Error), Is.EqualTo((0, "", "")));
        Assert.That(_workplace.Read("wire.xml"), Does.Contain("EncryptedData").And.Not.Contain("Gnome"));
        Assert.That((verify.ExitCode, verify.Error), Is.EqualTo((0, "")));
        Assert.That(_workplace.Read("again.xml"), Does.Contain("Gnome &amp; Söhne").And.Not.Contain("Security"));
        Assert.That(verify.Out, Does.StartWith($"accepted   {version}")
            .And.Contains("signed by  CN=Client  (trusted by Partners)")
            .And.Contains("/Envelope/Body")
            .And.Contains("encrypted  /Envelope/Body (content)")
            .And.Contains("aes256-gcm"));
    }

    [Test]
    public async Task ProtectAndVerify_StandardStreams_CarryTheEnvelopes()
    {
        var plain = await File.ReadAllBytesAsync(_workplace.PathOf("plain.xml"));

        var protect = await _workplace.RunAsync("protect --config bindings.json --binding Client --in - --out -", plain);
        var verify = await _workplace.RunAsync("verify --config bindings.json --binding Service --in - --out -", protect.Output);

        Assert.That(protect.OutputText, Does.Contain("EncryptedData"));
        Assert.That(verify.ExitCode, Is.Zero);
        Assert.That(verify.OutputText, Does.Contain("Gnome"));
        Assert.That(verify.Out, Is.Empty);
        Assert.That(verify.Error, Does.StartWith("accepted"));
    }

    [Test]
    public async Task Verify_Json_SaysWhatWasProved()
    {
        await _workplace.ProtectAsync();

        var json = JsonNode.Parse((await _workplace.VerifyAsync(" --json")).Out)!;

        Assert.That(json["accepted"]!.GetValue<bool>(), Is.True);
        Assert.That(json["soapVersion"]!.GetValue<string>(), Is.EqualTo("Soap11"));
        var signature = json["evidence"]!["signatures"]![0]!;
        Assert.That(signature["token"]!["name"]!.GetValue<string>(), Is.EqualTo("CN=Client"));
        Assert.That(signature["token"]!["trustDomain"]!.GetValue<string>(), Is.EqualTo("Partners"));
        Assert.That(signature["parts"]!.AsArray().Select(part => part!["path"]!.GetValue<string>()), Has.Some.EqualTo("/Envelope/Body"));
        Assert.That(json["evidence"]!["encryptedParts"]![0]!["encryptionAlgorithm"]!.GetValue<string>(), Is.EqualTo("http://www.w3.org/2009/xmlenc11#aes256-gcm"));
    }

    [Test]
    public async Task Verify_Tampered_IsRefusedByNameAndWritesNothing()
    {
        _workplace.AddBindings(Duplex + ", \"ProtectionLevel\": \"Sign\"");
        await _workplace.ProtectAsync();
        _workplace.Write("wire.xml", _workplace.Read("wire.xml").Replace("Gnome", "Dwarf", StringComparison.Ordinal));

        var verify = await _workplace.VerifyAsync(" --out again.xml --json");

        Assert.That((verify.ExitCode, verify.Failure), Is.EqualTo((1, "DigestMismatch")));
        Assert.That(_workplace.Exists("again.xml"), Is.False);
        var json = JsonNode.Parse(verify.Out)!;
        Assert.That(json["accepted"]!.GetValue<bool>(), Is.False);
        Assert.That(json["failure"]!.GetValue<string>(), Is.EqualTo("DigestMismatch"));
    }

    [Test]
    public async Task Verify_PlainEnvelope_IsRefused()
    {
        var verify = await _workplace.VerifyAsync(input: "plain.xml");

        Assert.That((verify.ExitCode, verify.Failure), Is.EqualTo((1, "SecurityHeaderMissing")));
    }

    [TestCase("2001-01-01T00:00:00Z", "MessageNotYetValid")]
    [TestCase("2049-01-01T00:00:00Z", "MessageExpired")]
    public async Task Verify_AtAnotherTime_IsJudgedByThatTime(string time, string failure)
    {
        await _workplace.ProtectAsync();

        // A colon keeps the argument from being taken for a file.
        var verify = await _workplace.VerifyAsync($" --at {time}");

        Assert.That(verify.ExitCode, Is.EqualTo(1));
        Assert.That(verify.Failure, Is.EqualTo(failure).Or.StartsWith("Certificate"));
    }

    [Test]
    public async Task Protect_SomethingElseThanAnEnvelope_IsRefused()
    {
        _workplace.Write("html.xml", "<html/>");

        var protect = await _workplace.ProtectAsync("html.xml");

        Assert.That((protect.ExitCode, protect.Failure), Is.EqualTo((1, "InvalidEnvelope")));
        Assert.That(_workplace.Exists("wire.xml"), Is.False);
    }

    [Test]
    public async Task ProtectAndVerify_OverTransport_DemandTheOption()
    {
        _workplace.AddBindings("\"AuthenticationMode\": \"UserNameOverTransport\"");

        var unprotected = await _workplace.ProtectAsync();
        var isProtected = await _workplace.ProtectAsync(more: " --transport-protected");
        var refused = await _workplace.VerifyAsync();
        var accepted = await _workplace.VerifyAsync(" --transport-protected");

        Assert.That(unprotected.ExitCode, Is.EqualTo(1));
        Assert.That(isProtected.ExitCode, Is.Zero);
        Assert.That((refused.ExitCode, refused.Failure), Is.EqualTo((1, "TransportNotProtected")));
        Assert.That(accepted.ExitCode, Is.Zero);
        Assert.That(accepted.Out, Does.Contain("alice  (UsernameToken)"));
    }

    [Test]
    public async Task Verify_ActionAndEndpoint_AreComparedWithTheEnvelope()
    {
        _workplace.Write("addressed.xml", $"""<s:Envelope xmlns:s="{Workplace.Soap11}" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><a:Action>urn:place</a:Action><a:To>http://localhost/orders</a:To></s:Header><s:Body/></s:Envelope>""");
        await _workplace.ProtectAsync("addressed.xml");

        Assert.That((await _workplace.VerifyAsync(" --action urn:place --endpoint http://localhost/orders")).Out, Does.Contain("action urn:place"));
        Assert.That((await _workplace.VerifyAsync(" --action urn:cancel")).Failure, Is.EqualTo("ActionMismatch"));
        Assert.That((await _workplace.VerifyAsync(" --endpoint http://localhost/invoices")).Failure, Is.EqualTo("DestinationMismatch"));
    }
}
