using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using WsSecurity.Policy.Configuration;

namespace WsSecurity;

/// <summary>
/// A role of a configured binding that is made anew when a file changes that the binding names: certificates, keys, assertions. What is there is looked at
/// when <see cref="Current"/> is asked for, at most once in <see cref="BindingConfigurationOptions.ReloadInterval"/>. Thread-safe.
/// </summary>
/// <typeparam name="TRole">What is made of the binding: an <see cref="Initiator"/>, a <see cref="Recipient"/>, or the binding itself.</typeparam>
public sealed class BindingMonitor<TRole>
    where TRole : class
{
    private readonly IConfiguration _configuration;
    private readonly string _name;
    private readonly Func<BindingConfiguration, TRole> _create;
    private readonly BindingConfigurationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();

    private volatile TRole _current;
    private FileStamp _loaded;
    private FileStamp _seen;
    private long _lookedAt;

    /// <summary>Reads the binding and makes the first role, so that a configuration that cannot be used stops the host from starting.</summary>
    /// <param name="configuration">The root of the configuration.</param>
    /// <param name="name">The binding's name.</param>
    /// <param name="create">Makes the role. Share an <see cref="IReplayCache"/> between the roles that it makes, or what was seen is forgotten.</param>
    /// <param name="options">The surroundings; the defaults when null.</param>
    /// <param name="services">Clock and log; <see cref="SecurityServices.Default"/> when null.</param>
    /// <exception cref="BindingConfigurationException">There is no such binding, or a key or its value cannot be used.</exception>
    public BindingMonitor(
        IConfiguration configuration, string name, Func<BindingConfiguration, TRole> create, BindingConfigurationOptions? options = null, SecurityServices? services = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(create);
        services ??= SecurityServices.Default;
        _configuration = configuration;
        _name = name;
        _create = create;
        _options = options ?? new BindingConfigurationOptions();
        _time = services.TimeProvider;
        _logger = services.LoggerFactory.CreateLogger("WsSecurity.BindingMonitor");
        (_current, _loaded) = Load();
        _seen = _loaded;
        _lookedAt = _time.GetTimestamp();
    }

    /// <summary>
    /// The role as the files were last whole: they have the same octets at two looks, key and certificate fit together, and <c>create</c> took them. Until then,
    /// and where they never are, the role stays what it was; the log says why.
    /// </summary>
    public TRole Current
    {
        get
        {
            if (_options.ReloadInterval > TimeSpan.Zero && _time.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= _options.ReloadInterval && _looking.TryEnter())
            {
                try
                {
                    Look();
                }
                finally
                {
                    Volatile.Write(ref _lookedAt, _time.GetTimestamp());
                    _looking.Exit();
                }
            }

            return _current;
        }
    }

    private void Look()
    {
        var stamp = _loaded.Again();
        if (stamp == _loaded || stamp != _seen)
        {
            // Seen for the first time it may be half written.
            _seen = stamp;
            return;
        }

        try
        {
            var (role, loaded) = Load();
            if (stamp.Again() != stamp)
            {
                return;
            }

            (_current, _loaded, _seen) = (role, loaded, loaded);
            Log.Reloaded(_logger, _name);
        }
        catch (Exception exception) when (exception is BindingConfigurationException or ArgumentException or InvalidOperationException)
        {
            // Not tried again before the files change again.
            _loaded = stamp;
            Log.NotReloaded(_logger, _name, exception.Message);
        }
    }

    private (TRole Role, FileStamp Stamp) Load()
    {
        var files = new List<string>();
        var binding = BindingConfiguration.Load(_configuration, _name, _options with { FileRead = files.Add });
        return (_create(binding), FileStamp.Of(files));
    }
}
