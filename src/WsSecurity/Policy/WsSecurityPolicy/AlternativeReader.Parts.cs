using System.Text.RegularExpressions;
using System.Xml.Linq;
using WsSecurity.Soap;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <content>Parts (WS-SecurityPolicy 1.3, section 4).</content>
internal sealed partial class AlternativeReader
{
    private const string XPath10 = "http://www.w3.org/TR/1999/REC-xpath-19991116";

    private static readonly XName[] XPathVersions =
        [PolicyNames.SecurityPolicy11 + "XPathVersion", PolicyNames.SecurityPolicy12 + "XPathVersion", "XPathVersion"];

    private void ReadParts(PolicyAssertion assertion)
    {
        var isSigned = assertion.LocalName.StartsWith("Signed", StringComparison.Ordinal);
        var isElements = assertion.LocalName.EndsWith("Elements", StringComparison.Ordinal);
        Demand(assertion, attributes: isElements ? XPathVersions : null, hasParameters: true);
        if (isElements && assertion.Element.Attributes().FirstOrDefault(attribute => XPathVersions.Contains(attribute.Name)) is { } version && version.Value.Trim() != XPath10)
        {
            Refuse(assertion, $"has XPathVersion '{version.Value}'; supported is {XPath10}");
        }

        var parts = MessageParts.None;
        foreach (var parameter in assertion.Parameters)
        {
            var child = new PolicyAssertion(parameter, $"{assertion.Path}/{PolicyNames.Show(parameter.Name)}", null, IsOptional: false);
            parts = isElements ? AddXPath(parts, child, assertion.LocalName) : AddPart(parts, child);
        }

        // Without any part SignedParts mean the Body and every header; EncryptedParts the Body.
        if (!assertion.Parameters.Any())
        {
            if (assertion.LocalName == "EncryptedParts")
            {
                parts = parts with { Body = true };
            }
            else
            {
                Refuse(assertion, isElements ? "names no element" : "names no part, which means every header; name the headers");
            }
        }

        if (isSigned)
        {
            _reading.Signed = Union(_reading.Signed, parts);
        }
        else
        {
            _reading.Encrypted = Union(_reading.Encrypted, parts);
        }
    }

    public static MessageParts Union(MessageParts one, MessageParts other) => new()
    {
        Body = one.Body || other.Body,
        Headers = [.. one.Headers.Union(other.Headers)],
        Elements = [.. one.Elements.Union(other.Elements)],
    };

    private MessageParts AddPart(MessageParts parts, PolicyAssertion child)
    {
        switch (child.LocalName)
        {
            case "Body" when child.IsSecurityPolicy:
                Demand(child);
                return parts with { Body = true };
            case "Header" when child.IsSecurityPolicy:
                Demand(child, attributes: ["Name", "Namespace"]);
                if ((string?)child.Element.Attribute("Namespace") is not { } uri)
                {
                    Refuse(child, "has no Namespace");
                    return parts;
                }

                var name = (string?)child.Element.Attribute("Name");
                return Union(parts, new MessageParts { Headers = [new QualifiedName(uri, string.IsNullOrEmpty(name) ? null : name)] });
            default:
                Refuse(child, "is not supported");
                return parts;
        }
    }

    private MessageParts AddXPath(MessageParts parts, PolicyAssertion child, string assertion)
    {
        Demand(child, hasText: true);
        var path = child.Element.Value.Trim();
        var match = LocationPath().Match(path);
        var isXPath = child.IsSecurityPolicy && child.LocalName == "XPath";
        var contentOnly = assertion == "ContentEncryptedElements";
        if (isXPath && match.Groups["any"].Success && !contentOnly && Resolve(child, match, "any") is { } element)
        {
            // Our Elements are those of the Body; a header is named by its own path.
            _reading.Notes.Add($"{child.Path} '{path}' is looked for in the Body.");
            return Union(parts, new MessageParts { Elements = [element] });
        }

        if (isXPath && match.Groups["part"].Success && IsEnvelope(child, match, "envelope") && IsEnvelope(child, match, "part"))
        {
            var isBody = match.Groups["partName"].Value == "Body";
            if (isBody && !match.Groups["block"].Success && assertion != "EncryptedElements")
            {
                return parts with { Body = true };
            }

            if (!isBody && !contentOnly && match.Groups["block"].Success && Resolve(child, match, "block") is { } header)
            {
                return Union(parts, new MessageParts { Headers = [header] });
            }
        }

        Refuse(child, $"'{path}' is not supported; supported are //p:Name, /s:Envelope/s:Header/p:Name and /s:Envelope/s:Body");
        return parts;
    }

    private static QualifiedName? Resolve(PolicyAssertion child, Match match, string group)
    {
        var prefix = match.Groups[$"{group}Prefix"].Value;
        var uri = prefix.Length == 0 ? XNamespace.None : child.Element.GetNamespaceOfPrefix(prefix);
        var name = match.Groups[$"{group}Name"].Value;
        return uri is null || (name == "*" && prefix.Length == 0) ? null : new QualifiedName(uri.NamespaceName, name == "*" ? null : name);
    }

    private static bool IsEnvelope(PolicyAssertion child, Match match, string group) =>
        child.Element.GetNamespaceOfPrefix(match.Groups[$"{group}Prefix"].Value)?.NamespaceName is SoapNamespaces.Soap11 or SoapNamespaces.Soap12;

    [GeneratedRegex(
        """
        ^(?:
            (?<any>//(?:(?<anyPrefix>[\w.-]+):)?(?<anyName>[\w.-]+|\*))
          | /(?:(?<envelopePrefix>[\w.-]+):)Envelope(?<part>/(?<partPrefix>[\w.-]+):(?<partName>Header|Body))(?<block>/(?:(?<blockPrefix>[\w.-]+):)?(?<blockName>[\w.-]+|\*))?
        )$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LocationPath();
}
