using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using WsSecurity.Evidence;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>An endpoint whose messages are kept: what is kept, and what happens when that fails.</summary>
public sealed class EvidenceTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    [Test]
    public async Task Call_TrailFromConfiguration_KeepsWhatWasOnTheWire()
    {
        using var folder = new TemporaryFolder();
        byte[] request, reply;
        await using (var host = await EchoHost.StartAsync(
            app => app.UseWsSecurity(EchoHost.Path, "Echo"),
            builder =>
            {
                Configure(builder, folder.Path);
                builder.Services.AddWsSecurity("Echo", endpoint => endpoint with { Policy = Policy, Credentials = TestKeys.ServiceCredentials });
            }))
        {
            using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
            request = client.Protect("Echo", "kept");
            reply = (await client.PostAsync(request)).Octets;
        }

        var kept = FileEvidenceStore.Read(Path.Combine(folder.Path, "trail")).ToList();
        var messages = kept.Select(EvidenceRecord.Read).Where(record => record.Direction is not null).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(messages.Select(record => record.Content.ToArray()), Is.EqualTo(new[] { request, reply }));
            Assert.That(messages[0].Tokens, Is.EqualTo(new[] { "CN=Client" }));
            Assert.That(messages[0].Endpoint, Is.EqualTo("Echo"));
            Assert.That(new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [TestKeys.Authority] }).Verify(kept).IsAccepted);
        }
    }

    [Test]
    public async Task Call_StoreDown_IsAnsweredByADullFaultAndNeverDispatched()
    {
        var store = new FailingStore();
        using var trail = EvidenceTrail.Open(store, new EvidenceTrailOptions { Certificate = TestKeys.Service });
        await using var host = await EchoHost.StartAsync(
            app => app.UseWsSecurity(EchoHost.Path, new WsSecurityEndpoint { Policy = Policy, Credentials = TestKeys.ServiceCredentials }),
            builder => builder.Services.AddSingleton(new EvidenceRecording { Trail = trail }));
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        store.IsDown = true;
        var reply = await client.PostAsync(client.Protect("Echo", "not kept"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.StatusCode, Is.EqualTo(500));
            Assert.That(reply.FaultCode, Is.EqualTo("FailedCheck"));
            Assert.That(reply.Text, Does.Not.Contain("disk"));
            Assert.That(host.Echo.Calls, Is.Zero);
            Assert.That(host.Log.Failures, Has.Some.EqualTo(SecurityFailure.EvidenceUnavailable));
        }

        store.IsDown = false;
        Assert.That((await client.CallAsync("Echo", "kept")).Text, Is.EqualTo("kept"));
    }

    [Test]
    public async Task Call_StoreDownForTheReply_WithholdsIt()
    {
        var store = new FailingStore();
        using var trail = EvidenceTrail.Open(store, new EvidenceTrailOptions { Certificate = TestKeys.Service });
        var recording = new EvidenceRecording { Trail = trail };
        await using var host = await EchoHost.StartAsync(
            app =>
            {
                app.UseWsSecurity(EchoHost.Path, new WsSecurityEndpoint { Policy = Policy, Credentials = TestKeys.ServiceCredentials, Evidence = recording });
                app.Use((context, next) =>
                {
                    store.IsDown = true;
                    return next(context);
                });
            });
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        var reply = await client.PostAsync(client.Protect("Echo", "answered"));
        Assert.That((reply.StatusCode, reply.Octets.Length), Is.EqualTo((500, 0)));
    }

    private static void Configure(WebApplicationBuilder builder, string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, "host.pfx"), TestKeys.Service.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pfx, "password"));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["WsSecurity:Bindings:Echo:AuthenticationMode"] = "MutualCertificateDuplex",
            ["WsSecurity:Bindings:Echo:Evidence"] = "audit",
            ["WsSecurity:Evidence:audit:Location"] = Path.Combine(folder, "trail"),
            ["WsSecurity:Evidence:audit:Certificate:Path"] = Path.Combine(folder, "host.pfx"),
            ["WsSecurity:Evidence:audit:Certificate:Password"] = "password",
        });
    }

    private sealed class FailingStore : IEvidenceStore
    {
        private readonly List<EvidenceEntry> _entries = [];

        public bool IsDown { get; set; }

        public void Append(EvidenceBatch next)
        {
            if (IsDown)
            {
                throw new IOException("the disk is full");
            }

            _entries.AddRange(next(new EvidenceTail { LastHeader = _entries.Count == 0 ? default : _entries[^1].Header }));
        }

        public IEnumerable<EvidenceEntry> Read() => _entries;

        public void Dispose()
        {
        }
    }
}
