namespace WsSecurity.Policy.Configuration;

/// <summary>
/// Reads <c>SignedParts</c> and <c>EncryptedParts</c>: parts of every message, or below <c>Request</c>, <c>Reply</c> and
/// <c>Operations:&lt;action&gt;</c>.
/// </summary>
internal static class ProtectedPartsReader
{
    public static ProtectedParts? Read(ConfigurationNode binding, string key)
    {
        if (binding.Object(key) is not { } node)
        {
            return null;
        }

        var all = ReadParts(node);
        var hasAll = node.Has(nameof(MessageParts.Body)) || node.Has(nameof(MessageParts.Headers)) || node.Has(nameof(MessageParts.Elements));
        var parts = new ProtectedParts
        {
            All = hasAll ? all : null,
            Request = node.Object(nameof(ProtectedParts.Request)) is { } request ? ReadOnlyParts(request) : null,
            Reply = node.Object(nameof(ProtectedParts.Reply)) is { } reply ? ReadOnlyParts(reply) : null,
            Operations = ReadOperations(node.Object(nameof(ProtectedParts.Operations))),
        };
        node.RefuseUnknownKeys();
        return parts;
    }

    private static MessageParts ReadOnlyParts(ConfigurationNode node)
    {
        var parts = ReadParts(node);
        node.RefuseUnknownKeys();
        return parts;
    }

    private static MessageParts ReadParts(ConfigurationNode node) => new()
    {
        Body = node.Boolean(nameof(MessageParts.Body)) ?? false,
        Headers = [.. node.List(nameof(MessageParts.Headers)).Select(ReadName)],
        Elements = [.. node.List(nameof(MessageParts.Elements)).Select(ReadName)],
    };

    private static QualifiedName ReadName(ConfigurationNode node)
    {
        var local = node.Text(nameof(QualifiedName.Name));
        var name = new QualifiedName(node.RequiredText(nameof(QualifiedName.Namespace)), string.IsNullOrEmpty(local) ? null : local);
        node.RefuseUnknownKeys();
        return name;
    }

    private static Dictionary<string, MessageParts> ReadOperations(ConfigurationNode? operations)
    {
        var parts = new Dictionary<string, MessageParts>(StringComparer.Ordinal);
        foreach (var child in operations?.Children ?? [])
        {
            ReadOperation(child, child.Key, parts);
        }

        return parts;
    }

    // An action is a URI, and its colons are separators of configuration keys: the levels below are joined again until one states parts.
    private static void ReadOperation(ConfigurationNode node, string action, Dictionary<string, MessageParts> parts)
    {
        if (!node.IsObject)
        {
            throw node.Refuse("is not a key that is known here; known: Body, Headers, Elements");
        }

        var statesParts = false;
        foreach (var child in node.Children)
        {
            if (IsPart(child))
            {
                statesParts = true;
            }
            else
            {
                ReadOperation(child, $"{action}:{child.Key}", parts);
            }
        }

        if (statesParts)
        {
            parts.Add(action, ReadParts(node));
        }
    }

    private static bool IsPart(ConfigurationNode node) => node.Key.ToUpperInvariant() switch
    {
        "BODY" => !node.IsObject,
        "HEADERS" or "ELEMENTS" => node.Children.All(item => ConfigurationNode.IsIndex(item.Key)),
        _ => false,
    };
}
