using System.Diagnostics;
using Npgsql;
using NUnit.Framework;

namespace WsSecurity.Evidence.Tests;

/// <summary>A PostgreSQL server of its own: in a temporary folder, on a Unix socket in it, as an ordinary user.</summary>
internal sealed class PostgreSqlServer : IDisposable
{
    private const string User = "wssec";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly Lazy<PostgreSqlServer> Server = new(() => new PostgreSqlServer());

    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private int _databases;

    public PostgreSqlServer()
    {
        if (Environment.UserName == "root")
        {
            // The server refuses to run as root.
            Run("chown", "postgres:", _folder.Path);
        }

        Run(Program("initdb"), "-D", Data, "-U", User, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C");
        Start();
    }

    /// <summary>The server of all tests that do not kill it.</summary>
    public static PostgreSqlServer Shared => Server.Value;

    private string Data => _folder.File("data");

    public static void StopShared()
    {
        if (Server.IsValueCreated)
        {
            Server.Value.Dispose();
        }
    }

    public string ConnectionString(string database, string user = User) =>
        $"Host={_folder.Path};Username={user};Database={database};Timeout=5;Command Timeout=30";

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public string CreateDatabase()
    {
        var name = $"evidence{Interlocked.Increment(ref _databases)}";
        Execute("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    public void Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Start()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            _process ??= Launch();
            try
            {
                Execute("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (watch.Elapsed < Deadline)
            {
                if (_process.HasExited)
                {
                    // After a kill the old server's children may hold its shared memory for a moment.
                    _process.Dispose();
                    _process = null;
                }

                Thread.Sleep(50);
            }
        }
    }

    /// <summary>Ends the server as a crash does.</summary>
    public void Kill()
    {
        _process!.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
        NpgsqlConnection.ClearAllPools();
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        if (_process is { HasExited: false })
        {
            // SIGINT: the fast shutdown.
            Run("kill", "-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            _process.WaitForExit(Deadline);
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    private Process Launch()
    {
        var description = Describe(Program("postgres"), "-D", Data, "-k", _folder.Path, "-c", "listen_addresses=", "-c", "log_min_messages=panic", "-c", "recovery_init_sync_method=syncfs");
        description.RedirectStandardError = true;
        var process = Process.Start(description)!;
        process.BeginErrorReadLine();
        return process;
    }

    private static string Program(string name) => Path.Combine(Peers.PostgreSql!, name);

    private static ProcessStartInfo Describe(string program, params string[] arguments)
    {
        // Every program of the server runs as its own user; chown and kill as we do.
        var isServers = Environment.UserName == "root" && Path.IsPathRooted(program);
        return isServers
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]) { WorkingDirectory = "/" }
            : new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" };
    }

    private static void Run(string program, params string[] arguments)
    {
        var description = Describe(program, arguments);
        description.RedirectStandardOutput = true;
        description.RedirectStandardError = true;
        using var process = Process.Start(description)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program}: {output.Result}{error.Result}");
    }
}
