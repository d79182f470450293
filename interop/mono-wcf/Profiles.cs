using System.Xml.Linq;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>The bindings of the peer's configuration, as cases for tests; none where the peer does not take part.</summary>
internal static class Profiles
{
    /// <summary>The configuration that the Mono program and our policies are read from.</summary>
    public static string Configuration { get; } = Path.Combine(Peer.Folder, "peer", "app.config");

    /// <summary>Every binding's name.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. XDocument.Load(Configuration).Descendants("binding").Select(binding => (string)binding.Attribute("name")!)];

    /// <summary>Every binding, where the peer takes part.</summary>
    public static IEnumerable<TestCaseData> Cases => Where([.. All]);

    /// <summary>Some bindings by name, where the peer takes part.</summary>
    public static IEnumerable<TestCaseData> Where(params string[] names) =>
        from name in names where Peer.TakesPart select new TestCaseData(name);
}
