using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace WsSecurity.Policy.AppConfig;

/// <summary>
/// An element of a .NET Framework configuration, read attribute by attribute. What was read is what is known: <see cref="RefuseUnknown"/>
/// refuses the rest.
/// </summary>
internal sealed class AppConfigElement
{
    private static readonly string[] Locks = ["lockAttributes", "lockAllAttributesExcept", "lockElements", "lockAllElementsExcept", "lockItem"];

    private readonly HashSet<string> _known = [.. Locks];
    private readonly HashSet<string> _knownChildren = [];
    private readonly AppConfigReading _reading;

    public AppConfigElement(XElement element, string path, AppConfigReading reading)
    {
        Element = element;
        Path = path;
        _reading = reading;
    }

    public XElement Element { get; }

    public string Path { get; }

    public string? Text(string name)
    {
        _known.Add(name);
        return (string?)Element.Attribute(name);
    }

    public bool Has(string name) => Text(name) is not null;

    /// <summary>Reads as .NET Framework does, in any case.</summary>
    public bool? Boolean(string name) => Text(name) is not { } value ? null
        : bool.TryParse(value, out var parsed) ? parsed
        : RefuseValue<bool>(name, value, ["true", "false"]);

    /// <summary>Reads a name of an enum; numbers are no names.</summary>
    public T? Name<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        var names = Enum.GetNames<T>();
        return names.FirstOrDefault(known => known.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Enum.Parse<T>(found)
            : RefuseValue<T>(name, value, names);
    }

    /// <summary>Reads a name of a list, in any case.</summary>
    public string? Name(string name, IReadOnlyList<string> accepted)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        if (accepted.FirstOrDefault(known => known.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return found;
        }

        Refuse(name, $"'{value}' is not accepted; accepted: {string.Join(", ", accepted)}");
        return null;
    }

    public TimeSpan? Duration(string name)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        if (TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var duration) && duration >= TimeSpan.Zero)
        {
            return duration;
        }

        Refuse(name, $"'{value}' is not accepted: expects hours, minutes and seconds, as 00:05:00");
        return null;
    }

    public AppConfigElement? Child(string name)
    {
        _knownChildren.Add(name);
        var children = Element.Elements().Where(child => child.Name.LocalName == name).ToList();
        if (children.Count > 1)
        {
            _reading.Refusals.Add($"{Path}/{name}{Line(children[1])}: stands twice");
        }

        return children.Count == 0 ? null : Wrap(children[0]);
    }

    public IEnumerable<AppConfigElement> Children(string name)
    {
        _knownChildren.Add(name);
        return Element.Elements().Where(child => child.Name.LocalName == name).Select(Wrap);
    }

    /// <summary>Refuses attributes and elements that were not asked for; nothing is passed over.</summary>
    public void RefuseUnknown()
    {
        foreach (var attribute in Element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration && !_known.Contains(attribute.Name.ToString())))
        {
            _reading.Refusals.Add($"{Path}/@{attribute.Name}{Line(attribute)}: is not known");
        }

        foreach (var child in Element.Elements().Where(child => !_knownChildren.Contains(child.Name.LocalName)))
        {
            _reading.Refusals.Add($"{Path}/{child.Name.LocalName}{Line(child)}: is not known");
        }
    }

    /// <summary>Refuses the value of an attribute, or its default where the element does not have it.</summary>
    public void Refuse(string attribute, string reason) => _reading.Refusals.Add($"{Where(attribute)}: {reason}");

    /// <summary>Refuses what would stand below this element, and is not there.</summary>
    public void RefuseBelow(string path, string reason) => _reading.Refusals.Add($"{Path}/{path}{Line(Element)}: {reason}");

    public void Refuse(string reason) => _reading.Refusals.Add($"{Path}{Line(Element)}: {reason}");

    public void Note(string attribute, string sentence) => _reading.Notes.Add($"{Where(attribute)}: {sentence}");

    public void Note(string sentence) => _reading.Notes.Add($"{Path}{Line(Element)}: {sentence}");

    /// <summary>Says of those attributes that are there that they have no effect.</summary>
    public void NoteWithoutEffect(string reason, params ReadOnlySpan<string> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (Has(attribute))
            {
                Note(attribute, $"has no effect: {reason}");
            }
        }
    }

    public string Where(string attribute) => Element.Attribute(attribute) is { } found
        ? $"{Path}/@{attribute}{Line(found)}"
        : $"{Path}/@{attribute}{Line(Element)}";

    /// <summary>Where something stands, with the name of the file where that is not the one that was opened.</summary>
    public static string Line(XObject node)
    {
        var root = (node as XElement ?? node.Parent)?.AncestorsAndSelf().Last();
        var file = root?.Annotation<IncludedFile>() is { } included ? $"{included.Name}, " : string.Empty;
        return node is IXmlLineInfo info && info.HasLineInfo() ? string.Create(CultureInfo.InvariantCulture, $" ({file}line {info.LineNumber})") : string.Empty;
    }

    private AppConfigElement Wrap(XElement child) => new(child, $"{Path}/{child.Name.LocalName}{NameOf(child)}", _reading);

    public static string NameOf(XElement element) => (string?)element.Attribute("name") is { Length: > 0 } name ? $"[@name='{name}']" : string.Empty;

    private T? RefuseValue<T>(string name, string value, IEnumerable<string> accepted)
        where T : struct
    {
        Refuse(name, $"'{value}' is not accepted; accepted: {string.Join(", ", accepted)}");
        return null;
    }
}
