using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace WsSecurity.Interop.Wss4j;

/// <summary>A header of ours for a node on the way, beside WSS4J's for the service, and the other way round.</summary>
public sealed class TransitTests
{
    private const string Gateway = "urn:interop:gateway";

    private static IEnumerable<TestCaseData> Signed => Profiles.Where([.. Profiles.SignedNames]);

    private static IEnumerable<TestCaseData> Versions => Profiles.Where([.. Profiles.SoapVersions]);

    private static IEnumerable<TestCaseData> Recorded =>
        from profile in Profiles.SignedNames

        // Their Bodies are not signed and have no Id, so that they would get one.
        where !Profiles.All[profile].Contains("elements")
        from version in Profiles.SoapVersions
        select new TestCaseData(profile, version);

    [TestCaseSource(nameof(Recorded))]
    public async Task Recorded_WithOurHeaderAddedAndTakenAway_IsTheSameAndAccepted(string profile, string version)
    {
        var folder = Path.Combine(Peer.Folder, "recorded");
        var now = DateTimeOffset.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "clock")), CultureInfo.InvariantCulture);
        var services = new SecurityServices { TimeProvider = new FakeTimeProvider(now) };
        var binding = Binding.Of(profile, Path.Combine(folder, "keys"));
        var recorded = await File.ReadAllBytesAsync(Path.Combine(folder, $"{profile}.{version}.request.xml"));

        var both = Add(recorded, binding.Client, services);
        var transit = await new TransitRecipient(Policy, Trust(binding), services).VerifyAsync(both, MessageContext.Empty);

        Assert.That(transit.Message.Envelope.ToArray(), Is.EqualTo(recorded));
        using var beside = new Recipient(binding.Policy, binding.Service, services).VerifyRequest(both, binding.Context);
        Assert.That(Messages.Payload(beside.Message.Envelope.ToArray()), Is.EqualTo(Messages.Payload(Messages.Plain(version))));
    }

    [TestCaseSource(nameof(Signed))]
    public async Task Wss4j_OurHeaderForSomebodyElse_VerifiesItsOwn(string profile)
    {
        var binding = Binding.Of(profile, Peer.Keys);
        var secured = await Peer.Post($"secure/{profile}", Messages.Plain("soap12"));

        var answer = await Peer.Post($"verify/{profile}", Add(secured.Content, binding.Client, SecurityServices.Default));

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
    }

    [TestCaseSource(nameof(Versions))]
    public async Task Wss4j_OurHeaderForIt_Verifies(string version)
    {
        var binding = Binding.Of("sign", Peer.Keys);
        var end = Binding.Of("encrypt-sign", Peer.Keys);
        var sent = new ArrayBufferWriter<byte>();
        using var reply = new Initiator(end.Policy, end.Client).ProtectRequest(Messages.Plain(version), end.Context, sent);

        var answer = await Peer.Post($"verify/sign?actor={Gateway}", Add(sent.WrittenSpan.ToArray(), binding.Client, SecurityServices.Default));

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
    }

    [TestCaseSource(nameof(Versions))]
    public async Task Wss4j_ItsHeaderForUs_IsVerifiedAndTakenAway(string version)
    {
        var binding = Binding.Of("sign", Peer.Keys);
        var end = Binding.Of("encrypt-sign", Peer.Keys);
        var inner = await Peer.Post("secure/encrypt-sign", Messages.Plain(version));
        var outer = await Peer.Post($"secure/sign?actor={Gateway}", inner.Content);
        var gateway = new TransitRecipient(Policy, Trust(binding));

        var transit = await gateway.VerifyAsync(outer.Content, MessageContext.Empty);

        Assert.That(transit.Message.IsBodySigned, Is.True);
        using var request = new Recipient(end.Policy, end.Service).VerifyRequest(transit.Message.Envelope.ToArray(), end.Context);
        Assert.That(Messages.Payload(request.Message.Envelope.ToArray()), Is.EqualTo(Messages.Payload(Messages.Plain(version))));
    }

    private static byte[] Add(byte[] envelope, SecurityCredentials client, SecurityServices services)
    {
        var output = new ArrayBufferWriter<byte>();
        new TransitInitiator(Policy, client, services).Protect(envelope, MessageContext.Empty, output);
        return output.WrittenSpan.ToArray();
    }

    private static SecurityPolicy Policy { get; } = SecurityPolicy.CertificateSignature with
    {
        Actor = Gateway,
        SignedParts = new MessageParts { Body = true },
        DefaultAlgorithmSuite = AlgorithmSuite.Basic256GCMSha256,
    };

    private static SecurityCredentials Trust(Binding binding) => new() { TrustDomains = binding.Service.TrustDomains };
}
