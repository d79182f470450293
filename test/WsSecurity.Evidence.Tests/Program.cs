using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using WsSecurity.Evidence.Tests;

// The process that tests kill: writes records from several threads and says of each, once it is acknowledged, its number and what it is about.
if (args is not ["write", var kind, var location, var certificate, var count, var threads])
{
    return 2;
}

var remaining = int.Parse(count, CultureInfo.InvariantCulture);
var output = TextWriter.Synchronized(Console.Out);
using var trail = WsSecurity.Evidence.EvidenceTrail.Open(
    Stores.Open(kind, location), new WsSecurity.Evidence.EvidenceTrailOptions { Certificate = X509Certificate2.CreateFromPemFile(certificate) });
var writers = Enumerable.Range(0, int.Parse(threads, CultureInfo.InvariantCulture)).Select(_ => Task.Run(async () =>
{
    while (Interlocked.Decrement(ref remaining) >= 0)
    {
        var id = Guid.NewGuid().ToString("N");
        var sequence = await trail.AppendAsync(Records.Draft(id)).ConfigureAwait(false);
        await output.WriteLineAsync($"{sequence} {id}").ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }
}));
await Task.WhenAll(writers).ConfigureAwait(false);
return 0;
