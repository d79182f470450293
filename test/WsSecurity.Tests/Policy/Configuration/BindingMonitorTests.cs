using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace WsSecurity.Tests.Policy.Configuration;

/// <summary>Certificates that change while a host runs.</summary>
internal sealed class BindingMonitorTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new(TestKeys.Now);
    private BindingFile _folder = null!;
    private RecordingLog _log = null!;

    [SetUp]
    public void Open()
    {
        _folder = new BindingFile();
        _log = new RecordingLog();
        Write(TestKeys.Client);
    }

    [TearDown]
    public void Close()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Test]
    public void Current_FilesThatChanged_AreReadOnceTheyRest()
    {
        var monitor = Create();
        Write(TestKeys.Service);
        Assert.That(Subject(monitor), Is.EqualTo(TestKeys.Client.Subject), "before the interval");

        _time.Advance(Interval);
        Assert.That(Subject(monitor), Is.EqualTo(TestKeys.Client.Subject), "seen for the first time");

        _time.Advance(Interval);
        Assert.That(Subject(monitor), Is.EqualTo(TestKeys.Service.Subject));
        Assert.That(_log.Text, Does.Contain("The files of the binding Orders have changed, and were read again."));
    }

    [Test]
    public void Current_FileThatIsStillBeingWritten_KeepsTheOldOne()
    {
        var monitor = Create();
        var pem = TestKeys.Service.ExportCertificatePem();
        for (var length = 100; length < pem.Length; length += 300)
        {
            _folder.Write("own.pem", pem[..length]);
            _time.Advance(Interval);
            Assert.That(Subject(monitor), Is.EqualTo(TestKeys.Client.Subject));
        }
    }

    [Test]
    public void Current_CertificateWhoseKeyIsNotYetThere_KeepsTheOldPair()
    {
        var monitor = Create();
        _folder.Write("own.pem", TestKeys.Service.ExportCertificatePem());
        _time.Advance(Interval);
        _ = monitor.Current;
        _time.Advance(Interval);
        Assert.That(Subject(monitor), Is.EqualTo(TestKeys.Client.Subject));
        Assert.That(monitor.Current.Certificate!.HasPrivateKey, Is.True);
        Assert.That(_log.Text, Does.Contain("cannot be used; what was read before stays in use"));

        Write(TestKeys.Service);
        _time.Advance(Interval);
        _ = monitor.Current;
        _time.Advance(Interval);
        Assert.That(Subject(monitor), Is.EqualTo(TestKeys.Service.Subject));
    }

    [Test]
    public void Current_FileThatCannotBeUsed_IsLoggedOnce()
    {
        var monitor = Create();
        _folder.Write("own.pem", "no certificate");
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(Interval);
            Assert.That(Subject(monitor), Is.EqualTo(TestKeys.Client.Subject));
        }

        Assert.That(_log.Text.Split("cannot be used"), Has.Length.EqualTo(2));
    }

    [Test]
    public void Current_FileThatIsGone_KeepsTheOldOne()
    {
        var monitor = Create();
        File.Delete(Path.Combine(_folder.Folder, "own.pem"));
        _time.Advance(Interval);
        _ = monitor.Current;
        _time.Advance(Interval);
        Assert.That(Subject(monitor), Is.EqualTo(TestKeys.Client.Subject));
    }

    [Test]
    public void Current_RoleThatCannotBeMadeOfTheNewFiles_StaysTheOldOne()
    {
        var monitor = new BindingMonitor<BindingConfiguration>(
            Configuration(), "Orders", binding => binding.Credentials.Certificate!.Subject == TestKeys.Client.Subject ? binding : throw new ArgumentException("no"), Options(), Services());
        Write(TestKeys.Service);
        _time.Advance(Interval);
        _ = monitor.Current;
        _time.Advance(Interval);
        Assert.That(monitor.Current.Credentials.Certificate!.Subject, Is.EqualTo(TestKeys.Client.Subject));
    }

    [Test]
    public void Current_NothingThatChanged_IsTheSameRole()
    {
        var monitor = Create();
        var first = monitor.Current;
        _time.Advance(Interval);
        Assert.That(monitor.Current, Is.SameAs(first));
    }

    [Test]
    public void Current_WithoutAnInterval_NeverLooks()
    {
        var monitor = new BindingMonitor<SecurityCredentials>(Configuration(), "Orders", binding => binding.Credentials, Options() with { ReloadInterval = TimeSpan.Zero }, Services());
        Write(TestKeys.Service);
        _time.Advance(TimeSpan.FromDays(1));
        _ = monitor.Current;
        _time.Advance(TimeSpan.FromDays(1));
        Assert.That(Subject(monitor), Is.EqualTo(TestKeys.Client.Subject));
    }

    [Test]
    public void Create_ConfigurationThatCannotBeUsed_NamesTheKey()
    {
        _folder.Write("own.pem", "no certificate");
        Assert.That(Create, Throws.InstanceOf<BindingConfigurationException>().With.Property(nameof(BindingConfigurationException.Key)).EqualTo("WsSecurity:Bindings:Orders:Credentials:Certificate:KeyPath"));
    }

    private static string Subject(BindingMonitor<SecurityCredentials> monitor) => monitor.Current.Certificate!.Subject;

    private void Write(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        _folder.Write("own.pem", certificate.ExportCertificatePem());
        _folder.Write("own.key", key.ExportPkcs8PrivateKeyPem());
    }

    private BindingMonitor<SecurityCredentials> Create() => new(Configuration(), "Orders", binding => binding.Credentials, Options(), Services());

    private static IConfigurationRoot Configuration() => BindingFile.Parse(
        """{ "WsSecurity": { "Bindings": { "Orders": { "AuthenticationMode": "MutualCertificateDuplex", "Credentials": { "Certificate": { "Path": "own.pem", "KeyPath": "own.key" } } } } } }""");

    private BindingConfigurationOptions Options() => new() { BasePath = _folder.Folder, ReloadInterval = Interval };

    private SecurityServices Services() => new() { TimeProvider = _time, LoggerFactory = _log };
}
