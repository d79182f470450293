using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WsSecurity.Amqp;
using WsSecurity.Amqp.Channels;
using WsSecurity.CoreWcf.Channels;
using WsSecurity.Messaging;
using Message = CoreWCF.Channels.Message;

namespace WsSecurity.CoreWcf.Amqp.Channels;

/// <summary>One endpoint of a service and its queue: decodes each message, has it dispatched, and says what became of it.</summary>
internal sealed class QueueEndpoint
{
    private readonly AmqpTransportBindingElement _transport;
    private readonly IServiceDispatcher _dispatcher;
    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger _logger;
    private readonly QueueReceiver _queue;
    private readonly MessageEncoder _encoder;
    private readonly BufferManager _buffers;
    private IServiceChannelDispatcher? _service;

    public QueueEndpoint(AmqpTransportBindingElement transport, IServiceDispatcher dispatcher, IServiceProvider services, TimeProvider timeProvider, ILogger logger)
    {
        _transport = transport;
        _dispatcher = dispatcher;
        _scopes = services.GetRequiredService<IServiceScopeFactory>();
        _logger = logger;

        // From the built dispatcher: WsSecurityBindingElement has its own encoding there.
        var encoding = dispatcher.Binding.CreateBindingElements().Find<MessageEncodingBindingElement>()
            ?? throw new InvalidOperationException($"The binding '{dispatcher.Binding.Name}' has no message encoding.");
        _encoder = encoding.CreateMessageEncoderFactory().Encoder;
        _buffers = BufferManager.CreateBufferManager(transport.MaxBufferPoolSize, (int)Math.Min(transport.MaxReceivedMessageSize, int.MaxValue));
        var options = new QueueReceiverOptions
        {
            Address = dispatcher.BaseAddress,
            BrokerCredentials = transport.Credentials,
            Concurrency = transport.Concurrency,
            RetryDelay = transport.RetryDelay,
            ReplyQueues = transport.ReplyQueues,
            ReplyTimeout = transport.ReplyTimeout,
        };
        _queue = new QueueReceiver(options, HandleAsync, timeProvider, logger);
    }

    /// <summary>Receives until the host stops.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        // One channel for all messages: CoreWCF keeps the first that it sees, and asks it for services as long as the endpoint lives.
        await using var scope = _scopes.CreateAsyncScope();
        _service = await _dispatcher.CreateServiceChannelDispatcherAsync(new QueueReplyChannel(scope.ServiceProvider, _dispatcher.BaseAddress)).ConfigureAwait(false);
        await _queue.RunAsync(stoppingToken).ConfigureAwait(false);
    }

    private async ValueTask<DeliveryOutcome> HandleAsync(global::Amqp.Message received, Func<DeliveryReply, CancellationToken, ValueTask>? reply, CancellationToken stoppingToken)
    {
        var contentType = SoapJms.ContentTypeOf(received) ?? _encoder.ContentType;
        if (SoapJms.OctetsOf(received) is not { } octets || octets.Length > _transport.MaxReceivedMessageSize || SoapJms.Get(received, SoapJms.ContentEncoding) is not null
            || !_encoder.IsContentTypeSupported(contentType))
        {
            Log.NotForThisEndpoint(_logger, _dispatcher.BaseAddress, contentType);
            return DeliveryOutcome.Refused;
        }

        Message message;
        try
        {
            message = Decode(received, octets, contentType);
        }
        catch (Exception failure)
        {
            Log.NotSoap(_logger, _dispatcher.BaseAddress, failure);
            return DeliveryOutcome.Refused;
        }

        using var context = new QueueRequestContext(message, _encoder, _buffers, reply, stoppingToken);
        try
        {
            await _service!.DispatchAsync(context).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.NotDispatched(_logger, _dispatcher.BaseAddress, failure);
            context.Abort();
        }

        return await context.Outcome.ConfigureAwait(false);
    }

    private Message Decode(global::Amqp.Message received, byte[] octets, string contentType)
    {
        var buffer = _buffers.TakeBuffer(octets.Length);
        octets.CopyTo(buffer, 0);
        var message = _encoder.ReadMessage(new ArraySegment<byte>(buffer, 0, octets.Length), _buffers, contentType);
        var action = SoapJms.Get(received, SoapJms.SoapAction);
        message.Properties.Via = _dispatcher.BaseAddress;
        if (message.Version.Addressing == AddressingVersion.None)
        {
            message.Headers.Action = action;
            message.Headers.To = _dispatcher.BaseAddress;
        }
        else if (!string.IsNullOrEmpty(action) && message.Headers.Action is { } claimed && action != claimed)
        {
            throw new ProtocolException($"The property {SoapJms.SoapAction} is '{action}', and the envelope's Action '{claimed}'.");
        }

        Redelivery.Mark(message);
        return message;
    }
}
