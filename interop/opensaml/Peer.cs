using System.Diagnostics;
using System.Reflection;

namespace WsSecurity.Interop.OpenSaml;

/// <summary>OpenSAML's <c>samlsign</c>, and <c>xmlsec1</c> for encryption: tokens of this run, by keys of this run.</summary>
[SetUpFixture]
internal sealed class Peer
{
    private static string? _live;

    /// <summary>The folder <c>interop/opensaml</c> of this clone.</summary>
    public static string Folder { get; } = typeof(Peer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PeerFolder").Value!;

    /// <summary>What the peer wrote once, and is part of the repository.</summary>
    public static Tokens Recorded { get; } = new(Path.Combine(Folder, "recorded"));

    /// <summary>What the peer wrote in this run.</summary>
    public static Tokens Live => new(_live ?? throw new InvalidOperationException("OpenSAML does not run."));

    /// <summary>Why the peer cannot run here, or null when it can.</summary>
    public static string? Missing { get; } = Array.TrueForAll(["samlsign", "xmlsec1", "openssl"], IsInstalled)
        ? null
        : "OpenSAML is not installed: apt-get install opensaml-tools xmlsec1 openssl.";

    /// <summary>Whether the tests that need the peer take part: where it is required they do, and fail when it is missing.</summary>
    public static bool TakesPart { get; } = Missing is null || IsRequired;

    private static bool IsRequired => RequiredPeers.Has("opensaml");

    [OneTimeSetUp]
    public static void Start()
    {
        if (Missing is not null)
        {
            Assert.That(IsRequired, Is.False, Missing);
            return;
        }

        _live = Directory.CreateTempSubdirectory("wssecurity-opensaml-").FullName;
        var (exit, output) = Run(Path.Combine(Folder, "record"), _live);
        Assert.That(exit, Is.Zero, output);
    }

    [OneTimeTearDown]
    public static void Stop()
    {
        if (_live is not null)
        {
            Directory.Delete(_live, recursive: true);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public static (int Exit, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
