using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;
using WsSecurity.Evidence;
using WsSecurity.Evidence.Sqlite;

namespace WsSecurity.Cli.Tests;

/// <summary><c>wssec evidence</c> on a trail that the recipient of a configuration wrote.</summary>
public sealed class EvidenceCommandTests
{
    // 0 Opened, 1 checkpoint, then a request and a checkpoint in turns.
    private const int Request = 2;

    private Workplace _workplace = null!;
    private byte[] _wire = null!;

    [SetUp]
    public async Task Write()
    {
        _workplace = new Workplace();
        _workplace.AddBindings("\"AuthenticationMode\": \"MutualCertificateDuplex\"");
        await WriteAsync(new FileEvidenceStore(_workplace.PathOf("trail.d")));
    }

    [TearDown]
    public void Close() => _workplace.Dispose();

    [Test]
    public async Task Verify_WholeTrail_ProvesTheMessagesAnew()
    {
        var result = await VerifyAsync(" --config bindings.json");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
            Assert.That(result.Out, Does.StartWith("whole   6 records, of which 2 messages, 2 proven anew").And.Match("head +5:[0-9a-f]{64}"));
        }
    }

    [Test]
    public async Task Verify_ByKnownHead_FindsACutEnd()
    {
        var head = (await VerifyAsync()).Out.Split('\n')[1].Trim().Split(' ')[^1];
        var segment = Segment();
        var entries = FileEvidenceStore.Read(segment).ToList();
        Rewrite(entries[..4]);
        var without = await VerifyAsync();
        var with = await VerifyAsync($" --head {head}");
        Assert.That((without.ExitCode, with.ExitCode, with.Failure), Is.EqualTo((0, 1, "HeadMissing")));
    }

    [Test]
    public async Task Verify_AlteredRemovedReordered_NamesTheRecord()
    {
        var entries = FileEvidenceStore.Read(Segment()).ToList();
        await AssertFound("RecordAltered", $"Record {Request} ", [.. entries[..Request], entries[Request] with { Content = "<x/>"u8.ToArray() }, .. entries[(Request + 1)..]]);
        await AssertFound("RecordMissing", $"Record {Request} ", [.. entries[..Request], .. entries[(Request + 1)..]]);
        await AssertFound("RecordOutOfOrder", $"record {Request} ", [.. entries[..Request], entries[4], entries[3], entries[Request], entries[5]]);
        await AssertFound("RecordNotSigned", $"Record {Request + 2} ", entries[..^1]);
    }

    [Test]
    public async Task Verify_HalfARecord_SaysSo()
    {
        File.WriteAllBytes(Segment(), File.ReadAllBytes(Segment())[..^7]);
        var result = await VerifyAsync();
        Assert.That((result.ExitCode, result.Failure), Is.EqualTo((1, "RecordIncomplete")));
    }

    [Test]
    public async Task Verify_SignedByAnother_IsNotTrusted()
    {
        var result = await _workplace.RunAsync("evidence verify --in trail.d --trust client.pem");
        Assert.That((result.ExitCode, result.Failure), Is.EqualTo((1, "SignerNotTrusted")));
    }

    [Test]
    public async Task Verify_BindingTrustsOthersNow_SaysThatTheMessageDoesNotProve()
    {
        _workplace.AddBindings("\"AuthenticationMode\": \"MutualCertificateDuplex\"", "curve.pem");
        var result = await VerifyAsync(" --config bindings.json");
        Assert.That((result.ExitCode, result.Failure), Is.EqualTo((1, "MessageNotProven")));
    }

    [Test]
    public async Task List_Trail_HasALineForEachRecord()
    {
        var result = await _workplace.RunAsync("evidence list --in trail.d");
        var lines = result.Out.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(6));
        Assert.That(lines[Request], Does.Contain("RequestReceived").And.Contains("Service").And.Contains("CN=Client"));
    }

    [Test]
    public async Task Show_Record_WritesTheMessageAsItWasOnTheWire()
    {
        var result = await _workplace.RunAsync($"evidence show --in trail.d --sequence {Request} --out kept.xml --header-out kept.json");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(result.Out, Does.Contain("\"direction\": \"RequestReceived\"").And.Contains("rsa-sha256"));
            Assert.That(File.ReadAllBytes(_workplace.PathOf("kept.xml")), Is.EqualTo(_wire));
            Assert.That(_workplace.Read("kept.json"), Does.StartWith("{\"format\":1,"));
        }

        Assert.That((await _workplace.RunAsync("evidence show --in trail.d --sequence 99")).ExitCode, Is.EqualTo(2));
    }

    [Test]
    public async Task Export_SqliteDatabase_VerifiesElsewhere()
    {
        await WriteAsync(new SqliteEvidenceStore(_workplace.PathOf("trail.db")));
        var direct = await VerifyAsync(trail: "trail.db");
        var export = await _workplace.RunAsync("evidence export --in trail.db --out trail.evidence");
        var again = await VerifyAsync(trail: "trail.evidence");
        Assert.That((direct.ExitCode, export.ExitCode, again.ExitCode, again.Out), Is.EqualTo((0, 0, 0, direct.Out)), direct.Error + export.Error + again.Error);
    }

    [TestCase("evidence verify --trust service.pem")]
    [TestCase("evidence verify --in trail.d")]
    [TestCase("evidence verify --in trail.d --trust none.pem")]
    [TestCase("evidence verify --in trail.d --trust plain.xml")]
    [TestCase("evidence verify --in trail.d --trust service.pem --head 5")]
    [TestCase("evidence verify --in trail.d --trust service.pem --config none.json")]
    [TestCase("evidence list --in trail.d --postgresql Host=x")]
    [TestCase("evidence show --in trail.d")]
    public async Task Run_WrongUsage_ExitsWithTwo(string commandLine)
    {
        var result = await _workplace.RunAsync(commandLine);
        Assert.That((result.ExitCode, result.Error.Length > 0), Is.EqualTo((2, true)), result.Error);
    }

    [TestCase("evidence verify --in none.d --trust service.pem")]
    [TestCase("evidence list --in none.d")]
    public async Task Run_NoTrail_SaysSo(string commandLine)
    {
        var result = await _workplace.RunAsync(commandLine);
        Assert.That((result.ExitCode, result.Failure), Is.EqualTo((1, "TrailMissing")));
    }

    private async Task AssertFound(string failure, string record, List<EvidenceEntry> entries)
    {
        Rewrite(entries);
        var result = await VerifyAsync();
        Assert.That((result.ExitCode, result.Failure), Is.EqualTo((1, failure)), result.Error);
        Assert.That(result.Error, Does.Contain(record));
    }

    private Task<Result> VerifyAsync(string more = "", string trail = "trail.d") => _workplace.RunAsync($"evidence verify --in {trail} --trust service.pem{more}");

    private string Segment() => Directory.GetFiles(_workplace.PathOf("trail.d"), "segment-*").Single();

    private void Rewrite(List<EvidenceEntry> entries)
    {
        using var file = File.Create(Segment());
        FileEvidenceStore.Export(entries, file);
    }

    private async Task WriteAsync(IEvidenceStore store)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(_workplace.PathOf("service.pem"));
        using var trail = EvidenceTrail.Open(store, new EvidenceTrailOptions { Certificate = certificate });
        var configuration = new ConfigurationBuilder().AddJsonFile(_workplace.PathOf("bindings.json")).Build();
        var binding = BindingConfiguration.Load(
            configuration, "Service", new BindingConfigurationOptions { BasePath = Path.GetDirectoryName(_workplace.PathOf("x"))!, EnvironmentName = "Development" });
        var recipient = new Recipient(binding.Policy, binding.Credentials, new SecurityServices { Evidence = new EvidenceRecording { Trail = trail, Endpoint = "Service" } });
        for (var i = 0; i < 2; i++)
        {
            await _workplace.ProtectAsync();
            var wire = await File.ReadAllBytesAsync(_workplace.PathOf("wire.xml"));
            _wire = i == 0 ? wire : _wire;
            (await recipient.VerifyRequestAsync(wire, MessageContext.Empty)).Dispose();
        }
    }
}
