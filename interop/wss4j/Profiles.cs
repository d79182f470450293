namespace WsSecurity.Interop.Wss4j;

/// <summary>The peer's profiles, as cases for tests; none where the peer does not take part.</summary>
internal static class Profiles
{
    /// <summary>Every profile by name, with its words.</summary>
    public static IReadOnlyDictionary<string, string[]> All { get; } =
        File.ReadLines(Path.Combine(Peer.Folder, "profiles.properties"))
            .Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Every profile under every SOAP version.</summary>
    public static IEnumerable<TestCaseData> Cases =>
        from name in Peer.TakesPart ? All.Keys : []
        from version in SoapVersions
        select new TestCaseData(name, version);

    public static IReadOnlyList<string> SoapVersions { get; } = ["soap11", "soap12"];
}
