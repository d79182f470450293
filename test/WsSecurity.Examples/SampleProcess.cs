using System.Diagnostics;

namespace WsSecurity.Examples;

/// <summary>Runs a sample as a newcomer would.</summary>
internal static class SampleProcess
{
    // What a sample ends with whose Debian packages are not here; it names them.
    private const int MissesAPeer = 2;

    /// <summary>What the sample says; it must end well.</summary>
    /// <param name="sample">Its name.</param>
    /// <param name="leaveOut">Is told what the sample misses, and does not return; null where it needs nothing.</param>
    public static async Task<string[]> RunAsync(string sample, Action<string>? leaveOut = null)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{sample}.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            if (process.ExitCode == MissesAPeer)
            {
                leaveOut?.Invoke((await errors).Trim());
            }

            return process.ExitCode == 0
                ? output.Split('\n', StringSplitOptions.TrimEntries)
                : throw new InvalidOperationException($"The sample {sample} ended with {process.ExitCode}:\n{output}{await errors}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
