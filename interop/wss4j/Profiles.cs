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

    /// <summary>Some profiles by name, where the peer takes part.</summary>
    public static IEnumerable<TestCaseData> Where(params string[] names) =>
        from name in names where Peer.TakesPart select new TestCaseData(name);

    /// <summary>Some profiles by name, each with what is expected of it, where the peer takes part.</summary>
    public static IEnumerable<TestCaseData> Where(params (string Name, string Expected)[] cases) =>
        from one in cases where Peer.TakesPart select new TestCaseData(one.Name, one.Expected);

    /// <summary>The profiles whose replies are bound to their requests by a confirmation or the request's key.</summary>
    public static IEnumerable<TestCaseData> Bound => Where([.. BoundNames]);

    /// <summary>The same by name, whether or not the peer takes part.</summary>
    public static IEnumerable<string> BoundNames => Names(words => words.Contains("confirm") || words.Contains("symmetric"));

    /// <summary>The profiles whose replies answer any request.</summary>
    public static IEnumerable<string> UnboundNames => All.Keys.Except(BoundNames);

    /// <summary>The profiles with a signature.</summary>
    public static IEnumerable<string> SignedNames => Names(words => words.Contains("sign"));

    public static IReadOnlyList<string> SoapVersions { get; } = ["soap11", "soap12"];

    private static IEnumerable<string> Names(Func<string[], bool> condition) =>
        All.Where(profile => condition(profile.Value)).Select(profile => profile.Key);
}
