using System.Collections.Concurrent;
using System.Net.Mime;
using Amqp;
using Amqp.Framing;
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
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly AmqpReceiverOptions _options;
    private readonly DeliveryReceiver _receiver;
    private readonly TimeProvider _timeProvider;
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
        if (options.Address.Scheme is not ("amqp" or "amqps") || options.Address.AbsolutePath.Length < 2)
        {
            throw new ArgumentException($"The address '{options.Address}' is not that of a queue; amqp://host:port/queue is.", nameof(options));
        }

        services ??= SecurityServices.Default;
        _options = options;
        _receiver = new DeliveryReceiver(options.Policy, options.Credentials, handler, services);
        _timeProvider = services.TimeProvider;
        _logger = services.LoggerFactory.CreateLogger<AmqpReceiver>();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var broker = new AmqpBroker(_options.Address, _options.BrokerCredentials);
        using var replies = new ReplySender(broker, _options, _timeProvider, _logger);
        var pause = TimeSpan.FromMilliseconds(100);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReceiveAsync(broker, replies, () => pause = TimeSpan.FromMilliseconds(100), stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (BrokerCalls.IsTransient(failure))
            {
                Log.ConnectionBroken(_logger, _options.Address.Authority, failure);
            }

            await Task.Delay(pause, _timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }
    }

    private async Task ReceiveAsync(AmqpBroker broker, ReplySender replies, Action onConnected, CancellationToken stoppingToken)
    {
        var session = await broker.OpenSessionAsync(stoppingToken).ConfigureAwait(false);
        var running = new ConcurrentDictionary<Task, bool>();
        IncomingLink? link = null;
        var source = new Source { Address = AmqpBroker.NodeOf(_options.Address), Durable = broker.QueueDurability };
        link = new IncomingLink(session, source, _options.Concurrency, message =>
        {
            onConnected();
            var settling = SettleAsync(broker, link!, replies, message, stoppingToken);
            running.TryAdd(settling, true);
            settling.ContinueWith(done => running.TryRemove(done, out bool _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        });
        try
        {
            await link.Attached.WaitAsync(stoppingToken).ConfigureAwait(false);
            link.Start();
            await link.Closed.WaitAsync(stoppingToken).ConfigureAwait(false);
        }
        finally
        {
            // What is at work may still commit and acknowledge; and nothing may come again to this process while it does.
            await Task.WhenAll(running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await link.CloseAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Log.LinkClosed(_logger, _options.Address.Authority, link.Error?.ToString());
    }

    private async Task SettleAsync(AmqpBroker broker, IncomingLink link, ReplySender replies, Message message, CancellationToken stoppingToken)
    {
        // Off the connection's thread, which is needed for whatever else comes.
        await Task.Yield();
        try
        {
            switch (await HandleAsync(message, replies, stoppingToken).ConfigureAwait(false))
            {
                case DeliveryOutcome.Handled or DeliveryOutcome.Duplicate:
                    link.Accept(message);
                    break;
                case DeliveryOutcome.Refused:
                    link.Reject(message);
                    break;
                default:
                    await Task.Delay(_options.RetryDelay, _timeProvider, stoppingToken).ConfigureAwait(false);
                    if (broker.KnowsModified)
                    {
                        link.Fail(message);
                    }
                    else
                    {
                        link.Release(message);
                    }

                    break;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            link.Release(message);
        }
        catch (Exception failure) when (BrokerCalls.IsTransient(failure))
        {
            // Not acknowledged, so it comes again, and its key tells that it had its effect.
            Log.NotSettled(_logger, failure);
        }
    }

    private async Task<DeliveryOutcome> HandleAsync(Message message, ReplySender replies, CancellationToken stoppingToken)
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
            Charset = CharsetOf(contentType),
            EndpointAddress = _options.EndpointAddress,
            UnderstoodHeaders = _options.UnderstoodHeaders,
        };
        return await _receiver.ReceiveAsync(octets, context, replies.To(message), stoppingToken).ConfigureAwait(false);
    }

    private static string? CharsetOf(string? contentType)
    {
        try
        {
            return contentType is null ? null : new ContentType(contentType).CharSet;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
