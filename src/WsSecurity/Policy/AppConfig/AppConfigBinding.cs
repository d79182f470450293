using System.Xml.Linq;

namespace WsSecurity.Policy.AppConfig;

/// <summary>A binding as an endpoint uses it.</summary>
/// <param name="Kind">The collection below <c>&lt;bindings&gt;</c>, as <c>wsHttpBinding</c>.</param>
/// <param name="Name">Its name; empty for the one of its kind that has none.</param>
/// <param name="Element">Null where nothing but the kind's defaults applies.</param>
internal sealed record AppConfigBinding(string Kind, string Name, AppConfigElement? Element);

/// <summary>What a binding says of message security.</summary>
/// <param name="Policy">The policy; null where there is no message security, or one that is refused.</param>
/// <param name="NoMessageSecurity">Why there is none; null where there is.</param>
internal readonly record struct BindingSecurity(SecurityPolicy? Policy, string? NoMessageSecurity = null);

/// <summary>Which party an endpoint is.</summary>
internal enum AppConfigParty
{
    /// <summary>No endpoint says.</summary>
    Unknown,
    Client,
    Service,
}

/// <summary>The bindings of a configuration.</summary>
internal sealed class AppConfigBindings(XElement? section)
{
    public IEnumerable<(string Kind, string Name)> Names => Kinds.SelectMany(kind => Read(kind).Select(binding => (kind.Name.LocalName, NameOf(binding))));

    private IEnumerable<XElement> Kinds => section?.Elements() ?? [];

    /// <summary>Finds a binding; null, and a refusal, where a name is not in the document.</summary>
    public AppConfigBinding? Find(string kind, string name, AppConfigReading reading, string asker)
    {
        var found = Kinds.Where(element => element.Name.LocalName == kind).SelectMany(Read).Where(binding => NameOf(binding) == name).ToList();
        switch (found)
        {
            case [var binding]:
                return new AppConfigBinding(kind, name, new AppConfigElement(binding, $"bindings/{kind}/binding{AppConfigElement.NameOf(binding)}", reading));
            case [] when name.Length == 0:
                return new AppConfigBinding(kind, name, null);
            case []:
                reading.Refusals.Add($"{asker}: names the {kind} '{name}', which is not in the document");
                return null;
            default:
                reading.Refusals.Add($"bindings/{kind}/binding[@name='{name}']{AppConfigElement.Line(found[1])}: stands twice");
                return null;
        }
    }

    // What stands before <clear/> or <remove/> is gone, as in every collection of .NET Framework.
    private static List<XElement> Read(XElement kind)
    {
        var bindings = new List<XElement>();
        foreach (var child in kind.Elements())
        {
            switch (child.Name.LocalName)
            {
                case "clear":
                    bindings.Clear();
                    break;
                case "remove":
                    bindings.RemoveAll(binding => NameOf(binding) == NameOf(child));
                    break;
                case "binding":
                    bindings.Add(child);
                    break;
            }
        }

        return bindings;
    }

    private static string NameOf(XElement element) => (string?)element.Attribute("name") ?? string.Empty;
}
