using Microsoft.Extensions.Configuration;
using WsSecurity.Policy.Configuration;

namespace WsSecurity;

/// <summary>A binding as configuration states it, below <c>WsSecurity:Bindings:&lt;name&gt;</c>: the policy, and the credentials of this party.</summary>
public sealed record BindingConfiguration
{
    private const string BindingsKey = "WsSecurity:Bindings";

    /// <summary>What is written and demanded.</summary>
    public required SecurityPolicy Policy { get; init; }

    /// <summary>Our keys, and whom we trust.</summary>
    public required SecurityCredentials Credentials { get; init; }

    /// <summary>Which messages are kept as evidence.</summary>
    /// <value>null: none.</value>
    public EvidenceConfiguration? Evidence { get; init; }

    /// <summary>Reads a binding and loads its certificates. Nothing is ignored: a key that is unknown or misspelt is refused.</summary>
    /// <param name="configuration">The root of the configuration.</param>
    /// <param name="name">The binding's name.</param>
    /// <param name="options">The surroundings; the defaults when null.</param>
    /// <returns>The binding.</returns>
    /// <exception cref="BindingConfigurationException">There is no such binding, or a key or its value cannot be used.</exception>
    public static BindingConfiguration Load(IConfiguration configuration, string name, BindingConfigurationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        options ??= new BindingConfigurationOptions();

        var bindings = configuration.GetSection(BindingsKey);
        var section = bindings.GetChildren().FirstOrDefault(child => string.Equals(child.Key, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new BindingConfigurationException($"{BindingsKey}:{name}", $"there is no such binding; there {Describe(bindings)}");

        var binding = new ConfigurationNode(section);
        var policy = PolicyReader.Read(binding);
        var credentials = new CredentialsReader(options).Read(binding);
        var evidence = EvidenceReader.ReadBinding(binding);
        binding.RefuseUnknownKeys();
        return new BindingConfiguration { Policy = policy, Credentials = credentials, Evidence = evidence };
    }

    private static string Describe(IConfigurationSection bindings)
    {
        var names = bindings.GetChildren().Select(child => child.Key).ToArray();
        return names.Length == 0 ? "is none at all" : $"are: {string.Join(", ", names)}";
    }
}
