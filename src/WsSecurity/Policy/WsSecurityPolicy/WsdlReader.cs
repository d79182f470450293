using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Finds the endpoints of a WSDL 1.1 and the policies attached to them (WS-Policy 1.5 Attachment, section 4).</summary>
internal sealed class WsdlReader
{
    private readonly PolicyDocuments _documents;
    private readonly List<XElement> _definitions;

    private WsdlReader(PolicyDocuments documents)
    {
        _documents = documents;
        _definitions = [.. documents.All.SelectMany(document => document.Root.DescendantsAndSelf(PolicyNames.Wsdl + "definitions"))];
    }

    /// <summary>The policies of a document: of each binding, or port, of a WSDL that has any; else each outermost policy by itself.</summary>
    public static IReadOnlyList<PolicySubject> FindSubjects(PolicyDocuments documents)
    {
        var reader = new WsdlReader(documents);
        return reader._definitions.Exists(definitions => definitions.Elements(PolicyNames.Wsdl + "binding").Any()) ? [.. reader.FindEndpoints()] : FindPolicies(documents.Main);
    }

    private static List<PolicySubject> FindPolicies(PolicyDocument document)
    {
        var policies = document.Root.DescendantsAndSelf()
            .Where(element => PolicyNames.IsPolicy(element.Name, "Policy") && !element.Ancestors().Any(ancestor => PolicyNames.IsPolicy(ancestor.Name, "Policy")));
        return [.. policies.Select((policy, index) =>
        {
            var name = PolicyDocument.NameOf(policy) ?? $"policy {index + 1}";
            return new PolicySubject(name, [new MessageSubject("every message", IsReply: false, Action: null, [policy])]);
        })];
    }

    private IEnumerable<PolicySubject> FindEndpoints()
    {
        foreach (var binding in _definitions.Elements(PolicyNames.Wsdl + "binding"))
        {
            var ports = _definitions.Elements(PolicyNames.Wsdl + "service").Elements(PolicyNames.Wsdl + "port")
                .Where(port => Find(port, "binding", "binding") == binding)
                .Where(port => Attached(port, port.Parent).Any())
                .ToList();
            var subjects = ports.Count == 0
                ? [FindEndpoint((string?)binding.Attribute("name") ?? "?", binding, port: null)]
                : ports.Select(port => FindEndpoint((string?)port.Attribute("name") ?? "?", binding, port));
            foreach (var subject in subjects)
            {
                if (subject.Messages.Any(message => message.Policies.Any(policy => SaysMore(policy, []))))
                {
                    yield return subject;
                }
            }
        }
    }

    // An endpoint whose policies speak of nothing but what is around message security has none.
    private bool SaysMore(XElement element, HashSet<XElement> seen)
    {
        if (!PolicyNames.IsPolicy(element.Name.Namespace))
        {
            return !PolicyNames.IsAroundSecurity(element.Name);
        }

        if ((string?)element.Attribute("URI") is { } uri && element.Name.LocalName == "PolicyReference")
        {
            return Resolve(element, uri) is not { } policy || (seen.Add(policy) && SaysMore(policy, seen));
        }

        return element.Elements().Any(child => SaysMore(child, seen));
    }

    // What refers to two policies is refused where it is read.
    private XElement? Resolve(XElement reference, string uri)
    {
        try
        {
            return _documents.Find(reference, uri);
        }
        catch (PolicyImportException)
        {
            return null;
        }
    }

