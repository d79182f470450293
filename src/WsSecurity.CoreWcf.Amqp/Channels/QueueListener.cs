using CoreWCF.Channels;
using CoreWCF.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WsSecurity.Amqp.Channels;

namespace WsSecurity.CoreWcf.Amqp.Channels;

/// <summary>Receives for all endpoints of the host that have a queue, once its services are open.</summary>
internal sealed class QueueListener : BackgroundService
{
    private readonly IServiceProvider _services;
    private readonly IServiceBuilder _builder;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public QueueListener(IServiceProvider services, IServiceBuilder builder)
    {
        _services = services;
        _builder = builder;
        builder.Opened += (_, _) => _opened.TrySetResult();
        if (builder.State == CoreWCF.CommunicationState.Opened)
        {
            _opened.TrySetResult();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _opened.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(Endpoints().ToArray().Select(endpoint => endpoint.RunAsync(stoppingToken))).ConfigureAwait(false);
        }
    }

    private IEnumerable<QueueEndpoint> Endpoints()
    {
        var timeProvider = _services.GetService<TimeProvider>() ?? TimeProvider.System;
        var logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger<AmqpTransportBindingElement>();
        var dispatchers = _services.GetRequiredService<IDispatcherBuilder>();
        foreach (var dispatcher in _builder.Services.SelectMany(dispatchers.BuildDispatchers))
        {
            if (dispatcher.BaseAddress is not { } address || dispatcher.Binding?.CreateBindingElements().Find<AmqpTransportBindingElement>() is not { } transport)
            {
                continue;
            }

            if (!QueueReceiver.IsQueue(address))
            {
                throw new InvalidOperationException($"The address '{address}' is not that of a queue; amqp://host:port/queue is.");
            }

            var binding = new CustomBinding(dispatcher.Binding);
            var parameters = new BindingParameterCollection { _services };
            if (!binding.CanBuildServiceDispatcher<IReplyChannel>(parameters) || !dispatcher.SupportedChannelTypes.Contains(typeof(IReplyChannel)))
            {
                throw new InvalidOperationException($"The contracts at '{address}' need sessions or callbacks, which a queue has not.");
            }

            yield return new QueueEndpoint(transport, binding.BuildServiceDispatcher<IReplyChannel>(parameters, dispatcher), _services, timeProvider, logger);
        }
    }
}
