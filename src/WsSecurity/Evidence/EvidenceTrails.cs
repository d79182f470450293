using Microsoft.Extensions.Configuration;
using WsSecurity.Policy.Configuration;

namespace WsSecurity.Evidence;

/// <summary>The trails of a host's configuration, below <c>WsSecurity:Evidence:&lt;name&gt;</c>: each is opened when it is first asked for, and once. Thread-safe.</summary>
public sealed class EvidenceTrails : IDisposable
{
    private const string TrailsKey = "WsSecurity:Evidence";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, EvidenceTrail> _opened = new(StringComparer.OrdinalIgnoreCase);
    private readonly IConfiguration _configuration;
    private readonly IReadOnlyList<IEvidenceStoreProvider> _providers;
    private readonly BindingConfigurationOptions _options;
    private readonly SecurityServices _services;

    /// <summary>Takes note of a configuration; nothing is opened yet.</summary>
    /// <param name="configuration">The root of the configuration.</param>
    /// <param name="providers">The kinds of stores beside files.</param>
    /// <param name="options">The surroundings; the defaults when null.</param>
    /// <param name="services">Clock and log; the defaults when null.</param>
    public EvidenceTrails(
        IConfiguration configuration, IEnumerable<IEvidenceStoreProvider> providers, BindingConfigurationOptions? options = null, SecurityServices? services = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(providers);
        _configuration = configuration;
        _providers = [new FileStoreProvider(), .. providers];
        _options = options ?? new BindingConfigurationOptions();
        _services = services ?? SecurityServices.Default;
    }

    /// <summary>What a configured binding has kept.</summary>
    /// <param name="binding">The binding.</param>
    /// <param name="endpoint">The name that its records get.</param>
    /// <returns>null where the binding says nothing of evidence.</returns>
    /// <exception cref="BindingConfigurationException">There is no such trail, or its configuration cannot be used.</exception>
    /// <exception cref="Exception">What <see cref="EvidenceTrail.Open"/> and the store throw.</exception>
    public EvidenceRecording? RecordingOf(BindingConfiguration binding, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return binding.Evidence is not { } evidence ? null : new EvidenceRecording
        {
            Trail = Open(evidence.Trail),
            Endpoint = endpoint,
            IsRequired = evidence.IsRequired,
            KeepsSent = evidence.KeepsSent,
            KeepsRefused = evidence.KeepsRefused,
        };
    }

    /// <summary>Opens a trail, or gives the one that is open.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The trail; it ends with this.</returns>
    /// <exception cref="BindingConfigurationException">There is no such trail, or its configuration cannot be used.</exception>
    /// <exception cref="Exception">What <see cref="EvidenceTrail.Open"/> and the store throw.</exception>
    public EvidenceTrail Open(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        lock (_lock)
        {
            if (!_opened.TryGetValue(name, out var trail))
            {
                var section = _configuration.GetSection(TrailsKey).GetChildren().FirstOrDefault(child => string.Equals(child.Key, name, StringComparison.OrdinalIgnoreCase))
                    ?? throw new BindingConfigurationException($"{TrailsKey}:{name}", "there is no such trail of evidence");
                trail = EvidenceReader.Open(new ConfigurationNode(section), _providers, _options, _services);
                _opened.Add(name, trail);
            }

            return trail;
        }
    }

    /// <summary>Ends the trails that were opened.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var trail in _opened.Values)
            {
                trail.Dispose();
            }

            _opened.Clear();
        }
    }
}