    private PolicySubject FindEndpoint(string name, XElement binding, XElement? port)
    {
        var portType = Find(binding, "type", "portType");
        var endpoint = Attached(port?.Parent, port, binding, portType).ToList();
        var messages = new List<MessageSubject>();
        foreach (var operation in binding.Elements(PolicyNames.Wsdl + "operation"))
        {
            var operationName = (string?)operation.Attribute("name") ?? "?";
            var abstractOperation = portType?.Elements(PolicyNames.Wsdl + "operation").FirstOrDefault(each => (string?)each.Attribute("name") == operationName);
            var outer = endpoint.Concat(Attached(operation, abstractOperation)).ToList();
            var replyAction = FindAction(operation, portType, abstractOperation, "output");
            foreach (var message in operation.Elements().Where(IsMessage))
            {
                var kind = message.Name.LocalName;
                var abstractMessage = FindAbstractMessage(abstractOperation, message);
                var action = kind == "output" ? replyAction : kind == "input" ? FindAction(operation, portType, abstractOperation, kind) : null;
                var parts = abstractMessage is null ? null : Find(abstractMessage, "message", "message");
                messages.Add(new MessageSubject($"{kind} of {operationName}", kind != "input", action, [.. outer, .. Attached(message, abstractMessage, parts)])
                {
                    Operation = operationName,
                    FaultBeside = kind == "fault" ? operationName : null,
                });
            }
        }

        if (messages.Count == 0)
        {
            messages.Add(new MessageSubject("every message", IsReply: false, Action: null, endpoint));
        }

        return new PolicySubject(name, messages)
        {
            Notes = [
                .. _documents.NotRead,
                .. portType is null ? [$"The port type {(string?)binding.Attribute("type")} is in another document; what is attached to it there was not seen."] : Array.Empty<string>(),
            ],
        };
    }

    private static bool IsMessage(XElement element) =>
        element.Name == PolicyNames.Wsdl + "input" || element.Name == PolicyNames.Wsdl + "output" || element.Name == PolicyNames.Wsdl + "fault";

    private static XElement? FindAbstractMessage(XElement? operation, XElement message) =>
        operation?.Elements(message.Name).FirstOrDefault(each => message.Name.LocalName != "fault" || (string?)each.Attribute("name") == (string?)message.Attribute("name"));

    // WS-Addressing 1.0 Metadata, section 4.4; an action that is stated comes first, and that of SOAP for requests.
    private static string? FindAction(XElement operation, XElement? portType, XElement? abstractOperation, string direction)
    {
        var message = abstractOperation?.Element(PolicyNames.Wsdl + direction);
        var stated = (string?)(message?.Attribute(PolicyNames.AddressingMetadata + "Action") ?? message?.Attribute(PolicyNames.AddressingWsdl + "Action"));
        if (!string.IsNullOrEmpty(stated))
        {
            return stated;
        }

        var soap = operation.Element(PolicyNames.WsdlSoap11 + "operation") ?? operation.Element(PolicyNames.WsdlSoap12 + "operation");
        if (direction == "input" && (string?)soap?.Attribute("soapAction") is { Length: > 0 } soapAction)
        {
            return soapAction;
        }

        if (portType is null || message is null || (string?)portType.Parent?.Attribute("targetNamespace") is not { } target)
        {
            return null;
        }

        var isOneWay = abstractOperation!.Element(PolicyNames.Wsdl + "output") is null;
        var suffix = isOneWay ? string.Empty : direction == "input" ? "Request" : "Response";
        var name = (string?)message.Attribute("name") ?? (string?)operation.Attribute("name") + suffix;
        var delimiter = target.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) ? ':' : '/';
        return $"{target.TrimEnd(delimiter)}{delimiter}{(string?)portType.Attribute("name")}{delimiter}{name}";
    }

    private IEnumerable<XElement> Attached(params IEnumerable<XElement?> elements)
    {
        foreach (var element in elements.OfType<XElement>())
        {
            foreach (var child in element.Elements().Where(child => PolicyNames.IsPolicy(child.Name, "Policy") || PolicyNames.IsPolicy(child.Name, "PolicyReference")))
            {
                yield return child;
            }

            foreach (var uris in element.Attributes().Where(attribute => PolicyNames.IsPolicy(attribute.Name, "PolicyURIs")))
            {
                foreach (var uri in uris.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                {
                    yield return _documents.Reference(element, uri);
                }
            }
        }
    }

    // A definition by the qualified name that an attribute has.
    private XElement? Find(XElement element, string attribute, string kind)
    {
        if ((string?)element.Attribute(attribute) is not { } name)
        {
            return null;
        }

        var parts = name.Trim().Split(':');
        var target = parts.Length == 2 ? element.GetNamespaceOfPrefix(parts[0])?.NamespaceName : element.GetDefaultNamespace().NamespaceName;
        return _definitions.Where(definitions => ((string?)definitions.Attribute("targetNamespace") ?? string.Empty) == target)
            .Elements(PolicyNames.Wsdl + kind).FirstOrDefault(each => (string?)each.Attribute("name") == parts[^1]);
    }
}
