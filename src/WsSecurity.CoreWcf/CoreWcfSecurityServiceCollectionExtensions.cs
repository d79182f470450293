using CoreWCF.Description;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WsSecurity;
using WsSecurity.Evidence;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what protects the services of a CoreWCF host.</summary>
public static class CoreWcfSecurityServiceCollectionExtensions
{
    /// <summary>
    /// Registers what the endpoints of this host share: authorization, and a replay cache in memory. Register an <see cref="IReplayCache"/> of your own
    /// where several hosts serve one endpoint, an <see cref="IUsernameTokenValidator"/> where users send passwords, an <see cref="EvidenceRecording"/> to keep
    /// what endpoints receive and send, and an <see cref="IEvidenceStoreProvider"/> for configured trails in a database.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddServiceModelSecurity(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddAuthorization();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceBehavior, HostServices>());
        services.TryAddSingleton<IReplayCache>(provider => new MemoryReplayCache(timeProvider: provider.GetService<TimeProvider>()));
        return services;
    }

    /// <summary>
    /// Does as <see cref="AddServiceModelSecurity"/>, and lets endpoints take their policy and credentials from <c>WsSecurity:Bindings:&lt;name&gt;</c>
    /// with <see cref="MessageSecurityExtensions.WithMessageSecurity(CoreWCF.Channels.Binding, IServiceProvider, string)"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root of the configuration.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddWsSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(provider => new ConfiguredBindings(configuration, provider.GetRequiredService<IHostEnvironment>()));
        services.TryAddSingleton(provider =>
        {
            var environment = provider.GetRequiredService<IHostEnvironment>();
            return new EvidenceTrails(
                configuration,
                provider.GetServices<IEvidenceStoreProvider>(),
                new BindingConfigurationOptions { BasePath = environment.ContentRootPath, EnvironmentName = environment.EnvironmentName },
                new SecurityServices
                {
                    TimeProvider = provider.GetService<TimeProvider>() ?? SecurityServices.Default.TimeProvider,
                    LoggerFactory = provider.GetService<ILoggerFactory>() ?? SecurityServices.Default.LoggerFactory,
                });
        });
        return services.AddServiceModelSecurity();
    }
}
