namespace WsSecurity.Xml;

/// <summary>
/// The prefixes that exclusive canonicalization treats inclusively: <c>InclusiveNamespaces/@PrefixList</c>
/// (Exclusive XML Canonicalization 1.0, section 4).
/// </summary>
internal sealed class PrefixList
{
    private PrefixList(string[] prefixes) => Prefixes = prefixes;

    public static PrefixList Empty { get; } = new([]);

    /// <summary>The prefixes; <c>#default</c> is the empty one.</summary>
    public IReadOnlyList<string> Prefixes { get; }

    public bool IsEmpty => Prefixes.Count == 0;

    /// <summary>Parses the attribute's value.</summary>
    public static PrefixList Parse(string? attributeValue)
    {
        string[] tokens = (attributeValue ?? "").Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return tokens.Length == 0 ? Empty : Of(tokens);
    }

    /// <summary>The list of these prefixes; <c>#default</c> and the empty prefix are the same.</summary>
    public static PrefixList Of(params IEnumerable<string> prefixes) =>
        new([.. prefixes.Select(prefix => prefix == "#default" ? "" : prefix).Distinct()]);

    /// <summary>The attribute's value.</summary>
    public override string ToString() => string.Join(' ', Prefixes.Select(prefix => prefix.Length == 0 ? "#default" : prefix));
}
