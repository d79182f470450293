namespace WsSecurity.Policy.Configuration;

/// <summary>
/// Reads <c>SignedParts</c>, <c>EncryptedParts</c> and <c>RequiredParts</c>: parts of every message, or below <c>Request</c>, <c>Reply</c> and
/// <c>Operations:&lt;action&gt;</c>.
/// </summary>
internal static class ProtectedPartsReader
{
    private static readonly string[] Keys =
    [
        nameof(MessageParts.Body), nameof(MessageParts.AllHeaders), nameof(MessageParts.Headers), nameof(MessageParts.Elements), nameof(MessageParts.Paths), nameof(MessageParts.ContentPaths),
    ];

    public static ProtectedParts? Read(ConfigurationNode binding, string key)
    {
        if (binding.Object(key) is not { } node)
        {
            return null;
        }

        var all = ReadParts(node);
        var hasAll = Keys.Any(node.Has);
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
        AllHeaders = node.Boolean(nameof(MessageParts.AllHeaders)) ?? false,
        Headers = [.. node.List(nameof(MessageParts.Headers)).Select(ReadName)],
        Elements = [.. node.List(nameof(MessageParts.Elements)).Select(ReadName)],
        Paths = [.. node.List(nameof(MessageParts.Paths)).Select(ReadPath)],
        ContentPaths = [.. node.List(nameof(MessageParts.ContentPaths)).Select(ReadPath)],
    };

    private static QualifiedName ReadName(ConfigurationNode node)
    {
        var local = node.Text(nameof(QualifiedName.Name));
        var name = new QualifiedName(node.RequiredText(nameof(QualifiedName.Namespace)), string.IsNullOrEmpty(local) ? null : local);
        node.RefuseUnknownKeys();
        return name;
    }

    // A text, or an object with the namespaces of the prefixes.
    private static LocationPath ReadPath(ConfigurationNode node)
    {
        const string Path = "Path";
        if (!node.IsObject)
        {
            return Parse(node.Value ?? string.Empty, [], reason => node.Refuse(reason));
        }

        var namespaces = node.Object(nameof(LocationPath.Namespaces))?.Children.ToDictionary(
            child => child.Key, child => child is { IsObject: false, Value: { } uri } ? uri : throw child.Refuse("expects a namespace URI"), StringComparer.Ordinal);
        var path = Parse(node.RequiredText(Path), namespaces ?? [], reason => node.Refuse(Path, reason));
        node.RefuseUnknownKeys();
        return path;
    }

    private static LocationPath Parse(string expression, Dictionary<string, string> namespaces, Func<string, BindingConfigurationException> refuse)
    {
        try
        {
            return LocationPath.Parse(expression, namespaces);
        }
        catch (FormatException exception)
        {
            throw refuse(exception.Message);
        }
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
            throw node.Refuse("is not a key that is known here; known: " + string.Join(", ", Keys));
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
        "BODY" or "ALLHEADERS" => !node.IsObject,
        "HEADERS" or "ELEMENTS" or "PATHS" or "CONTENTPATHS" => node.Children.All(item => ConfigurationNode.IsIndex(item.Key)),
        _ => false,
    };
}
