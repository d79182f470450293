using System.Xml.Linq;

namespace WsSecurity.Policy.AppConfig;

/// <summary>Reads the endpoints of a configuration, and the bindings that no endpoint uses.</summary>
internal sealed class EndpointReader
{
    private readonly AppConfigDocument _document;
    private readonly AppConfigBindings _bindings;
    private readonly XElement? _behaviors;

    private EndpointReader(AppConfigDocument document)
    {
        _document = document;
        _bindings = new AppConfigBindings(document.Section("bindings"));
        _behaviors = document.Section("behaviors");
    }

    /// <summary>Every endpoint, and every binding that no endpoint uses, those without message security included.</summary>
    public static IReadOnlyList<AppConfigEndpoint> ReadAll(AppConfigDocument document)
    {
        var reader = new EndpointReader(document);
        var endpoints = reader.ReadClient().Concat(reader.ReadServices()).ToList();
        var unused = reader._bindings.Names.Where(binding => !endpoints.Exists(endpoint => endpoint.BindingKind == binding.Kind && endpoint.BindingName == binding.Name));
        return [.. endpoints, .. unused.Distinct().Select(binding => reader.ReadBinding(binding.Kind, binding.Name))];
    }

    private IEnumerable<AppConfigEndpoint> ReadClient() =>
        Endpoints(_document.Section("client")).Select(element => Read(element, AppConfigParty.Client, "client", behavior: null));

    private IEnumerable<AppConfigEndpoint> ReadServices() =>
        (_document.Section("services")?.Elements() ?? []).Where(service => service.Name.LocalName == "service")
            .SelectMany(service => Endpoints(service).Select(element => Read(
                element, AppConfigParty.Service, $"services/service{AppConfigElement.NameOf(service)}", (string?)service.Attribute("behaviorConfiguration") ?? string.Empty)));

    private static IEnumerable<XElement> Endpoints(XElement? section) => (section?.Elements() ?? []).Where(child => child.Name.LocalName == "endpoint");

    private AppConfigEndpoint Read(XElement element, AppConfigParty party, string path, string? behavior)
    {
        var reading = new AppConfigReading();
        var endpoint = new AppConfigElement(element, $"{path}/endpoint{AppConfigElement.NameOf(element)}", reading);
        var kind = endpoint.Text("binding") ?? string.Empty;
        var bindingName = endpoint.Text("bindingConfiguration") ?? string.Empty;
        var name = endpoint.Text("name");
        var contract = endpoint.Text("contract");
        var address = Uri.TryCreate(endpoint.Text("address"), UriKind.Absolute, out var uri) ? uri : null;
        var security = ReadSecurity(kind, bindingName, party, reading, endpoint.Where("bindingConfiguration"));
        var credentials = party == AppConfigParty.Client
            ? CredentialsBehaviorReader.ReadClient(
                FindBehavior("endpointBehaviors", endpoint.Text("behaviorConfiguration") ?? string.Empty, "clientCredentials", reading, endpoint.Where("behaviorConfiguration")),
                endpoint.Child("identity"),
                address)
            : CredentialsBehaviorReader.ReadService(FindBehavior("serviceBehaviors", behavior!, "serviceCredentials", reading, path));
        endpoint.NoteWithoutEffect("standard endpoints are left to the host", "kind", "endpointConfiguration");
        return new AppConfigEndpoint
        {
            Name = FirstNonEmpty(name, bindingName, contract, kind),
            EndpointName = name,
            BindingKind = kind,
            BindingName = bindingName,
            Address = address,
            Contract = contract,
            Security = security,
            Credentials = credentials,
            Reading = reading,
        };
    }

    private AppConfigEndpoint ReadBinding(string kind, string name)
    {
        var reading = new AppConfigReading();
        return new AppConfigEndpoint
        {
            Name = FirstNonEmpty(name, kind),
            BindingKind = kind,
            BindingName = name,
            Security = ReadSecurity(kind, name, AppConfigParty.Unknown, reading, $"bindings/{kind}"),
            Credentials = new AppConfigCredentials(),
            Reading = reading,
        };
    }

    private BindingSecurity ReadSecurity(string kind, string name, AppConfigParty party, AppConfigReading reading, string asker) =>
        _bindings.Find(kind, name, reading, asker) is { } binding ? StandardBindingReader.Read(binding, party, reading) : default;

    // Behaviors without a name are every endpoint's that names none.
    private AppConfigElement? FindBehavior(string collection, string name, string element, AppConfigReading reading, string asker)
    {
        var behaviors = (_behaviors?.Elements() ?? []).Where(child => child.Name.LocalName == collection).Elements()
            .Where(child => child.Name.LocalName == "behavior" && ((string?)child.Attribute("name") ?? string.Empty) == name).ToList();
        if (behaviors.Count == 0 && name.Length > 0)
        {
            reading.Refusals.Add($"{asker}: names the behavior '{name}', which is not in the document");
        }

        var found = behaviors.Elements().FirstOrDefault(child => child.Name.LocalName == element);
        return found is null ? null : new AppConfigElement(found, $"behaviors/{collection}/behavior{AppConfigElement.NameOf(found.Parent!)}/{element}", reading);
    }

    private static string FirstNonEmpty(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (!string.IsNullOrEmpty(name))
            {
                return name;
            }
        }

        return "?";
    }
}

/// <summary>What was read of one endpoint.</summary>
internal sealed record AppConfigEndpoint
{
    public required string Name { get; init; }

    public string? EndpointName { get; init; }

    public required string BindingKind { get; init; }

    public required string BindingName { get; init; }

    public Uri? Address { get; init; }

    public string? Contract { get; init; }

    public required BindingSecurity Security { get; init; }

    public required AppConfigCredentials Credentials { get; init; }

    public required AppConfigReading Reading { get; init; }
}
