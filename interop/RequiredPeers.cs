namespace WsSecurity.Interop;

/// <summary>The peers that must not be missing in this run, by the environment variable <c>WSSECURITY_REQUIRE_PEERS</c>: names with commas between them.</summary>
internal static class RequiredPeers
{
    private static readonly string[] Names =
        (Environment.GetEnvironmentVariable("WSSECURITY_REQUIRE_PEERS") ?? string.Empty).Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);

    public static bool Has(string peer) => Names.Contains(peer);
}
