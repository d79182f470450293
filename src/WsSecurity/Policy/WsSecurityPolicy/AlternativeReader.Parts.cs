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
            parts = isElements ? AddXPath(parts, child, assertion.LocalName) : AddPart(parts, child, assertion.LocalName);
        }

        if (!assertion.Parameters.Any())
        {
            parts = ReadEmpty(assertion);
        }

        switch (assertion.LocalName)
        {
            case "SignedParts" or "SignedElements":
                _reading.Signed = Union(_reading.Signed, parts);
                break;
            case "RequiredParts" or "RequiredElements":
                _reading.Required = Union(_reading.Required, parts);
                break;
            default:
                _reading.Encrypted = Union(_reading.Encrypted, parts);
                break;
        }
    }

    // Sections 4.1.1 and 4.2.1: without any part SignedParts mean the Body and every header, EncryptedParts the Body.
    private MessageParts ReadEmpty(PolicyAssertion assertion)
    {
        switch (assertion.LocalName)
        {
            case "SignedParts":
                return new MessageParts { Body = true, AllHeaders = true };
            case "EncryptedParts":
                return new MessageParts { Body = true };
            default:
                Refuse(assertion, assertion.LocalName == "RequiredParts" ? "names no header" : "names no element");
                return MessageParts.None;
        }
    }

    public static MessageParts Union(MessageParts one, MessageParts other) => new()
    {
        Body = one.Body || other.Body,
        AllHeaders = one.AllHeaders || other.AllHeaders,
        Headers = [.. one.Headers.Union(other.Headers)],
        Elements = [.. one.Elements.Union(other.Elements)],
        Paths = [.. one.Paths.Union(other.Paths)],
        ContentPaths = [.. one.ContentPaths.Union(other.ContentPaths)],
    };

    private MessageParts AddPart(MessageParts parts, PolicyAssertion child, string assertion)
    {
        switch (child.LocalName)
        {
            case "Body" when child.IsSecurityPolicy && assertion != "RequiredParts":
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
        if (!child.IsSecurityPolicy || child.LocalName != "XPath")
        {
            // sp:XPath2 is XML Signature XPath Filter 2.0.
            Refuse(child, "is not supported");
            return parts;
        }

        Demand(child, hasText: true);
        var path = child.Element.Value.Trim();
        if (FindNamedPart(child, path, assertion) is { } named)
        {
            return Union(parts, named);
        }

        if (assertion == "EncryptedElements" && NamedPart().Match(path) is { Success: true } match && match.Groups["partName"].Value == "Body" && !match.Groups["block"].Success)
        {
            Refuse(child, $"'{path}' would encrypt the Body as an element, which SOAP needs; sp:ContentEncryptedElements or sp:EncryptedParts hide what is in it");
            return parts;
        }

        try
        {
            var location = LocationPath.Parse(path, NamespacesOf(child.Element));
            if (location.NamesSecurityHeader)
            {
                Refuse(child, $"'{path}' speaks of the Security header, whose tokens and signatures are protected by what demands them");
            }

            return Union(parts, assertion == "ContentEncryptedElements" ? new MessageParts { ContentPaths = [location] } : new MessageParts { Paths = [location] });
        }
        catch (FormatException exception)
        {
            Refuse(child, exception.Message.TrimEnd('.'));
            return parts;
        }
    }

    // Paths that have another name among our parts.
    private static MessageParts? FindNamedPart(PolicyAssertion child, string path, string assertion)
    {
        var match = NamedPart().Match(path);
        var contentOnly = assertion == "ContentEncryptedElements";
        if (path == PartPaths.AllHeaders && !contentOnly && assertion != "RequiredElements")
        {
            return new MessageParts { AllHeaders = true };
        }

        if (match.Groups["inBody"].Success && !contentOnly)
        {
            return Resolve(child, match, "inBody") is { } element ? new MessageParts { Elements = [element] } : null;
        }

        if (!match.Groups["part"].Success || !IsEnvelope(child, match, "envelope") || !IsEnvelope(child, match, "part"))
        {
            return null;
        }

        var isBody = match.Groups["partName"].Value == "Body";
        if (isBody)
        {
            return !match.Groups["block"].Success && assertion is "SignedElements" or "ContentEncryptedElements" ? new MessageParts { Body = true } : null;
        }

        return !contentOnly && match.Groups["block"].Success && Resolve(child, match, "block") is { } header ? new MessageParts { Headers = [header] } : null;
    }

    private static Dictionary<string, string> NamespacesOf(XElement element)
    {
        var namespaces = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var declaration in element.AncestorsAndSelf().SelectMany(each => each.Attributes()).Where(attribute => attribute.IsNamespaceDeclaration && attribute.Name.LocalName != "xmlns"))
        {
            namespaces.TryAdd(declaration.Name.LocalName, declaration.Value);
        }

        return namespaces;
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
            /\*/\*\[local-name\(\)='Body'\](?<inBody>//(?:(?<inBodyPrefix>[\w.-]+):)?(?<inBodyName>[\w.-]+|\*))
          | /(?:(?<envelopePrefix>[\w.-]+):)Envelope(?<part>/(?<partPrefix>[\w.-]+):(?<partName>Header|Body))(?<block>/(?:(?<blockPrefix>[\w.-]+):)?(?<blockName>[\w.-]+|\*))?
        )$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedPart();
}
