using Amqp;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WsSecurity.Amqp.Channels;
using WsSecurity.Messaging;

namespace WsSecurity.Amqp;

/// <summary>
/// Takes SOAP messages from a queue of an AMQP 1.0 broker, verifies them, and hands them to an <see cref="IDeliveryHandler"/>. A message is acknowledged
/// when its effect is committed and the broker has its reply; refused ones are rejected, for the broker's dead-letter queue. A connection that breaks is
/// opened again.
/// </summary>
/// <remarks>
/// Messages that say where to get an answer: the handler's reply, protected for their sender; an empty message where there is none; the standard fault
/// where they are refused. It carries the message's id as its correlation id (SOAP over JMS 1.0, section 2.6). Where a reply does not get away because the
/// connection broke, the message comes again, and a handler that uses <see cref="DeliveryLedger"/> answers with the reply that it stored. Where nobody
/// takes the reply within <see cref="AmqpReceiverOptions.ReplyTimeout"/>, it is dropped.
/// </remarks>
public sealed class AmqpReceiver : BackgroundService
{
    private readonly AmqpReceiverOptions _options;
    private readonly DeliveryReceiver _receiver;
    private readonly QueueReceiver _queue;
    private readonly ILogger _logger;

    /// <summary>Checks the options, and creates the service.</summary>
    /// <param name="options">Where messages come from, and what they must prove.</param>
    /// <param name="handler">Does the work.</param>
    /// <param name="services">Clock, log and replay cache; <see cref="SecurityServices.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The address names no queue, or policy and credentials do not fit.</exception>
    public AmqpReceiver(AmqpReceiverOptions options, IDeliveryHandler handler, SecurityServices? services = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1);
        if (!QueueReceiver.IsQueue(options.Address))
        {
            throw new ArgumentException($"The address '{options.Address}' is not that of a queue; amqp://host:port/queue is.", nameof(options));
        }

        services ??= SecurityServices.Default;
        _options = options;
        _receiver = new DeliveryReceiver(options.Policy, options.Credentials, handler, services);
        _logger = services.LoggerFactory.CreateLogger<AmqpReceiver>();
        var queue = new QueueReceiverOptions
        {
            Address = options.Address,
            BrokerCredentials = options.BrokerCredentials,
            Concurrency = options.Concurrency,
            RetryDelay = options.RetryDelay,
            ReplyQueues = options.ReplyQueues,
            ReplyTimeout = options.ReplyTimeout,
        };
        _queue = new QueueReceiver(queue, HandleAsync, services.TimeProvider, _logger);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _queue.RunAsync(stoppingToken);

    private async ValueTask<DeliveryOutcome> HandleAsync(Message message, Func<DeliveryReply, CancellationToken, ValueTask>? reply, CancellationToken stoppingToken)
    {
        var contentType = SoapJms.ContentTypeOf(message);
        if (SoapJms.OctetsOf(message) is not { } octets || octets.Length > _receiver.MaxMessageSize || SoapJms.Get(message, SoapJms.ContentEncoding) is not null)
        {
            Log.NotSoap(_logger, contentType);
            return DeliveryOutcome.Refused;
        }

        var context = new MessageContext
        {
            Action = SoapJms.Get(message, SoapJms.SoapAction),
            Charset = SoapJms.CharsetOf(contentType),
            EndpointAddress = _options.EndpointAddress,
            UnderstoodHeaders = _options.UnderstoodHeaders,
        };
        return await _receiver.ReceiveAsync(octets, context, reply, stoppingToken).ConfigureAwait(false);
    }
}
