using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace WsSecurity.Policy.Configuration;

/// <summary>
/// An object of the configuration, read key by key. What was read is what is known: <see cref="RefuseUnknownKeys"/> refuses the rest.
/// </summary>
internal sealed class ConfigurationNode(IConfigurationSection section)
{
    private readonly List<string> _known = [];

    public string Key => section.Key;

    public string Path => section.Path;

    /// <summary>The value, where this node is not an object but a text.</summary>
    public string? Value => section.Value;

    public IEnumerable<ConfigurationNode> Children => section.GetChildren().Select(child => new ConfigurationNode(child));

    public bool IsObject => section.GetChildren().Any();

    public bool Has(string key)
    {
        var child = Find(key);
        return child.Value is not null || child.GetChildren().Any();
    }

    /// <summary>Whether the key is there at all, with nothing below it, too.</summary>
    public bool HasKey(string key) => section.GetChildren().Any(child => child.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    public ConfigurationNode Child(string key) => new(Find(key));

    public bool IsText(string key) => !Find(key).GetChildren().Any();

    public string? Text(string key)
    {
        var child = Find(key);
        if (child.GetChildren().Any())
        {
            throw Refuse(key, "expects a text, not an object or a list");
        }

        return child.Value;
    }

    public string RequiredText(string key) => Text(key) is { Length: > 0 } value ? value : throw Refuse(key, "is required");

    public bool? Boolean(string key) => Text(key) switch
    {
        null => null,
        var value when bool.TryParse(value, out var parsed) => parsed,
        var value => throw RefuseValue(key, value, ["true", "false"]),
    };

    public int? PositiveInteger(string key, int maximum = int.MaxValue)
    {
        if (Text(key) is not { } value)
        {
            return null;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= maximum
            ? number
            : throw Refuse(key, $"'{value}' is not accepted: expects a whole number from 1 to {maximum.ToString(CultureInfo.InvariantCulture)}");
    }

    public TimeSpan? Duration(string key)
    {
        if (Text(key) is not { } value)
        {
            return null;
        }

        // Not the format "c", for which 300 is 300 days.
        return TimeSpan.TryParseExact(value, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var duration)
            ? duration
            : throw Refuse(key, $"'{value}' is not accepted: expects hours, minutes and seconds, as 00:05:00");
    }

    /// <summary>Reads a name of an enum; numbers are no names.</summary>
    public T? Name<T>(string key)
        where T : struct, Enum => Text(key) is { } value ? Name<T>(key, value) : null;

    public T Name<T>(string key, string value)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return names.FirstOrDefault(name => name.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<T>(known)
            : throw RefuseValue(key, value, names);
    }

    public ConfigurationNode? Object(string key)
    {
        var child = Find(key);
        if (child.GetChildren().Any())
        {
            return new ConfigurationNode(child);
        }

        // The value is not repeated: where an object belongs, it may be a secret.
        return string.IsNullOrEmpty(child.Value) ? null : throw Refuse(key, "expects an object, not a text");
    }

    /// <summary>The items of a list, in order; a single text or object is refused.</summary>
    public IReadOnlyList<ConfigurationNode> List(string key)
    {
        var child = Find(key);
        if (!string.IsNullOrEmpty(child.Value))
        {
            throw Refuse(key, "expects a list");
        }

        var items = child.GetChildren().Select(item => new ConfigurationNode(item)).ToArray();
        return items.All(item => IsIndex(item.Key)) ? items : throw Refuse(key, "expects a list, not an object");
    }

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string> Texts(string key) =>
        [.. List(key).Select(item => item is { IsObject: false, Value.Length: > 0 } ? item.Value : throw item.Refuse("expects a text"))];

    public void RefuseUnknownKeys()
    {
        foreach (var child in section.GetChildren())
        {
            if (!_known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw Refuse(child.Key, $"is not a key that is known here; known: {string.Join(", ", _known)}");
            }
        }
    }

    public BindingConfigurationException RefuseValue(string key, string value, IEnumerable<string> accepted) =>
        Refuse(key, $"'{value}' is not accepted; accepted: {string.Join(", ", accepted)}");

    public BindingConfigurationException Refuse(string key, string reason, Exception? innerException = null) =>
        new($"{Path}:{key}", reason, innerException);

    public BindingConfigurationException Refuse(string reason, Exception? innerException = null) => new(Path, reason, innerException);

    public static bool IsIndex(string key) => key.All(char.IsAsciiDigit);

    private IConfigurationSection Find(string key)
    {
        if (!_known.Contains(key))
        {
            _known.Add(key);
        }

        return section.GetSection(key);
    }
}
