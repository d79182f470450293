using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;

namespace WsSecurity.Evidence.Tests;

/// <summary>Tokens of a foreign time-stamping authority, and what a wrong one gives.</summary>
public sealed class TimestampAuthorityTests
{
    [Test]
    public async Task Append_EachCommitTimestamped_VerifiesHereAndWithOpenSsl()
    {
        await using var peer = await OpenSslAuthority.StartAsync();
        using var folder = new TemporaryFolder();
        using var authority = Authority(peer);
        using (var trail = Open(folder, authority, TimeSpan.Zero))
        {
            await trail.AppendAsync(Records.Draft("1"));
        }

        var entries = FileEvidenceStore.Read(folder.Path).ToList();
        var report = Records.Verify(entries);
        var token = entries.Last(entry => EvidenceRecord.Read(entry).Kind == EvidenceKind.Timestamp);
        var checkpoint = entries[(int)EvidenceRecord.Read(token).Parsed.Record.GetProperty("checkpoint").GetInt64()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.IsAccepted, report.Reason);
            Assert.That(report.TimestampedAt, Is.EqualTo(TimeProvider.System.GetUtcNow()).Within(TimeSpan.FromMinutes(1)));
            Assert.That(peer.Requests, Is.EqualTo(2));
            Assert.That(await peer.VerifyAsync(token.Content.ToArray(), [.. checkpoint.Header.Span, .. checkpoint.Content.Span]), Does.Contain("Verification: OK"));
            Assert.That(await peer.VerifyCheckpointAsync(checkpoint.Content.ToArray(), checkpoint.Header.ToArray()), Does.Contain("Verification successful"));
        }
    }

    [Test]
    public async Task Append_TimestampedInTheBackground_KeepsOneTokenAndComesToRest()
    {
        await using var peer = await OpenSslAuthority.StartAsync();
        using var folder = new TemporaryFolder();
        using var authority = Authority(peer);
        using (var trail = Open(folder, authority, TimeSpan.FromHours(1)))
        {
            for (var i = 0; i < 20; i++)
            {
                await trail.AppendAsync(Records.Draft($"{i}"));
            }

            // The token is a record of its own.
            Assert.That(() => FileEvidenceStore.Read(folder.Path).Count(entry => EvidenceRecord.Read(entry).Kind == EvidenceKind.Timestamp), Is.EqualTo(1).After(20_000, 20));
        }

        Assert.That(peer.Requests, Is.EqualTo(1));
        Assert.That(Records.Verify(FileEvidenceStore.Read(folder.Path)).TimestampedAt, Is.Not.Null);
    }

    [Test]
    public async Task Open_AuthorityOfAnotherCa_IsRefused()
    {
        await using var peer = await OpenSslAuthority.StartAsync();
        AssertRefused(peer, EvidenceFailure.TimestampAuthorityNotTrusted, trusted: Keys.OtherTimestampCa);
    }

    [Test]
    public async Task Open_TokenOfAnotherRequest_IsRefused()
    {
        await using var peer = await OpenSslAuthority.StartAsync();
        byte[]? first = null;
        peer.Change = octets => first ??= octets;
        using var folder = new TemporaryFolder();
        using var authority = Authority(peer);
        using var trail = Open(folder, authority, TimeSpan.Zero);
        Assert.That(
            async () => await trail.AppendAsync(Records.Draft("1")),
            Throws.InstanceOf<EvidenceException>().With.Property("Failure").EqualTo(EvidenceFailure.TimestampInvalid));
    }

    [Test]
    public async Task Open_AnswerThatIsNone_IsRefused()
    {
        await using var peer = await OpenSslAuthority.StartAsync();
        peer.Change = _ => [0x30, 0x03, 0x02, 0x01, 0x02];
        AssertRefused(peer, EvidenceFailure.TimestampInvalid);
    }

    [Test]
    public async Task Open_SignatureOfTheTokenChanged_IsRefused()
    {
        await using var peer = await OpenSslAuthority.StartAsync();
        peer.Change = octets =>
        {
            octets[^1] ^= 1;
            return octets;
        };
        AssertRefused(peer, EvidenceFailure.TimestampInvalid);
    }

    [Test]
    public async Task Open_AuthoritysClockElsewhere_IsRefused()
    {
        await using var peer = await OpenSslAuthority.StartAsync();
        AssertRefused(peer, EvidenceFailure.TimestampInvalid, time: new LateClock());
    }

    [Test]
    public void Open_NobodyAnswers_IsRefused()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}/");
        listener.Stop();
        using var folder = new TemporaryFolder();
        using var authority = new TimestampAuthority(address, [Keys.Public(Keys.TimestampCa)]);
        Assert.That(() => Open(folder, authority, TimeSpan.Zero), Throws.InstanceOf<EvidenceException>().With.Property("Failure").EqualTo(EvidenceFailure.TimestampInvalid));
    }

    [Test]
    public async Task Verify_TokenOfAnotherCheckpoint_IsFound()
    {
        await using var peer = await OpenSslAuthority.StartAsync();
        using var folder = new TemporaryFolder();
        using var authority = Authority(peer);
        using (var trail = Open(folder, authority, TimeSpan.Zero))
        {
            await trail.AppendAsync(Records.Draft("1"));
        }

        // A host that signs what it likes can chain a token under another checkpoint; it cannot make the token fit.
        var tokens = FileEvidenceStore.Read(folder.Path).Where(entry => EvidenceRecord.Read(entry).Kind == EvidenceKind.Timestamp).ToList();
        using var other = new TemporaryFolder();
        using (var trail = EvidenceTrail.Open(new FileEvidenceStore(other.Path), Records.Options))
        {
            var record = EvidenceChain.WriteRecord(writer =>
            {
                writer.WriteString("kind", EvidenceKind.Timestamp);
                writer.WriteNumber("checkpoint", 1);
                EvidenceChain.WriteContent(writer, tokens[0].Content.Span);
            });
            await trail.AppendAsync(new EvidenceDraft(record, tokens[0].Content.ToArray()));
        }

        var report = Records.Verify(FileEvidenceStore.Read(other.Path));
        Assert.That(report, Has.Property(nameof(report.Failure)).EqualTo(EvidenceFailure.TimestampInvalid).And.Property(nameof(report.Sequence)).EqualTo(2), report.Reason);
    }

    [Test]
    public void Create_NothingTrustedOrNoHttp_Refuses()
    {
        Assert.That(() => new TimestampAuthority(new Uri("http://tsa.example"), []), Throws.ArgumentException);
        Assert.That(() => new TimestampAuthority(new Uri("ftp://tsa.example"), [Keys.TimestampCa]), Throws.ArgumentException);
    }

    private static TimestampAuthority Authority(OpenSslAuthority peer, X509Certificate2? trusted = null) => new(peer.Address, [Keys.Public(trusted ?? Keys.TimestampCa)]);

    private static EvidenceTrail Open(TemporaryFolder folder, TimestampAuthority authority, TimeSpan interval, TimeProvider? time = null)
    {
        var store = new FileEvidenceStore(folder.Path);
        try
        {
            return EvidenceTrail.Open(
                store, Records.Options with { TimestampAuthority = authority, TimestampInterval = interval, TimeProvider = time ?? TimeProvider.System });
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static void AssertRefused(OpenSslAuthority peer, EvidenceFailure failure, X509Certificate2? trusted = null, TimeProvider? time = null)
    {
        using var folder = new TemporaryFolder();
        using var authority = Authority(peer, trusted);
        Assert.That(() => Open(folder, authority, TimeSpan.Zero, time), Throws.InstanceOf<EvidenceException>().With.Property("Failure").EqualTo(failure));
    }

    private sealed class LateClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddMinutes(-10);
    }
}
