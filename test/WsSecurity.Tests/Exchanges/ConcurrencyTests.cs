using System.Buffers;
using System.Security.Claims;
using System.Text;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Exchanges;

/// <summary>The roles are made once and used by everybody at the same time; waiting can be cancelled.</summary>
public sealed class ConcurrencyTests
{
    private const int Threads = 16;

    [TestCase("CertificateSignature", 200)]
    [TestCase("MutualCertificateDuplex", 50)]
    [TestCase("MutualCertificate", 50)]
    [TestCase("UserNameForCertificate", 50)]
    public async Task Exchanges_OfManyThreads_KeepApart(string preset, int count)
    {
        var parties = Presets.Parties(preset);
        var (initiator, recipient) = (parties.Initiator, parties.Recipient);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < count; i++)
            {
                var name = $"{thread}-{i}";
                var output = new ArrayBufferWriter<byte>();
                using var pending = initiator.ProtectRequest(
                    TestParties.Envelope($"<x>{name}</x>", $"<a:MessageID>urn:{name}</a:MessageID>"), MessageContext.Empty, output);
                using var request = await recipient.VerifyRequestAsync(output.WrittenMemory, MessageContext.Empty);
                Assert.That(Text(request.Message), Does.Contain($">{name}<"));
                var reply = new ArrayBufferWriter<byte>();
                request.ProtectReply(TestParties.Envelope($"<y>{name}</y>", $"<a:RelatesTo>urn:{name}</a:RelatesTo>"), MessageContext.Empty, reply);
                Assert.That(Text(await pending.VerifyReplyAsync(reply.WrittenMemory, MessageContext.Empty)), Does.Contain($">{name}<"));
                await request.CompleteAsync();
            }
        })));
    }

    [Test]
    public void VerifyRequestAsync_Cancelled_Throws()
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect();
        Assert.That(
            async () => await parties.Recipient.VerifyRequestAsync(wire, parties.Context, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => parties.Verify(wire), Throws.Nothing, "It was not remembered.");
    }

    [Test]
    public void VerifyReplyAsync_Cancelled_Throws()
    {
        var parties = Presets.Parties("CertificateSignature");
        var (wire, pending) = parties.Protect(TestParties.Envelope("<x/>"));
        Assert.That(async () => await pending.VerifyReplyAsync(wire, parties.Context, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void VerifyRequestAsync_CancelledWhileTheValidatorWaits_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var parties = Presets.Parties("UserNameForCertificate");
        parties.ServiceCredentials = parties.ServiceCredentials with { UsernameTokenValidator = new WaitingValidator(cancellation) };
        var wire = parties.Protect();
        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(wire, parties.Context, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void VerifyRequestAsync_CancelledWhileTheCacheWaits_ReleasesWhatItReserved()
    {
        using var cancellation = new CancellationTokenSource();
        var cache = new CancellingCache(cancellation);
        var parties = Presets.Parties("UserNameForCertificate");
        parties.Services = parties.Services with { ReplayCache = cache };
        var wire = parties.Protect();
        Assert.That(async () => await parties.Recipient.VerifyRequestAsync(wire, parties.Context, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(cache.Held, Is.Empty);
    }

    private static string Text(VerifiedMessage message) => Encoding.UTF8.GetString(message.Envelope.ToArray());

    private sealed class WaitingValidator(CancellationTokenSource cancellation) : IUsernameTokenValidator
    {
        public async ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken)
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        }
    }

    /// <summary>Cancels the call when the second key is to be reserved.</summary>
    private sealed class CancellingCache(CancellationTokenSource cancellation) : IReplayCache
    {
        public HashSet<string> Held { get; } = [];

        public async ValueTask<bool> TryReserveAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken)
        {
            if (Held.Count == 1)
            {
                await cancellation.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return Held.Add(key);
        }

        public ValueTask CompleteAsync(string key, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask ReleaseAsync(string key, CancellationToken cancellationToken)
        {
            Held.Remove(key);
            return ValueTask.CompletedTask;
        }
    }
}
