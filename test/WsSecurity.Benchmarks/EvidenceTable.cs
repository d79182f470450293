using System.Diagnostics;
using System.Globalization;
using WsSecurity.Evidence;
using WsSecurity.Evidence.PostgreSql;
using WsSecurity.Evidence.Sqlite;

namespace WsSecurity.Benchmarks;

/// <summary>
/// How many records a second each store keeps, durable and signed (RSA-2048): 2 KB messages from one caller, who waits for each, and from many. Wall time, since it is
/// the disk that is waited for. PostgreSQL is measured where WSSECURITY_BENCHMARK_POSTGRESQL holds a connection string to an empty database.
/// </summary>
internal static class EvidenceTable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);
    private static readonly int[] Callers = [1, 16, 256];

    public static async Task RunAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("wssec-evidence-").FullName;
        try
        {
            await output.WriteLineAsync($"| records a second, by callers at once | {string.Join(" | ", Callers)} |");
            await output.WriteLineAsync($"|---|{string.Concat(Callers.Select(_ => "--:|"))}");
            await MeasureAsync("files", callers => new FileEvidenceStore(Path.Combine(folder, $"files{callers}")), output);
            await MeasureAsync("SQLite", callers => new SqliteEvidenceStore(Path.Combine(folder, $"{callers}.db")), output);
            if (Environment.GetEnvironmentVariable("WSSECURITY_BENCHMARK_POSTGRESQL") is { Length: > 0 } connection)
            {
                await MeasureAsync("PostgreSQL", callers => new PostgreSqlEvidenceStore(connection, $"evidence{callers}"), output);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string name, Func<int, IEvidenceStore> open, TextWriter output)
    {
        var cells = new List<string>();
        foreach (var callers in Callers)
        {
            using var trail = EvidenceTrail.Open(open(callers), new EvidenceTrailOptions { Certificate = Keys.Service });
            cells.Add((await MeasureAsync(trail, callers)).ToString("N0", CultureInfo.InvariantCulture));
        }

        await output.WriteLineAsync($"| {name} | {string.Join(" | ", cells)} |");
    }

    private static async Task<double> MeasureAsync(EvidenceTrail trail, int callers)
    {
        var wire = Parties.Signing.Protect(Documents.Small());
        var message = new MessageEvidence
        {
            Direction = EvidenceDirection.RequestReceived,
            Wire = wire,
            Context = MessageContext.Empty,
            Time = TimeProvider.System.GetUtcNow(),
            Exchange = "benchmark",
        };
        var count = 0L;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < Duration)
            {
                await trail.AppendAsync(message.ToDraft("benchmark", ProcessingLimits.Default));
                Interlocked.Increment(ref count);
            }
        })));
        return count / watch.Elapsed.TotalSeconds;
    }
}
