using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;
using WsSecurity.Tests.Vectors;

namespace WsSecurity.Cli.Tests.SecondOpinion;

/// <summary>
/// What WSS4J 1.6.19 wrote (shared/vectors/wss4j-1.6.19-generated) and attacks derived from it: the engine and
/// System.Security.Cryptography.Xml never come to different results.
/// </summary>
[VectorFixture]
public sealed class Wss4jSecondOpinionTests
{
    private const string Generated = "wss4j-1.6.19-generated/";
    private const string Attacks = "attacks-derived/";

    [TestCase("sig-bst-rsa-sha256-soap11", "Agrees")]
    [TestCase("sig-bst-rsa-sha256-soap12", "Agrees")]
    [TestCase("sig-issuerserial-rsa-sha256-soap11", "Agrees")]
    [TestCase("sig-ski-rsa-sha256-soap11", "Agrees")]
    [TestCase("sig-thumbprint-rsa-sha256-soap12", "Agrees")]
    [TestCase("sig-x509keyid-rsa-sha256-soap12", "Agrees")]
    [TestCase("sig-c14n-inclusive-soap11", "Agrees")]
    [TestCase("sig-strtransform-bst-soap11", "CannotRead")]
    [TestCase("sig-strtransform-issuerserial-soap11", "CannotRead")]
    public async Task Verify_WhatWss4jSigned_IsAccepted(string message, string outcome)
    {
        var json = await VerifyAsync(Generated + message, "\"AuthenticationMode\": \"CertificateSignature\", \"IncludeTimestamp\": false, \"DetectReplays\": false, \"SignedParts\": { \"Body\": true }");

        Assert.That(json["accepted"]!.GetValue<bool>(), Is.True);
        Assert.That(json["secondOpinion"]![0]!["outcome"]!.GetValue<string>(), Is.EqualTo(outcome));
    }

    [Test]
    public async Task Verify_WhatWss4jSignedAndEncrypted_IsAcceptedAndAgrees()
    {
        var json = await VerifyAsync(
            Generated + "sign-then-encrypt-ts-body-sig-soap11", "\"AuthenticationMode\": \"MutualCertificateDuplex\", \"DefaultAlgorithmSuite\": \"Basic128GCMSha256\"");

        Assert.That(json["accepted"]!.GetValue<bool>(), Is.True);
        Assert.That(json["secondOpinion"]![0]!["outcome"]!.GetValue<string>(), Is.EqualTo("Agrees"));
    }

    [Test]
    public async Task Verify_EveryAttack_IsRefusedWithoutDisagreement()
    {
        foreach (var file in Directory.GetFiles(SharedVectors.Require(Attacks), "*.xml").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var json = await VerifyAsync(Attacks + name, "\"AuthenticationMode\": \"CertificateSignature\", \"IncludeTimestamp\": false, \"DetectReplays\": false, \"SignedParts\": { \"Body\": true }");

            Assert.That(json["accepted"]!.GetValue<bool>(), Is.False, name);
            Assert.That(json["secondOpinion"]!.AsArray().Select(opinion => opinion!["outcome"]!.GetValue<string>()), Has.None.EqualTo("Disagrees"), name);
        }
    }

    private static async Task<JsonNode> VerifyAsync(string message, string policy)
    {
        var wire = await File.ReadAllTextAsync(SharedVectors.Require(message + ".xml"));
        var keys = SharedVectors.Require("wss4j/keys");
        var certificate = JsonPath(keys, "wss40.wss40.cert.pem");
        using var workplace = new Workplace();
        workplace.AddBinding("Service", policy, $$"""
            "Tolerances": { "AcceptOwnSignature": true },
            "Credentials": { "Certificate": { "Path": {{certificate}}, "KeyPath": {{JsonPath(keys, "wss40.wss40.key.pem")}} }, "PeerCertificates": {{certificate}} },
            "TrustDomains": { "Wss4j": { "Anchors": [ {{JsonPath(keys, "wss40.wss40ca.cert.pem")}} ] } }
            """);
        workplace.Write("wire.xml", wire);
        var created = Regex.Match(wire, "Created>([^<]*:[0-5][0-9](\\.[0-9]+)?Z)<", RegexOptions.CultureInvariant);
        var verify = await workplace.VerifyAsync($" --json --second-opinion --at {(created.Success ? created.Groups[1].Value : "2026-11-23T00:35:00Z")}");
        Assert.That(verify.ExitCode, Is.Not.EqualTo(2), verify.Error);
        return JsonNode.Parse(verify.Out)!;
    }

    private static string JsonPath(string folder, string file) => JsonValue.Create(Path.Combine(folder, file)).ToJsonString();
}
