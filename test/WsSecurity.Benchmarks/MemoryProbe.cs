using System.Buffers;
using System.Diagnostics;
using System.Globalization;

namespace WsSecurity.Benchmarks;

/// <summary>
/// How much memory one operation on one large message takes, in a process of its own that has done it only on small messages before.
/// The message itself is there already; what the operation writes counts.
/// </summary>
internal static class MemoryProbe
{
    private const string MessageFile = "message.xml";

    // What protecting adds, beside Base64.
    private const int Overhead = 16 * 1024;

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
                run = plain => Parties.Signing.Protect(plain, new ArrayBufferWriter<byte>(plain.Length + Overhead));
                break;
            case "verify":
                small = Parties.Signing.Protect(small);
                run = wire => Parties.Signing.Verify(wire);
                break;
            case "encrypt":
                run = plain => Parties.SigningAndEncrypting.Protect(plain, new ArrayBufferWriter<byte>((plain.Length / 3 * 4) + Overhead));
                break;
            case "decrypt":
                small = Parties.SigningAndEncrypting.Protect(small);
                run = wire => Parties.SigningAndEncrypting.Verify(wire);
                break;
            default:
                throw new ArgumentException($"There is no operation '{operation}'.", nameof(operation));
        }

        WarmUp(() => run(small));
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        run(message);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        process.Refresh();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{process.PeakWorkingSet64 - before} {allocated}"));
    }

    // The compiler's own memory is none of the operation's: it works while small messages come, and for a while after.
    private static void WarmUp(Action action)
    {
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                action();
            }

            Thread.Sleep(200);
        }

        GC.Collect();
    }
}
