using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>An assertion of one alternative, in normal form (WS-Policy 1.5 Framework, section 4.1): its nested policy has one alternative.</summary>
/// <param name="Element">The assertion as it was read.</param>
/// <param name="Path">The assertions around it and itself, for messages.</param>
/// <param name="Nested">The assertions of its nested policy; null where it has none.</param>
/// <param name="IsOptional">Whether it is one token that may be left out, which is kept rather than made two alternatives.</param>
internal sealed record PolicyAssertion(XElement Element, string Path, IReadOnlyList<PolicyAssertion>? Nested, bool IsOptional)
{
    public XName Name => Element.Name;

    public string LocalName => Element.Name.LocalName;

    public bool IsSecurityPolicy => PolicyNames.IsSecurityPolicy(Element.Name.Namespace);

    /// <summary>What stands in it beside its nested policy.</summary>
    public IEnumerable<XElement> Parameters => Element.Elements().Where(child => !PolicyNames.IsPolicy(child.Name, "Policy"));
}
