using WsSecurity.Specifications;
using WsSecurity.Xml;
using WsSecurity.Xml.XPath;

namespace WsSecurity;

/// <summary>
/// An XPath 1.0 location path that selects elements of an envelope (WS-SecurityPolicy 1.3, sections 4.1.2, 4.2.2, 4.2.3 and 4.3.1). Supported is what policies
/// use: paths from the root or from the Envelope, the axes child, descendant, descendant-or-self and self, <c>//</c>, <c>|</c>, names with prefixes and
/// <c>*</c>; predicates with places, <c>position()</c>, <c>last()</c>, <c>local-name()</c>, <c>namespace-uri()</c>, attributes, the texts of elements,
/// <c>=</c>, <c>!=</c>, <c>and</c>, <c>or</c>, <c>not()</c>. A Security header, and what is in it, is never selected.
/// </summary>
public sealed class LocationPath : IEquatable<LocationPath>
{
    private readonly IReadOnlyList<XPathPath> _paths;

    private LocationPath(string expression, IReadOnlyList<XPathPath> paths, IReadOnlyDictionary<string, string> namespaces)
    {
        Expression = expression;
        _paths = paths;
        Namespaces = ValueDictionary.Of(namespaces);
    }

    /// <summary>The expression, as it was given.</summary>
    public string Expression { get; }

    /// <summary>The namespaces of the prefixes that the expression uses.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; }

    /// <summary>Whether the path speaks of a Security header or of a token in it, which other assertions protect.</summary>
    internal bool NamesSecurityHeader => _paths.Any(path => path.Steps.Any(step => step.Name.Uri is Wsse.Namespace or Wsse.Namespace11));

    /// <summary>Reads an expression.</summary>
    /// <param name="expression">The location path, or several joined by <c>|</c>.</param>
    /// <param name="namespaces">The namespaces of its prefixes; a name without a prefix is in no namespace.</param>
    /// <exception cref="FormatException">It is no location path, or not one of those that are supported; the message names what, and the character.</exception>
    public static LocationPath Parse(string expression, IReadOnlyDictionary<string, string>? namespaces = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var trimmed = expression.Trim();
        var (paths, used) = XPathParser.Parse(trimmed, namespaces ?? ValueDictionary<string>.Empty);
        return new LocationPath(trimmed, paths, used);
    }

    /// <inheritdoc/>
    public bool Equals(LocationPath? other) => other is not null && Expression == other.Expression && Namespaces.Equals(other.Namespaces);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LocationPath);

    /// <inheritdoc/>
    public override int GetHashCode() => Expression.GetHashCode(StringComparison.Ordinal);

    /// <summary>The expression, with the namespaces of its prefixes.</summary>
    public override string ToString() =>
        Namespaces.Count == 0 ? Expression : $"{Expression} ({string.Join(", ", Namespaces.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}"))})";

    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.PathTooCostly"/>.</exception>
    internal IReadOnlyList<XmlElement> Select(XmlIndex index) => XPathEvaluation.Select(index, _paths);
}
