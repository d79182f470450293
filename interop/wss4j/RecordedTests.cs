using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace WsSecurity.Interop.Wss4j;

/// <summary>What WSS4J once wrote, for machines without it; see recorded/ and the README beside it.</summary>
public sealed class RecordedTests
{
    private static readonly string Folder = Path.Combine(Peer.Folder, "recorded");
    private static readonly string Keys = Path.Combine(Folder, "keys");
    private static readonly DateTimeOffset Clock =
        DateTimeOffset.Parse(File.ReadAllText(Path.Combine(Folder, "clock")).Trim(), CultureInfo.InvariantCulture);

    private static IEnumerable<TestCaseData> Recordings =>
        from name in Profiles.All.Keys
        from version in Profiles.SoapVersions
        select new TestCaseData(name, version);

    private static IEnumerable<TestCaseData> Expiring =>
        Recordings.Where(recording => Profiles.All[(string)recording.Arguments[0]!].Contains("timestamp"));

    [TestCaseSource(nameof(Recordings))]
    public void Request_Recorded_IsAccepted(string profile, string version)
    {
        using var request = Verify(profile, version, Clock);

        Assert.That(Messages.Payload(request.Message.Envelope.ToArray()), Is.EqualTo(Messages.Payload(Messages.Plain(version))));
        EvidenceAssert.Covers(request.Message.Evidence, profile);
    }

    [TestCaseSource(nameof(Expiring))]
    public void Request_RecordedAndReadAnHourLater_IsExpired(string profile, string version)
    {
        Assert.That(
            () => Verify(profile, version, Clock.AddHours(1)),
            Refused.With(SecurityFailure.MessageExpired));
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.SignedNames))]
    public void Request_RecordedAndSentTwice_IsReplayed(string profile)
    {
        var recipient = Recipient(profile, Clock);
        using var first = recipient.VerifyRequest(Recorded(profile, "soap11"), MessageContext.Empty);

        Assert.That(
            () => recipient.VerifyRequest(Recorded(profile, "soap11"), MessageContext.Empty),
            Refused.With(SecurityFailure.MessageReplayed));
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.UnboundNames))]
    public void Reply_Recorded_IsAccepted(string profile)
    {
        using var pending = Protect(profile);

        var reply = pending.VerifyReply(Recorded(profile, "soap11", "reply"), MessageContext.Empty);

        Assert.That(Messages.Payload(reply.Envelope.ToArray()), Is.EqualTo(Messages.Payload(Messages.Plain("soap11"))));
        EvidenceAssert.Covers(reply.Evidence, profile);
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.BoundNames))]
    public void Reply_RecordedForAnotherRequest_IsRefused(string profile)
    {
        using var pending = Protect(profile);

        Assert.That(
            () => pending.VerifyReply(Recorded(profile, "soap11", "reply"), MessageContext.Empty),
            Refused.With(SecurityFailure.SignatureConfirmationMismatch, SecurityFailure.SecurityTokenUnavailable));
    }

    [TestCase("sign")]
    [TestCase("sign-token")]
    [TestCase("username-sign")]
    public void Request_RecordedWithOneLetterChanged_IsRefused(string profile)
    {
        var text = Encoding.UTF8.GetString(Recorded(profile, "soap11"));
        var changed = Encoding.UTF8.GetBytes(text.Replace("Grüße", "Grüsse", StringComparison.Ordinal));

        Assert.That(
            () => Recipient(profile, Clock).VerifyRequest(changed, MessageContext.Empty),
            Refused.With(SecurityFailure.DigestMismatch));
    }

    private static byte[] Recorded(string profile, string version, string kind = "request") =>
        File.ReadAllBytes(Path.Combine(Folder, $"{profile}.{version}.{kind}.xml"));

    private static VerifiedRequest Verify(string profile, string version, DateTimeOffset now) =>
        Recipient(profile, now).VerifyRequest(Recorded(profile, version), Binding.Of(profile, Keys).Context);

    private static PendingReply Protect(string profile)
    {
        var binding = Binding.Of(profile, Keys);
        var initiator = new Initiator(binding.Policy, binding.Client, At(Clock));
        return initiator.ProtectRequest(Messages.Plain("soap11"), binding.Context, new ArrayBufferWriter<byte>());
    }

    private static Recipient Recipient(string profile, DateTimeOffset now)
    {
        var binding = Binding.Of(profile, Keys);
        return new Recipient(binding.Policy, binding.Service, At(now));
    }

    private static SecurityServices At(DateTimeOffset now) => new() { TimeProvider = new FakeTimeProvider(now) };
}
