using System.Collections.Concurrent;
using System.Net;
using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging;
using WsSecurity.Messaging;

namespace WsSecurity.Amqp.Channels;

/// <summary>How a queue is received from.</summary>
internal sealed record QueueReceiverOptions
{
    public required Uri Address { get; init; }

    public required NetworkCredential? BrokerCredentials { get; init; }

    /// <summary>How many messages are at work at the same time, at most.</summary>
    public required int Concurrency { get; init; }

    /// <summary>How long a message that failed rests.</summary>
    public required TimeSpan RetryDelay { get; init; }

    /// <summary>How the names of queues for replies begin; null for any.</summary>
    public required IReadOnlyList<string>? ReplyQueues { get; init; }

    /// <summary>How long a reply may wait to be taken.</summary>
    public required TimeSpan ReplyTimeout { get; init; }
}

/// <summary>Takes messages from a queue, and settles each as its outcome says. A connection that breaks is opened again.</summary>
/// <param name="options">Where from, and how many.</param>
/// <param name="handle">Does the work: the message, the way back to its sender (null where nobody waits), and a token for when the host stops.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class QueueReceiver(
    QueueReceiverOptions options,
    Func<Message, Func<DeliveryReply, CancellationToken, ValueTask>?, CancellationToken, ValueTask<DeliveryOutcome>> handle,
    TimeProvider timeProvider,
    ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Whether an address names a queue.</summary>
    public static bool IsQueue(Uri address) => address.Scheme is "amqp" or "amqps" && address.AbsolutePath.Length > 1;

    /// <summary>Receives until the host stops.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var broker = new AmqpBroker(options.Address, options.BrokerCredentials);
        using var replies = new ReplySender(broker, options, timeProvider, logger);
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReceiveAsync(broker, replies, () => pause = FirstPause, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (BrokerCalls.IsTransient(failure))
            {
                Log.ConnectionBroken(logger, options.Address.Authority, failure);
            }

            await Task.Delay(pause, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }
    }

    private async Task ReceiveAsync(AmqpBroker broker, ReplySender replies, Action onConnected, CancellationToken stoppingToken)
    {
        var session = await broker.OpenSessionAsync(stoppingToken).ConfigureAwait(false);
        var running = new ConcurrentDictionary<Task, bool>();
        var source = new Source { Address = AmqpBroker.NodeOf(options.Address), Durable = broker.QueueDurability };
        IncomingLink? link = null;
        link = new IncomingLink(session, source, options.Concurrency, message =>
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

        Log.LinkClosed(logger, options.Address.Authority, link.Error?.ToString());
    }

    private async Task SettleAsync(AmqpBroker broker, IncomingLink link, ReplySender replies, Message message, CancellationToken stoppingToken)
    {
        // Off the connection's thread, which is needed for whatever else comes.
        await Task.Yield();
        try
        {
            switch (await handle(message, replies.To(message), stoppingToken).ConfigureAwait(false))
            {
                case DeliveryOutcome.Handled or DeliveryOutcome.Duplicate:
                    link.Accept(message);
                    break;
                case DeliveryOutcome.Refused:
                    link.Reject(message);
                    break;
                default:
                    await Task.Delay(options.RetryDelay, timeProvider, stoppingToken).ConfigureAwait(false);
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
            Log.NotSettled(logger, failure);
        }
    }
}
