using NUnit.Framework;

namespace WsSecurity.Cli.Tests;

/// <summary>A wrong command line and a configuration that cannot be used end with 2, and say why.</summary>
public sealed class UsageTests
{
    private Workplace _workplace = null!;

    [SetUp]
    public void Open()
    {
        _workplace = new Workplace();
        _workplace.AddBindings("\"AuthenticationMode\": \"MutualCertificateDuplex\"");
    }

    [TearDown]
    public void Close() => _workplace.Dispose();

    [TestCase("", "Required command was not provided")]
    [TestCase("sign", "'sign'")]
    [TestCase("verify", "'--config' is required")]
    [TestCase("verify --config bindings.json --binding Service", "'--in' is required")]
    [TestCase("protect --config bindings.json --binding Client --in plain.xml", "'--out' is required")]
    [TestCase("verify --config bindings.json --binding Service --in wire.xml --at yesterday", "--at yesterday: expects a time")]
    [TestCase("verify --config bindings.json --binding Service --in wire.xml --endpoint here", "--endpoint here: expects an absolute URI")]
    [TestCase("verify --config bindings.json --binding Service --in wire.xml --json --out -", "would both write to standard output")]
    [TestCase("verify --config bindings.json --binding Service --in nowhere.xml", "nowhere.xml cannot be read")]
    [TestCase("verify --config nowhere.json --binding Service --in plain.xml", "nowhere.json cannot be read")]
    [TestCase("verify --config plain.xml --binding Service --in plain.xml", "plain.xml cannot be read")]
    [TestCase("verify --config bindings.json --binding Shop --in plain.xml", "WsSecurity:Bindings:Shop: there is no such binding; there are: Client, Service")]
    [TestCase("protect --config bindings.json --binding Service --in plain.xml --out wire.xml", "WsSecurity:Bindings:Service: ")]
    [TestCase("protect --config bindings.json --binding Client --in plain.xml --out no/folder/wire.xml", "cannot be written")]
    public async Task Run_WrongCommandLine_EndsWith2AndSaysWhy(string commandLine, string message)
    {
        var result = await _workplace.RunAsync(commandLine);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(message));
        Assert.That(result.Out + result.OutputText, Is.Empty);
    }

    [Test]
    public async Task Run_UnknownKeyInTheConfiguration_EndsWith2AndNamesTheKey()
    {
        _workplace.AddBindings("\"AuthenticationMode\": \"MutualCertificateDuplex\", \"Timestamp\": true");

        var result = await _workplace.ProtectAsync();

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("WsSecurity:Bindings:Client:Timestamp: is not a key that is known here"));
    }

    [TestCase("--help")]
    [TestCase("protect --help")]
    [TestCase("verify --help")]
    [TestCase("demo --help")]
    public async Task Run_Help_EndsWith0(string commandLine)
    {
        var result = await _workplace.RunAsync(commandLine);

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Out, Does.Contain("Usage:"));
    }
}
