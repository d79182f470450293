using System.Xml;
using Microsoft.Extensions.Configuration;
using WsSecurity.Cli.Commands;

namespace WsSecurity.Cli.Policies;

/// <summary>Reads the policies of a document: a WSDL, a .NET Framework configuration, or bindings in JSON.</summary>
internal static class PolicySource
{
    public const string Wsdl = "wsdl";
    public const string AppConfig = "appconfig";
    public const string Json = "json";

    private const string BindingsKey = "WsSecurity:Bindings";

    /// <returns>All, or those of the name; at least one.</returns>
    /// <exception cref="UsageException">The document cannot be read, or has none.</exception>
    public static async Task<IReadOnlyList<FoundPolicy>> ReadAsync(string kind, string path, string? name, CommandStreams streams, CancellationToken cancellationToken)
    {
        // Standard input imports nothing; a file may lead to others beside it.
        using var document = new MemoryStream(await MessageFile.ReadAsync(path, streams, cancellationToken).ConfigureAwait(false));
        var file = MessageFile.IsStandard(path) ? null : path;
        try
        {
            return kind switch
            {
                AppConfig => ReadAppConfig(document, file, name),
                Json => Pick(path, ReadJson(document, file), name),
                _ => Pick(path, [.. (file is null ? PolicyImport.ReadAll(document) : PolicyImport.ReadAll(file)).Select(FoundPolicy.Of)], name),
            };
        }
        catch (Exception exception) when (exception is XmlException or PolicyImportException or FormatException or InvalidDataException)
        {
            throw new UsageException($"{path}: {exception.Message}");
        }
    }

    private static FoundPolicy[] ReadAppConfig(MemoryStream document, string? file, string? name)
    {
        if (name is null)
        {
            var all = file is null ? AppConfigImport.ReadAll(document) : AppConfigImport.ReadAll(file);
            return all.Count > 0 ? [.. all.Select(FoundPolicy.Of)] : throw new UsageException($"{file ?? "-"} has no endpoint or binding with message security.");
        }

        try
        {
            return [FoundPolicy.Of(file is null ? AppConfigImport.Read(document, name) : AppConfigImport.Read(file, name))];
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--name: {exception.Message}");
        }
    }

    private static List<FoundPolicy> ReadJson(MemoryStream document, string? file)
    {
        var configuration = new ConfigurationBuilder().AddJsonStream(document).Build();
        var options = new BindingConfigurationOptions
        {
            BasePath = file is null ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(file))!,
            EnvironmentName = "Development",
        };
        return [.. configuration.GetSection(BindingsKey).GetChildren()
            .Select(binding => new FoundPolicy(binding.Key, BindingConfiguration.Load(configuration, binding.Key, options).Policy, null, []))];
    }

    private static List<FoundPolicy> Pick(string path, List<FoundPolicy> policies, string? name)
    {
        var found = name is null ? policies : policies.FindAll(policy => policy.Name == name);
        return found.Count > 0
            ? found
            : throw new UsageException(policies.Count == 0
                ? $"{path} has no policy."
                : $"{path} has no policy of the name '{name}'; it has: {string.Join(", ", policies.Select(policy => policy.Name))}.");
    }
}
