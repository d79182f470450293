using System.Diagnostics;
using System.Reflection;
using WsSecurity.Interop.MitKrb5.Realm;

namespace WsSecurity.Interop.MitKrb5.Wss4j;

/// <summary>WSS4J with tickets of the same KDC: as a client alice's, as a service <c>HTTP/localhost</c>.</summary>
internal sealed class Wss4jPeer : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };

    private readonly Process _process;
    private readonly string _url;

    private Wss4jPeer(Process process, string url)
    {
        _process = process;
        _url = url;
    }

    /// <summary>Whether the tests with WSS4J take part.</summary>
    public static bool TakesPart { get; } = KerberosPeer.TakesPart
        && (IsInstalled() || RequiredPeers.Has("wss4j"));

    public static async Task<Wss4jPeer> Start()
    {
        var realm = SharedRealm.Instance;
        var login = realm.PathOf("jaas.conf");
        await File.WriteAllTextAsync(login, $$"""
            client {
              com.sun.security.auth.module.Krb5LoginModule required refreshKrb5Config=true doNotPrompt=true useKeyTab=true
              keyTab="{{realm.AliceKeytab}}" principal="alice@{{TemporaryRealm.Name}}";
            };
            service {
              com.sun.security.auth.module.Krb5LoginModule required refreshKrb5Config=true doNotPrompt=true isInitiator=false useKeyTab=true storeKey=true
              keyTab="{{realm.ServiceKeytab}}" principal="{{TemporaryRealm.Service}}@{{TemporaryRealm.Name}}";
            };

            """);
        var folder = typeof(Wss4jPeer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Wss4jFolder").Value!;
        var process = Process.Start(new ProcessStartInfo(Path.Combine(folder, "run"), ["kerberos", realm.Configuration, login, "HTTP@localhost"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["WSS4J_CLASSES"] = realm.PathOf("wss4j-classes") },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return line?.StartsWith("listening ", StringComparison.Ordinal) == true
            ? new Wss4jPeer(process, $"http://127.0.0.1:{line["listening ".Length..]}")
            : throw new InvalidOperationException(await errors);
    }

    /// <summary>Posts a message to the peer's service, or has its client call a URL.</summary>
    public async Task<(int Status, byte[] Content)> Post(string path, byte[] message)
    {
        using var content = new ByteArrayContent(message);
        using var response = await Http.PostAsync(new Uri($"{_url}/{path}"), content);
        return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    public void Dispose()
    {
        // The peer ends when its standard input does.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static bool IsInstalled()
    {
        var path = $"{Environment.GetEnvironmentVariable("JAVA_HOME")}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        return File.Exists(Path.Combine(Environment.GetEnvironmentVariable("WSS4J_JARS") ?? "/usr/share/java", "wss4j.jar"))
            && path.Split(':').Any(folder => File.Exists(Path.Combine(folder, "javac")));
    }
}
