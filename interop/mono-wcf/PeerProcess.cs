using System.Diagnostics;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>The Mono program, running with a folder of keys.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };

    private readonly Process _process;
    private readonly string _compiled;
    private readonly Uri _calls;

    private PeerProcess(Process process, string compiled, string calls, string services)
    {
        _process = process;
        _compiled = compiled;
        _calls = new Uri($"http://localhost:{calls}");
        Services = new Uri($"http://localhost:{services}");
    }

    /// <summary>The base address of Mono's services, one below it for each binding.</summary>
    public Uri Services { get; }

    public static async Task<PeerProcess> Start(string keys)
    {
        var compiled = Directory.CreateTempSubdirectory("wssecurity-mono-").FullName;
        var process = Process.Start(new ProcessStartInfo(Path.Combine(Peer.Folder, "run"), [compiled, keys, .. Profiles.All])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
        if (line?.Split(' ') is not ["listening", var calls, var services])
        {
            throw new InvalidOperationException($"The Mono peer does not start: {line} {await errors}");
        }

        // Nothing else of interest comes, and nobody may wait for it to be read.
        _ = process.StandardOutput.ReadToEndAsync();
        return new PeerProcess(process, compiled, calls, services);
    }

    /// <summary>Has a proxy of Mono call a service.</summary>
    /// <param name="profile">The binding.</param>
    /// <param name="address">The service's address.</param>
    /// <param name="what">What is said to it.</param>
    /// <returns>Status 200 and the service's answer, or 502 and the exception that the proxy threw.</returns>
    public async Task<(int Status, string Text)> Call(string profile, Uri address, string what)
    {
        using var content = new StringContent(what);
        using var response = await Http.PostAsync(new Uri(_calls, $"call/{profile}?to={Uri.EscapeDataString(address.AbsoluteUri)}"), content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
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
        Directory.Delete(_compiled, recursive: true);
    }
}
