using System.Reflection;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>Mono for all tests: started once, with keys of this run, and gone with them.</summary>
[SetUpFixture]
internal sealed class Peer
{
    private static PeerProcess? _process;
    private static TemporaryKeys? _keys;

    /// <summary>The folder <c>interop/mono-wcf</c> of this clone.</summary>
    public static string Folder { get; } = typeof(Peer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "MonoPeerFolder").Value!;

    /// <summary>The keys of this run.</summary>
    public static string Keys => (_keys ?? throw NotRunning()).Folder;

    /// <summary>Why the peer cannot run here, or null when it can.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Whether the tests that need the peer take part: where it is required they do, and fail when it is missing.</summary>
    public static bool TakesPart { get; } = Missing is null || IsRequired;

    private static bool IsRequired => RequiredPeers.Has("mono");

    [OneTimeSetUp]
    public static async Task Start()
    {
        if (Missing is not null)
        {
            Assert.That(IsRequired, Is.False, Missing);
            return;
        }

        _keys = new TemporaryKeys();
        _process = await PeerProcess.Start(Keys);
    }

    [OneTimeTearDown]
    public static void Stop()
    {
        _process?.Dispose();
        _keys?.Dispose();
    }

    /// <summary>The address of a binding's service of Mono.</summary>
    public static Uri Service(string profile) => new((_process ?? throw NotRunning()).Services, $"service/{profile}");

    /// <inheritdoc cref="PeerProcess.Call"/>
    public static Task<(int Status, string Text)> Call(string profile, Uri address, string what) =>
        (_process ?? throw NotRunning()).Call(profile, address, what);

    private static InvalidOperationException NotRunning() => new("The Mono peer does not run.");

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The Mono peer runs from Debian packages only.";
        }

        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var hasCommands = ((string[])["mono", "mcs"]).All(command => path.Any(folder => File.Exists(Path.Combine(folder, command))));
        return hasCommands && File.Exists("/usr/lib/mono/4.5/System.ServiceModel.dll")
            ? null
            : "The Mono peer is not installed: apt-get install mono-runtime mono-mcs libmono-system-servicemodel4.0a-cil libmono-system-servicemodel-web4.0-cil.";
    }
}
