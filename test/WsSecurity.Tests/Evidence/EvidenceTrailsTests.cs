using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;
using WsSecurity.Evidence;

namespace WsSecurity.Tests.Evidence;

/// <summary>Trails and their use, as configuration states them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EvidenceTrailsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EvidenceTrailsTests()
    {
        File.WriteAllText(_folder.File("host.pem"), TestKeys.Service.ExportCertificatePem() + "\n" + TestKeys.Service.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder.File("ca.pem"), TestKeys.Ca.ExportCertificatePem());
    }

    public void Dispose() => _folder.Dispose();

    [TestCase("\"audit\"", true, true, false)]
    [TestCase("""{ "Trail": "AUDIT" }""", true, true, false)]
    [TestCase("""{ "Trail": "audit", "IsRequired": false, "KeepsSent": false, "KeepsRefused": true }""", false, false, true)]
    public void RecordingOf_Binding_IsWhatItSays(string evidence, bool isRequired, bool keepsSent, bool keepsRefused)
    {
        var configuration = Configuration(evidence, """{ "Location": "trail", "Certificate": "host.pem" }""");
        using (var trails = Trails(configuration))
        {
            var recording = trails.RecordingOf(Load(configuration), "Orders")!;
            using (Assert.EnterMultipleScope())
            {
                Assert.That(recording.IsRequired, Is.EqualTo(isRequired));
                Assert.That(recording.KeepsSent, Is.EqualTo(keepsSent));
                Assert.That(recording.KeepsRefused, Is.EqualTo(keepsRefused));
                Assert.That(recording.Endpoint, Is.EqualTo("Orders"));
                Assert.That(trails.Open("audit"), Is.SameAs(recording.Trail));
            }
        }

        Assert.That(FileEvidenceStore.Read(_folder.File("trail")).Count(), Is.EqualTo(2));
    }

    [Test]
    public void Open_AllKeys_AreTaken()
    {
        using var trails = Trails(Configuration("\"audit\"", """
            {
              "Store": "Files", "Location": "trail", "Certificate": { "Path": "host.pem" }, "Intermediates": [ "ca.pem" ], "MaxPendingSize": 1000,
              "TimestampInterval": "12:00:00",
              "TimestampAuthority": { "Address": "http://127.0.0.1:1/", "Trusted": [ "ca.pem" ], "Timeout": "00:00:01", "ClockSkew": "00:01:00" }
            }
            """));
        Assert.That(() => trails.Open("audit"), Throws.Nothing);
    }

    [Test]
    public void Open_StoreOfAProvider_IsThatOne()
    {
        var configuration = Configuration("\"audit\"", """{ "Store": "memory", "Location": "here", "Certificate": "host.pem" }""");
        var provider = new MemoryProvider();
        using (var trails = new EvidenceTrails(configuration, [provider], new BindingConfigurationOptions { BasePath = _folder.Path }))
        {
            trails.Open("audit");
        }

        Assert.That(provider.Opened, Is.EqualTo($"here {_folder.Path}"));
    }

    [TestCase("""{ "Certificate": "host.pem" }""", "WsSecurity:Evidence:audit:Location")]
    [TestCase("""{ "Location": "trail" }""", "WsSecurity:Evidence:audit:Certificate")]
    [TestCase("""{ "Location": "trail", "Certificate": "ca.pem" }""", "WsSecurity:Evidence:audit:Certificate")]
    [TestCase("""{ "Location": "trail", "Certificate": "host.pem", "Store": "Tape" }""", "WsSecurity:Evidence:audit:Store")]
    [TestCase("""{ "Location": "trail", "Certificate": "host.pem", "Stor": "Files" }""", "WsSecurity:Evidence:audit:Stor")]
    [TestCase("""{ "Location": "trail", "Certificate": "host.pem", "TimestampAuthority": { "Address": "http://x" } }""", "WsSecurity:Evidence:audit:TimestampAuthority:Trusted")]
    [TestCase("""{ "Location": "trail", "Certificate": "host.pem", "TimestampAuthority": { "Address": "ftp://x", "Trusted": "ca.pem" } }""", "WsSecurity:Evidence:audit:TimestampAuthority:Address")]
    public void Open_WrongKey_IsRefusedByItsPath(string trail, string key)
    {
        using var trails = Trails(Configuration("\"audit\"", trail));
        Assert.That(() => trails.Open("audit"), Throws.InstanceOf<BindingConfigurationException>().With.Property("Key").EqualTo(key));
        Assert.That(Directory.Exists(_folder.File("trail")), Is.False);
    }

    [Test]
    public void Open_NameThatIsNone_IsRefused()
    {
        using var trails = Trails(Configuration("\"audit\"", """{ "Location": "trail", "Certificate": "host.pem" }"""));
        Assert.That(() => trails.Open("other"), Throws.InstanceOf<BindingConfigurationException>().With.Property("Key").EqualTo("WsSecurity:Evidence:other"));
    }

    [TestCase("""{ "IsRequired": true }""", "WsSecurity:Bindings:Orders:Evidence:Trail")]
    [TestCase("""{ "Trail": "audit", "Required": true }""", "WsSecurity:Bindings:Orders:Evidence:Required")]
    public void Load_WrongKeyOfTheBinding_IsRefusedByItsPath(string evidence, string key) => Assert.That(
        () => Load(Configuration(evidence, "{}")), Throws.InstanceOf<BindingConfigurationException>().With.Property("Key").EqualTo(key));

    private static IConfiguration Configuration(string evidence, string trail) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""
        { "WsSecurity": {
          "Bindings": { "Orders": { "AuthenticationMode": "CertificateSignature", "Evidence": {{evidence}} } },
          "Evidence": { "audit": {{trail}} }
        } }
        """))).Build();

    private EvidenceTrails Trails(IConfiguration configuration) =>
        new(configuration, [], new BindingConfigurationOptions { BasePath = _folder.Path }, new SecurityServices { TimeProvider = Evidence.Trails.Options.TimeProvider });

    private BindingConfiguration Load(IConfiguration configuration) =>
        BindingConfiguration.Load(configuration, "Orders", new BindingConfigurationOptions { BasePath = _folder.Path });

    private sealed class MemoryProvider : IEvidenceStoreProvider
    {
        public string Name => "Memory";

        public string? Opened { get; private set; }

        public IEvidenceStore Open(string location, string basePath)
        {
            Opened = $"{location} {basePath}";
            return new MemoryEvidenceStore();
        }
    }
}
