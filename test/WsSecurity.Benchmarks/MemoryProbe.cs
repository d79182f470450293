using System.Diagnostics;
using System.Globalization;

namespace WsSecurity.Benchmarks;

/// <summary>
/// How much memory one operation on one large message takes, in a process of its own that has done it only on a small message before.
/// The message itself is there already; what the operation writes counts.
/// </summary>
internal static class MemoryProbe
{
    private const string MessageFile = "message.xml";

    /// <summary>Starts this program once more for one operation.</summary>
    /// <returns>The growth of the peak working set, and what was allocated on the managed heap; octets.</returns>
    public static (long Peak, long Allocated) Start(string operation, byte[] message)
    {
        var folder = Directory.CreateTempSubdirectory("wssecurity-benchmarks").FullName;
        try
        {
            Keys.Save(folder);
            File.WriteAllBytes(Path.Combine(folder, MessageFile), message);
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            {
                start.ArgumentList.Add(typeof(MemoryProbe).Assembly.Location);
            }

            start.ArgumentList.Add("--memory");
            start.ArgumentList.Add(operation);
            start.Environment[Keys.FolderVariable] = folder;
            using var child = Process.Start(start)!;
            var figures = child.StandardOutput.ReadToEnd().Split();
            child.WaitForExit();
            return (long.Parse(figures[0], CultureInfo.InvariantCulture), long.Parse(figures[1], CultureInfo.InvariantCulture));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The child's part.</summary>
    public static void Measure(string operation, TextWriter output)
    {
        var folder = Environment.GetEnvironmentVariable(Keys.FolderVariable)!;
        var message = File.ReadAllBytes(Path.Combine(folder, MessageFile));
        var small = Documents.Small();
        Action<byte[]> run;
        switch (operation)
        {
            case "sign":
                run = plain => Parties.Signing.Protect(plain);
                break;
            case "verify":
                small = Parties.Signing.Protect(small);
                run = wire => Parties.Signing.Verify(wire);
                break;
            case "encrypt":
                run = plain => Parties.SigningAndEncrypting.Protect(plain);
                break;
            case "decrypt":
                small = Parties.SigningAndEncrypting.Protect(small);
                run = wire => Parties.SigningAndEncrypting.Verify(wire);
                break;
            default:
                throw new ArgumentException($"There is no operation '{operation}'.", nameof(operation));
        }

        run(small);
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        run(message);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        process.Refresh();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{process.PeakWorkingSet64 - before} {allocated}"));
    }
}
