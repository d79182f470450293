using System.Buffers;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework.Constraints;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>What Mono once wrote, for machines without it; see recorded/ and the README beside it.</summary>
public sealed class RecordedTests
{
    /// <summary>What the proxies said.</summary>
    internal const string What = "Grüße, <markup> & €";

    private static readonly DateTimeOffset Clock =
        DateTimeOffset.Parse(File.ReadAllText(Path.Combine(Folder, "clock")).Trim(), CultureInfo.InvariantCulture).AddSeconds(30);

    /// <summary>Where they are.</summary>
    internal static string Folder => Path.Combine(Peer.Folder, "recorded");

    private static string Keys => Path.Combine(Folder, "keys");

    private static IEnumerable<string> Asymmetric => Profiles.All.Where(profile => profile.Contains("Wss10", StringComparison.Ordinal));

    private static IEnumerable<string> Symmetric => Profiles.All.Except(Asymmetric);

    [TestCaseSource(typeof(Profiles), nameof(Profiles.All))]
    public void Request_Recorded_IsAccepted(string profile)
    {
        using var request = Verify(profile, Read(profile, "request"));

        Assert.That(Element(request.Message, "what"), Is.EqualTo(What));
        EvidenceAssert.Covers(request.Message.Evidence, profile);
    }

    // Only the algorithm of Mono's own choice has to be said beside the configuration; without it the suite refuses it.
    [TestCaseSource(typeof(Profiles), nameof(Profiles.All))]
    public void Request_RecordedAndReadByTheConfigurationAlone_IsAcceptedWhereMonoKeepsToIt(string profile)
    {
        var recipient = new Recipient(Parties.Configured(profile), Parties.Service(Keys), At(Clock));
        if (Parties.SignsByCertificateAndSha1(profile))
        {
            Assert.That(() => recipient.VerifyRequest(Read(profile, "request"), MessageContext.Empty), Refused(SecurityFailure.SignatureAlgorithmNotAllowed));
            return;
        }

        using var request = recipient.VerifyRequest(Read(profile, "request"), MessageContext.Empty);
        Assert.That(Element(request.Message, "what"), Is.EqualTo(What));
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.All))]
    public void Request_RecordedAndReadAnHourLater_IsExpired(string profile) =>
        Assert.That(() => Recipient(profile, Clock.AddHours(1)).VerifyRequest(Read(profile, "request"), MessageContext.Empty), Refused(SecurityFailure.MessageExpired));

    [TestCaseSource(typeof(Profiles), nameof(Profiles.All))]
    public void Request_RecordedAndSentTwice_IsReplayed(string profile)
    {
        var recipient = Recipient(profile, Clock);
        using var first = recipient.VerifyRequest(Read(profile, "request"), MessageContext.Empty);

        Assert.That(() => recipient.VerifyRequest(Read(profile, "request"), MessageContext.Empty), Refused(SecurityFailure.MessageReplayed));
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.All))]
    public void Request_RecordedAndSentElsewhere_IsRefused(string profile) =>
        Assert.That(() => Verify(profile, Tampering.Apply("to", Read(profile, "request"))), Refused(SecurityFailure.DigestMismatch));

    [TestCaseSource(typeof(Profiles), nameof(Profiles.All))]
    public void Request_RecordedAndWrapped_IsRefused(string profile) =>
        Assert.That(() => Verify(profile, Tampering.Apply("wrap", Read(profile, "request"))), Refused(SecurityFailure.SignedElementNotInPlace));

    // What binds it to its request is the signed RelatesTo.
    [TestCaseSource(nameof(Asymmetric))]
    public void Reply_Recorded_IsAccepted(string profile)
    {
        using var pending = Protect(profile, MessageId(profile));

        var reply = pending.VerifyReply(Read(profile, "reply"), MessageContext.Empty);

        Assert.That(Element(reply, "GreetResult"), Does.StartWith($"you said {What}"));
        EvidenceAssert.Covers(reply.Evidence, profile);
    }

    [TestCaseSource(nameof(Asymmetric))]
    public void Reply_RecordedForAnotherRequest_IsRefused(string profile)
    {
        using var pending = Protect(profile, "urn:uuid:6f1c1a4e-4d1b-4c52-9a57-0c1d7b1f5b10");

        Assert.That(() => pending.VerifyReply(Read(profile, "reply"), MessageContext.Empty), Refused(SecurityFailure.ReplyNotBound));
    }

    // They are under the request's key, which nobody has any more.
    [TestCaseSource(nameof(Symmetric))]
    public void Reply_RecordedUnderAnotherKey_IsRefused(string profile)
    {
        using var pending = Protect(profile, MessageId(profile));

        Assert.That(() => pending.VerifyReply(Read(profile, "reply"), MessageContext.Empty), Refused(SecurityFailure.SecurityTokenUnavailable));
    }

    private static EqualConstraint<SecurityFailure> Refused(SecurityFailure reason) =>
        Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).EqualTo(reason);

    private static byte[] Read(string profile, string kind) => File.ReadAllBytes(Path.Combine(Folder, $"{profile}.{kind}.xml"));

    private static VerifiedRequest Verify(string profile, byte[] message) => Recipient(profile, Clock).VerifyRequest(message, MessageContext.Empty);

    private static Recipient Recipient(string profile, DateTimeOffset now) => new(Parties.Policy(profile), Parties.Service(Keys), At(now));

    private static PendingReply Protect(string profile, string messageId)
    {
        var plain = $"""
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><a:Action>urn:wssecurity:mono/Greeter/Greet</a:Action><a:MessageID>{messageId}</a:MessageID></s:Header><s:Body/></s:Envelope>
            """;
        return new Initiator(Parties.Policy(profile), Parties.Client(Keys), At(Clock)).ProtectRequest(Encoding.UTF8.GetBytes(plain), MessageContext.Empty, new ArrayBufferWriter<byte>());
    }

    private static SecurityServices At(DateTimeOffset now) => new() { TimeProvider = new FakeTimeProvider(now) };

    private static string MessageId(string profile)
    {
        using var stream = new MemoryStream(Read(profile, "request"));
        return XDocument.Load(stream).Descendants().Single(element => element.Name.LocalName == "MessageID").Value;
    }

    private static string Element(VerifiedMessage message, string name)
    {
        using var stream = message.OpenRead();
        return XDocument.Load(stream).Descendants().Single(element => element.Name.LocalName == name).Value;
    }
}
