using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WsSecurity.Amqp.Tests;

/// <summary>A RabbitMQ broker with its AMQP 1.0 plugin, in a folder and on ports of its own; it can be killed and started again.</summary>
internal sealed class RabbitMq : IDisposable
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wssecurity-rabbitmq-");
    private readonly int _port = FreePort();
    private readonly int _distributionPort = FreePort();
    private readonly int _mapperPort = FreePort();
    private Process? _process;

    public RabbitMq()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "rabbitmq.conf"), $"listeners.tcp.1 = 127.0.0.1:{_port}\nlog.file = false\nlog.console = true\nlog.console.level = error\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "enabled_plugins"), "[rabbitmq_amqp1_0].");
    }

    /// <summary>Why there is no broker here, or null.</summary>
    public static string? Missing { get; } = File.Exists(Server) ? null : "RabbitMQ is not installed (Debian: rabbitmq-server); the tests of queues are left out.";

    public NetworkCredential Credentials { get; } = new("guest", "guest");

    /// <summary>A queue of its own for each test.</summary>
    public Uri NewQueue() => new($"amqp://127.0.0.1:{_port}/q{Guid.NewGuid():N}");

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Server) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        var folder = _folder.FullName;
        start.Environment["HOME"] = folder;
        start.Environment["RABBITMQ_NODENAME"] = $"wssecurity{_port}@localhost";
        start.Environment["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf");
        start.Environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins");
        start.Environment["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia");
        start.Environment["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log");
        start.Environment["RABBITMQ_DIST_PORT"] = $"{_distributionPort}";
        start.Environment["ERL_EPMD_PORT"] = $"{_mapperPort}";
        start.Environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        var process = _process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(Patience);
        while (!await AcceptsAsync(deadline.Token))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException("The broker does not start.");
            }

            await Task.Delay(200, deadline.Token);
        }
    }

    /// <summary>Ends the broker without a warning, as a power cut would.</summary>
    public void Kill()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Kill();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> AcceptsAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);

            // The broker answers our protocol header once it can serve.
            await client.GetStream().WriteAsync("AMQP\x3\x1\x0\x0"u8.ToArray(), cancellationToken);
            return await client.GetStream().ReadAsync(new byte[8], cancellationToken) > 0;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
