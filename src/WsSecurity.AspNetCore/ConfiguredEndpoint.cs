using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WsSecurity.Evidence;

namespace WsSecurity.AspNetCore;

/// <summary>An endpoint from the host's configuration, whose certificates are read again when their files change.</summary>
internal sealed class ConfiguredEndpoint
{
    private readonly IConfiguration _configuration;
    private readonly BindingConfigurationOptions _options;
    private readonly string _name;
    private readonly Func<WsSecurityEndpoint, WsSecurityEndpoint>? _configure;
    private readonly EvidenceRecording? _evidence;

    public ConfiguredEndpoint(IServiceProvider provider, string name, Func<WsSecurityEndpoint, WsSecurityEndpoint>? configure)
    {
        var environment = provider.GetRequiredService<IHostEnvironment>();
        _configuration = provider.GetRequiredService<IConfiguration>();
        _options = new BindingConfigurationOptions { BasePath = environment.ContentRootPath, EnvironmentName = environment.EnvironmentName };
        _name = name;
        _configure = configure;
        var binding = BindingConfiguration.Load(_configuration, name, _options);
        _evidence = provider.GetRequiredService<EvidenceTrails>().RecordingOf(binding, name);
        Endpoint = Create(binding);
    }

    /// <summary>As it was read first; its policy stays.</summary>
    public WsSecurityEndpoint Endpoint { get; }

    /// <summary>The role, with the certificates as they are.</summary>
    /// <param name="endpoint">The endpoint as it is used.</param>
    /// <param name="services">What the role uses.</param>
    public Func<Recipient> Watch(WsSecurityEndpoint endpoint, SecurityServices services)
    {
        var monitor = new BindingMonitor<Recipient>(
            _configuration,
            _name,
            binding =>
            {
                var credentials = Create(binding).Credentials;
                var validator = credentials.UsernameTokenValidator ?? endpoint.Credentials.UsernameTokenValidator;
                return new Recipient(endpoint.Policy, credentials with { UsernameTokenValidator = validator }, services);
            },
            _options,
            services);
        return () => monitor.Current;
    }

    private WsSecurityEndpoint Create(BindingConfiguration binding)
    {
        var endpoint = new WsSecurityEndpoint { Policy = binding.Policy, Credentials = binding.Credentials, Evidence = _evidence };
        return _configure?.Invoke(endpoint) ?? endpoint;
    }
}
