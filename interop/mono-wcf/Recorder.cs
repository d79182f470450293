using System.Globalization;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>Writes recorded/ anew where <c>./record</c> asks for it: Mono's proxies call Mono's services, and a relay keeps the octets.</summary>
public sealed class Recorder
{
    private static IEnumerable<string> Asked => Environment.GetEnvironmentVariable("WSSECURITY_RECORD") == "mono" ? [RecordedTests.Folder] : [];

    [TestCaseSource(nameof(Asked))]
    public async Task Record_EveryBinding(string folder)
    {
        var keys = Path.Combine(folder, "keys");
        if (!Directory.Exists(keys))
        {
            Directory.CreateDirectory(keys);
            TestKeys.Write(keys, days: 10950);
        }

        using var peer = await PeerProcess.Start(keys);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "clock"), TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) + "\n");
        foreach (var profile in Profiles.All)
        {
            await using var relay = await Relay.Start(new Uri(peer.Services, $"service/{profile}"));
            var (status, text) = await peer.Call(profile, relay.Address, RecordedTests.What);
            Assert.That(status, Is.EqualTo(200), text);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{profile}.request.xml"), relay.Request!);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{profile}.reply.xml"), relay.Reply!);
        }
    }
}
