using System.Buffers;

namespace WsSecurity.Interop.Wss4j;

/// <summary>WSS4J's requests to our service, and our replies.</summary>
public sealed class RecipientTests
{
    private EchoService _service = null!;

    [OneTimeSetUp]
    public async Task Start() => _service = await EchoService.Start();

    [OneTimeTearDown]
    public async Task Stop() => await _service.DisposeAsync();

    [TestCaseSource(typeof(Profiles), nameof(Profiles.Cases))]
    public async Task Request_OfWss4jClient_IsAcceptedAndItsReplyVerifies(string profile, string version)
    {
        var plain = Messages.Plain(version);

        var answer = await Peer.Post($"client/{profile}?url={_service.Endpoint(profile)}&action=urn:wssecurity:interop/Echo", plain);

        Assert.That(answer.Status, Is.EqualTo(200), $"{_service.Refusal} {answer.Text}");
        Assert.That(Messages.Payload(answer.Content), Is.EqualTo(Messages.Payload(plain)));
        Assert.That(Messages.Payload(_service.Accepted!.Envelope.ToArray()), Is.EqualTo(Messages.Payload(plain)));
        EvidenceAssert.Covers(_service.Accepted.Evidence, profile);
    }

    [TestCaseSource(nameof(SignOnly))]
    public async Task Request_OfSignerThatWeDoNotTrust_IsRefused(string profile)
    {
        using var strangers = new TemporaryKeys();
        var binding = Binding.Of(profile, Peer.Keys);
        var trust = new TrustDomain { Name = "strangers", Anchors = [TestKeys.Read(strangers.Folder, "ca")] };
        var recipient = new Recipient(binding.Policy, binding.Service with { TrustDomains = [trust] });

        var secured = await Peer.Post($"secure/{profile}", Messages.Plain("soap11"));

        Assert.That(secured.Status, Is.EqualTo(200), secured.Text);
        Assert.That(
            () => recipient.VerifyRequest(secured.Content, MessageContext.Empty),
            Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    [TestCaseSource(nameof(PasswordKeys))]
    public async Task Request_ByTheKeyOfAPasswordThatWeDoNotKnow_IsRefused(string profile)
    {
        using var strangers = new TemporaryKeys();
        File.WriteAllText(Path.Combine(strangers.Folder, "users.properties"), "alice=another one\n");
        var recipient = new Recipient(
            Binding.Of(profile, Peer.Keys).Policy,
            Binding.Of(profile, Peer.Keys).Service with { UsernameTokenValidator = Binding.Of(profile, strangers.Folder).Service.UsernameTokenValidator });

        var secured = await Peer.Post($"secure/{profile}", Messages.Plain("soap11"));

        Assert.That(secured.Status, Is.EqualTo(200), secured.Text);
        Assert.That(
            () => recipient.VerifyRequest(secured.Content, MessageContext.Empty),
            Refused.With(SecurityFailure.SignatureInvalid, SecurityFailure.DecryptionFailed));
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfRequests))]
    public async Task Request_TamperedWithByWss4j_IsRefused(string profile, string tampering)
    {
        var answer = await Peer.Post($"client/{profile}?url={_service.Endpoint(profile)}&tamper={tampering}", Messages.Plain("soap11"));

        Assert.That(answer.Status, Is.EqualTo(502), answer.Text);
        Assert.That(answer.Text, Does.StartWith("status 500").And.Contains(":Fault"));
        Assert.That(_service.Refusal!.Failure, Is.AnyOf(Tampering.Failures(tampering)));
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfReplies))]
    public async Task Reply_TamperedWith_IsRefusedByWss4jClient(string profile, string tampering)
    {
        var honest = await Peer.Post($"client/{profile}?url={_service.Endpoint(profile, "nothing")}", Messages.Plain("soap11"));
        var answer = await Peer.Post($"client/{profile}?url={_service.Endpoint(profile, tampering)}", Messages.Plain("soap11"));

        Assert.That(honest.Status, Is.EqualTo(200), $"{_service.Refusal} {honest.Text}");
        Assert.That(answer.Status, Is.EqualTo(502), answer.Text);
        Assert.That(answer.Text, Does.StartWith("refused reply: "));
    }

    private static IEnumerable<TestCaseData> PasswordKeys => Profiles.Where("password-key", "password-key-encrypt", "password-derived", "password-endorsed", "password-endorsed-derived");

    private static IEnumerable<TestCaseData> SignOnly => Profiles.Where("sign");
}
