using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Brings policies into normal form: a list of alternatives (WS-Policy 1.5 Framework, section 4.3).</summary>
internal sealed class PolicyNormalizer(PolicyDocuments documents)
{
    private const int MaxAlternatives = 512;
    private const int MaxDepth = 32;

    private static readonly List<IReadOnlyList<PolicyAssertion>> Nothing = [[]];

    private readonly HashSet<XElement> _open = [];

    /// <summary>Whether a supporting token that may be left out stays one alternative; else it becomes two, as the specification has it.</summary>
    public bool KeepsOptionalTokens { get; init; } = true;

    /// <summary>The alternatives of policies that apply together.</summary>
    /// <param name="operators">Policies, or references to some.</param>
    /// <exception cref="PolicyImportException">They cannot be brought into normal form.</exception>
    public IReadOnlyList<IReadOnlyList<PolicyAssertion>> Normalize(IEnumerable<XElement> operators) => All(operators, string.Empty, 0);

    private List<IReadOnlyList<PolicyAssertion>> Alternatives(XElement element, string path, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Refuse(element, path, "is nested too deeply");
        }

        if (!PolicyNames.IsPolicy(element.Name.Namespace))
        {
            return Assertion(element, path, depth);
        }

        switch (element.Name.LocalName)
        {
            case "Policy" or "All":
                return All(element.Elements(), path, depth + 1);
            case "ExactlyOne":
                return Limit(element, path, element.Elements().SelectMany(child => Alternatives(child, path, depth + 1)));
            case "PolicyReference":
                return Reference(element, path, depth);
            default:
                throw Refuse(element, path, "is not known");
        }
    }

    private List<IReadOnlyList<PolicyAssertion>> All(IEnumerable<XElement> children, string path, int depth)
    {
        var product = Nothing;
        foreach (var child in children)
        {
            var alternatives = Alternatives(child, path, depth);
            product = Limit(child, path, product.SelectMany(left => alternatives.Select(IReadOnlyList<PolicyAssertion> (right) => [.. left, .. right])));
        }

        return product;
    }

    private List<IReadOnlyList<PolicyAssertion>> Reference(XElement reference, string path, int depth)
    {
        var uri = (string?)reference.Attribute("URI") ?? string.Empty;
        var policy = documents.Find(reference, uri) ?? throw Refuse(reference, path, $"names the policy '{uri}', which is not in the document");
        if (reference.Attribute("Digest") is not null)
        {
            throw Refuse(reference, path, "has a Digest, which is not supported");
        }

        if (!_open.Add(policy))
        {
            throw Refuse(reference, path, $"'{uri}' refers to itself");
        }

        var alternatives = Alternatives(policy, path, depth + 1);
        _open.Remove(policy);
        return alternatives;
    }

    private List<IReadOnlyList<PolicyAssertion>> Assertion(XElement element, string outer, int depth)
    {
        var path = outer.Length == 0 ? PolicyNames.Show(element.Name) : $"{outer}/{PolicyNames.Show(element.Name)}";
        var policies = element.Elements().Where(child => PolicyNames.IsPolicy(child.Name, "Policy")).ToList();
        var isOptional = IsTrue(element, path, "Optional");
        var nested = policies.Count == 0 ? null : All(policies, path, depth + 1);
        var keeps = isOptional && KeepsOptionalTokens && IsOneToken(element, nested);
        var alternatives = nested is null
            ? [[new PolicyAssertion(element, path, null, keeps)]]
            : nested.ConvertAll(IReadOnlyList<PolicyAssertion> (inner) => [new PolicyAssertion(element, path, inner, keeps)]);
        return isOptional && !keeps ? [[], .. alternatives] : alternatives;
    }

    private static bool IsOneToken(XElement element, List<IReadOnlyList<PolicyAssertion>>? nested) =>
        PolicyNames.IsSecurityPolicy(element.Name.Namespace)
        && element.Name.LocalName.EndsWith("SupportingTokens", StringComparison.Ordinal)
        && nested is [[{ LocalName: "UsernameToken" or "X509Token" or "SamlToken" or "IssuedToken" or "KerberosToken" }]];

    public static bool IsTrue(XElement element, string path, string name)
    {
        var value = (string?)(element.Attribute(PolicyNames.Policy12 + name) ?? element.Attribute(PolicyNames.Policy15 + name));
        return value?.Trim() switch
        {
            null or "false" or "0" => false,
            "true" or "1" => true,
            _ => throw new PolicyImportException(path, [$"{path}{Line(element)}: wsp:{name} is neither true nor false"]),
        };
    }

    private static List<IReadOnlyList<PolicyAssertion>> Limit(XElement element, string path, IEnumerable<IReadOnlyList<PolicyAssertion>> alternatives)
    {
        var list = alternatives.Take(MaxAlternatives + 1).ToList();
        return list.Count <= MaxAlternatives
            ? list
            : throw Refuse(element, path, $"makes more than {MaxAlternatives} alternatives");
    }

    private static PolicyImportException Refuse(XElement element, string path, string reason) =>
        new(PolicyNames.Show(element.Name), [$"{(path.Length == 0 ? string.Empty : path + "/")}{PolicyNames.Show(element.Name)}{Line(element)}: {reason}"]);

    public static string Line(XElement element) =>
        element is IXmlLineInfo info && info.HasLineInfo() ? string.Create(CultureInfo.InvariantCulture, $" (line {info.LineNumber})") : string.Empty;
}
