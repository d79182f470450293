using System.Diagnostics;
using System.Globalization;

namespace WsSecurity.Evidence.Tests;

/// <summary>A process that writes to a trail, and what it was told is kept.</summary>
internal sealed class Writer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public Writer(string kind, string location, string certificate, int count, int threads = 4)
    {
        var arguments = new[] { typeof(Writer).Assembly.Location, "write", kind, location, certificate, count.ToString(CultureInfo.InvariantCulture), threads.ToString(CultureInfo.InvariantCulture) };
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public List<(long Sequence, string Id)> Acknowledged { get; } = [];

    /// <summary>What it wrote to standard error, once it has ended.</summary>
    public string Errors => _errors.GetAwaiter().GetResult();

    public void ReadUntil(int count)
    {
        while (Acknowledged.Count < count && _process.StandardOutput.ReadLine() is { } line)
        {
            Add(line);
        }
    }

    public void KillAndRead()
    {
        _process.Kill();
        ReadToEnd();
    }

    public int ReadToEnd()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            Add(line);
        }

        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    // A kill may cut the last line.
    private void Add(string line)
    {
        if (line.Split(' ') is [var sequence, { Length: 32 } id])
        {
            Acknowledged.Add((long.Parse(sequence, CultureInfo.InvariantCulture), id));
        }
    }
}
