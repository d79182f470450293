using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;

namespace WsSecurity.Interop.Wss4j;

/// <summary>The WSS4J process: started once for all tests, with keys of this run, and gone with them.</summary>
[SetUpFixture]
internal sealed class Peer
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private static Process? _process;
    private static TemporaryKeys? _keys;
    private static string? _url;

    /// <summary>The folder <c>interop/wss4j</c> of this clone.</summary>
    public static string Folder { get; } = typeof(Peer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PeerFolder").Value!;

    /// <summary>The keys of this run, as PEM files.</summary>
    public static string Keys => (_keys ?? throw NotRunning()).Folder;

    /// <summary>The base address of the running peer, without a slash at the end.</summary>
    public static string Url => _url ?? throw NotRunning();

    /// <summary>Why the peer cannot run here, or null when it can.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Whether the tests that need the peer take part: where it is required they do, and fail when it is missing.</summary>
    public static bool TakesPart { get; } = Missing is null || IsRequired;

    private static bool IsRequired => RequiredPeers.Has("wss4j");

    [OneTimeSetUp]
    public static async Task Start()
    {
        if (Missing is not null)
        {
            Assert.That(IsRequired, Is.False, Missing);
            return;
        }

        _keys = new TemporaryKeys();
        _process = Process.Start(new ProcessStartInfo(Path.Combine(Folder, "run"), [Keys])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // Another test project may start a peer of its own at the same time.
            Environment = { ["WSS4J_CLASSES"] = Path.Combine(Keys, "classes") },
        })!;
        var errors = _process.StandardError.ReadToEndAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.That(line, Does.StartWith("listening "), line is null ? await errors : "");
        _url = $"http://127.0.0.1:{line!["listening ".Length..]}";
        Assert.That(await Http.GetStringAsync($"{_url}/health"), Does.StartWith("WSS4J "));
    }

    [OneTimeTearDown]
    public static void Stop()
    {
        if (_process is not null)
        {
            // The peer ends when its standard input does.
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }

        _keys?.Dispose();
    }

    /// <summary>Posts a message to one of the peer's verbs: service, secure, client, verify.</summary>
    public static async Task<PeerAnswer> Post(string path, byte[] message)
    {
        using var content = new ByteArrayContent(message);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
        using var response = await Http.PostAsync(new Uri($"{Url}/{path}"), content);
        return new PeerAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    private static InvalidOperationException NotRunning() => new("The WSS4J peer does not run.");

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The WSS4J peer runs from Debian packages only.";
        }

        var jars = Environment.GetEnvironmentVariable("WSS4J_JARS") ?? "/usr/share/java";
        var path = $"{Environment.GetEnvironmentVariable("JAVA_HOME")}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        var hasJars = File.Exists(Path.Combine(jars, "wss4j.jar")) && File.Exists(Path.Combine(jars, "xmlsec.jar"));
        return hasJars && path.Split(':').Any(folder => File.Exists(Path.Combine(folder, "javac")))
            ? null
            : "The WSS4J peer is not installed: apt-get install libwss4j-java default-jdk-headless.";
    }
}

/// <summary>What the peer answered.</summary>
internal sealed record PeerAnswer(int Status, byte[] Content)
{
    public string Text => Encoding.UTF8.GetString(Content);
}
