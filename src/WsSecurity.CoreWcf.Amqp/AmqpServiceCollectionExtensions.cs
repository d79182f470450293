using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WsSecurity.CoreWcf.Amqp;
using WsSecurity.CoreWcf.Amqp.Channels;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what brings messages from queues to CoreWCF services.</summary>
public static class AmqpServiceCollectionExtensions
{
    /// <summary>
    /// Receives for every endpoint whose binding has an <see cref="AmqpTransportBindingElement"/>, from when the services are open until the host stops. Comes beside
    /// <c>AddServiceModelServices</c>, and <c>UseServiceModel</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddAmqpQueues(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, QueueListener>());
        return services;
    }
}
