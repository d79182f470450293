using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WsSecurity;
using WsSecurity.AspNetCore;
using WsSecurity.Evidence;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what protects SOAP endpoints.</summary>
public static class WsSecurityServiceCollectionExtensions
{
    /// <summary>
    /// Registers an endpoint from the host's configuration, <c>WsSecurity:Bindings:&lt;name&gt;</c>. One that cannot be used stops the host from
    /// starting, with a message that names the key. Relative paths in it resolve against the content root; certificates are read again when their files change.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The binding's name, by which the pipeline refers to it.</param>
    /// <param name="configure">Changes what was read, for example to set <see cref="WsSecurityEndpoint.EndpointAddress"/>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddWsSecurity(
        this IServiceCollection services, string name, Func<WsSecurityEndpoint, WsSecurityEndpoint>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.AddKeyedSingleton(name, (provider, _) => new ConfiguredEndpoint(provider, name, configure));
        services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<ConfiguredEndpoint>(name).Endpoint);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EndpointOptions>, EndpointValidation>());
        services.AddOptions<EndpointOptions>(name).ValidateOnStart();
        return services.AddWsSecurity();
    }

    /// <summary>Registers an endpoint.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name by which the pipeline refers to it.</param>
    /// <param name="endpoint">What protects it.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddWsSecurity(this IServiceCollection services, string name, WsSecurityEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(endpoint);
        return services.AddKeyedSingleton(name, endpoint).AddWsSecurity();
    }

    /// <summary>
    /// Registers a SOAP endpoint of this host as what handles deliveries of queues and mailboxes: a keyed <see cref="DeliveryEndpoint"/>, which receivers are given.
    /// <c>UseDeliveries</c> says which endpoint it is.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name by which the pipeline and the receivers refer to it.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddDeliveryEndpoint(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.AddKeyedSingleton(name, (provider, _) => new DeliveryEndpoint(provider, name));
    }

    /// <summary>
    /// Registers what the endpoints of this host share: a replay cache in memory. Register an <see cref="IReplayCache"/> of your own where
    /// several hosts serve one endpoint, an <see cref="IUsernameTokenValidator"/> where users send passwords, an <see cref="ICustomTokenHandler"/> for each
    /// kind of token of your own, an <see cref="EvidenceRecording"/> to keep what endpoints receive and send, and an <see cref="IEvidenceStoreProvider"/> for configured trails in a database.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddWsSecurity(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IReplayCache>(provider => new MemoryReplayCache(timeProvider: provider.GetService<TimeProvider>()));
        services.TryAddSingleton(provider =>
        {
            var environment = provider.GetRequiredService<IHostEnvironment>();
            return new EvidenceTrails(
                provider.GetRequiredService<IConfiguration>(),
                provider.GetServices<IEvidenceStoreProvider>(),
                new BindingConfigurationOptions { BasePath = environment.ContentRootPath, EnvironmentName = environment.EnvironmentName },
                new SecurityServices
                {
                    TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
                    LoggerFactory = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
                });
        });
        return services;
    }
}
