using System.Buffers;

namespace WsSecurity.Interop.Wss4j;

/// <summary>Our requests to WSS4J's service, and its replies.</summary>
public sealed class InitiatorTests
{
    [TestCaseSource(typeof(Profiles), nameof(Profiles.Cases))]
    public async Task Request_ToWss4jService_IsAcceptedAndItsReplyVerifies(string profile, string version)
    {
        var plain = Messages.Plain(version);
        using var pending = Protect(profile, plain, out var wire);

        var answer = await Peer.Post($"service/{profile}", wire);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        var reply = pending.VerifyReply(answer.Content, MessageContext.Empty);

        Assert.That(Messages.Payload(reply.Envelope.ToArray()), Is.EqualTo(Messages.Payload(plain)));
        EvidenceAssert.Covers(reply.Evidence, profile);
    }

    [TestCaseSource(nameof(References))]
    public async Task Request_ByKeyReference_NamesTheCertificateSo(string profile, string seen)
    {
        using var pending = Protect(profile, Messages.Plain("soap11"), out var wire);

        var answer = await Peer.Post($"verify/{profile}", wire);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(answer.Text.Split('\n'), Has.Member(seen));
    }

    [TestCaseSource(nameof(SignOnly))]
    public async Task Request_OfUntrustedSigner_IsRefusedByWss4jService(string profile)
    {
        using var strangers = new TemporaryKeys();
        var binding = Binding.Of(profile, Peer.Keys);
        var stranger = binding.Client with { Certificate = TestKeys.Read(strangers.Folder, "client") };
        var output = new ArrayBufferWriter<byte>();
        using var pending = new Initiator(binding.Policy, stranger).ProtectRequest(Messages.Plain("soap11"), binding.Context, output);

        var answer = await Peer.Post($"service/{profile}", output.WrittenSpan.ToArray());

        Assert.That(answer.Status, Is.EqualTo(500), answer.Text);
        Assert.That(answer.Text, Does.Contain("certificate path validation"));
    }

    [TestCaseSource(nameof(PasswordKeys))]
    public async Task Request_ByTheKeyOfAnotherPassword_IsRefusedByWss4jService(string profile)
    {
        var binding = Binding.Of(profile, Peer.Keys);
        var output = new ArrayBufferWriter<byte>();
        using var pending = new Initiator(binding.Policy, binding.Client with { Password = "another one" }).ProtectRequest(Messages.Plain("soap11"), binding.Context, output);

        var answer = await Peer.Post($"service/{profile}", output.WrittenSpan.ToArray());

        Assert.That(answer.Status, Is.EqualTo(500), answer.Text);
        Assert.That(answer.Text, Does.Contain("signature or decryption was invalid").Or.Contain("decryption"));
    }

    [TestCaseSource(nameof(Usernames))]
    public async Task Request_WithUsedNonce_IsRefusedByWss4jService(string profile)
    {
        using var pending = Protect(profile, Messages.Plain("soap11"), out var wire);

        var first = await Peer.Post($"service/{profile}", wire);
        var second = await Peer.Post($"service/{profile}", wire);

        Assert.That(first.Status, Is.EqualTo(200), first.Text);
        Assert.That(second.Status, Is.EqualTo(500), second.Text);
        Assert.That(second.Text, Does.Contain("replay"));
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfRequests))]
    public async Task Request_TamperedWith_IsRefusedByWss4jService(string profile, string tampering)
    {
        using var pending = Protect(profile, Messages.Plain("soap11"), out var wire);
        var rewritten = await Peer.Post("tamper/nothing", wire);
        var tampered = await Peer.Post($"tamper/{tampering}", wire);
        Assert.That(tampered.Status, Is.EqualTo(200), tampered.Text);

        var accepted = await Peer.Post($"verify/{profile}", rewritten.Content);
        var refused = await Peer.Post($"service/{profile}", tampered.Content);

        Assert.That(accepted.Status, Is.EqualTo(200), accepted.Text);
        Assert.That(refused.Status, Is.EqualTo(500), refused.Text);
        Assert.That(refused.Text, Does.Contain(":Fault"));
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfReplies))]
    public async Task Reply_TamperedWithByWss4j_IsRefused(string profile, string tampering)
    {
        using var pending = Protect(profile, Messages.Plain("soap11"), out var wire);

        var answer = await Peer.Post($"service/{profile}?tamper={tampering}", wire);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(
            () => pending.VerifyReply(answer.Content, MessageContext.Empty),
            Refused.With(Tampering.Failures(tampering)));
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.Bound))]
    public async Task Reply_ToAnotherRequest_IsRefused(string profile)
    {
        using var first = Protect(profile, Messages.Plain("soap11"), out var firstWire);
        using var second = Protect(profile, Messages.Plain("soap11"), out _);

        var answer = await Peer.Post($"service/{profile}", firstWire);

        Assert.That(() => second.VerifyReply(answer.Content, MessageContext.Empty), Throws.InstanceOf<WsSecurityException>());
        Assert.That(first.VerifyReply(answer.Content, MessageContext.Empty).IsFault, Is.False);
    }

    // WSS4J's names for the forms; it has one for all KeyIdentifiers but thumbprints.
    private static IEnumerable<TestCaseData> References =>
        Profiles.Where(
            ("sign", "signature-reference DIRECT_REF"),
            ("sign-issuer-serial", "signature-reference ISSUER_SERIAL"),
            ("sign-ski", "signature-reference KEY_IDENTIFIER"),
            ("sign-thumbprint", "signature-reference THUMBPRINT_SHA1"),
            ("encrypt", "recipient-reference ISSUER_SERIAL"),
            ("encrypt-ski", "recipient-reference KEY_IDENTIFIER"),
            ("encrypt-thumbprint", "recipient-reference THUMBPRINT_SHA1"));

    private static IEnumerable<TestCaseData> SignOnly => Profiles.Where("sign");

    private static IEnumerable<TestCaseData> PasswordKeys => Profiles.Where("password-key", "password-key-encrypt", "password-derived", "password-endorsed", "password-endorsed-derived");

    private static IEnumerable<TestCaseData> Usernames => Profiles.Where("username-digest", "username-text", "username-sign");

    private static PendingReply Protect(string profile, byte[] plain, out byte[] wire)
    {
        var binding = Binding.Of(profile, Peer.Keys);
        var output = new ArrayBufferWriter<byte>();
        var pending = new Initiator(binding.Policy, binding.Client).ProtectRequest(plain, binding.Context, output);
        wire = output.WrittenSpan.ToArray();
        return pending;
    }
}
