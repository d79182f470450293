using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace WsSecurity.Interop.Wss4j.Proton;

/// <summary>One of the Python programs of this folder, which speak AMQP through Qpid Proton.</summary>
internal sealed class PythonPeer : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly ConcurrentQueue<string> _errors = [];

    public PythonPeer(string program, params string[] arguments)
    {
        var folder = typeof(PythonPeer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProtonFolder").Value!;
        _process = Process.Start(new ProcessStartInfo(Python, ["-u", Path.Combine(folder, program), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => _lines.Add(line.Data ?? "it ended");
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var listening = NextLine();
        Assert.That(listening, Does.StartWith("listening "), Errors);
        Port = int.Parse(listening["listening ".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Why Proton cannot run here, or null when it can.</summary>
    public static string? Missing { get; } = IsInstalled() ? null : "Qpid Proton for Python is not installed: apt-get install python3-qpid-proton.";

    public static bool IsRequired { get; } = RequiredPeers.Has("proton");

    public int Port { get; }

    private string Errors => string.Join('\n', _errors);

    /// <summary>Leaves a fixture out where Proton is missing, in one line, and fails where it is required.</summary>
    public static void Require()
    {
        if (Missing is not null)
        {
            Assert.That(IsRequired, Is.False, Missing);
            Assert.Ignore(Missing);
        }
    }

    /// <summary>The next message that the peer got, as it describes it.</summary>
    public JsonNode NextMessage() => JsonNode.Parse(NextLine())!;

    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        // It ends when its standard input does.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            Kill();
        }

        _process.Dispose();
        _lines.Dispose();
    }

    private string NextLine()
    {
        Assert.That(_lines.TryTake(out var line, TimeSpan.FromMinutes(1)), Is.True, $"the peer says nothing: {Errors}");
        return line!;
    }

    private static bool IsInstalled()
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import proton"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
