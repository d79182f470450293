using System.ServiceModel;
using Amqp;
using Microsoft.Extensions.Logging;
using WsSecurity.Messaging;

namespace WsSecurity.Amqp.Channels;

/// <summary>Sends replies to where their requests say. Each address has a session of its own, so that a bad one harms no other; the last used stay open.</summary>
internal sealed class ReplySender(AmqpBroker broker, QueueReceiverOptions options, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private const int OpenAtMost = 64;

    private readonly Dictionary<string, LinkedListNode<Way>> _ways = new(StringComparer.Ordinal);
    private readonly LinkedList<Way> _byUse = [];

    /// <summary>The way back to who sent a message.</summary>
    /// <returns>null where it wants no answer, or wants it where none is sent. What it throws means that the connection broke.</returns>
    public Func<DeliveryReply, CancellationToken, ValueTask>? To(Message request)
    {
        if (request.Properties?.ReplyTo is not { Length: > 0 } replyTo)
        {
            return null;
        }

        if (options.ReplyQueues is { } prefixes && !prefixes.Any(prefix => replyTo.StartsWith(prefix, StringComparison.Ordinal)))
        {
            Log.ReplyNotAllowed(logger, replyTo);
            return null;
        }

        return (reply, stoppingToken) => SendAsync(request, replyTo, reply, stoppingToken);
    }

    public void Dispose()
    {
        lock (_ways)
        {
            foreach (var way in _byUse)
            {
                way.Queue.Dispose();
            }

            _byUse.Clear();
            _ways.Clear();
        }
    }

    private async ValueTask SendAsync(Message request, string replyTo, DeliveryReply reply, CancellationToken stoppingToken)
    {
        var octets = reply.Envelope.ToArray();
        using var timeout = new CancellationTokenSource(options.ReplyTimeout, timeProvider);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, timeout.Token);
        var way = Enter(replyTo);
        try
        {
            await way.Queue.SendOnceAsync(() => SoapJms.CreateReply(request, reply with { Envelope = octets }), deadline.Token).ConfigureAwait(false);
        }
        catch (CommunicationException refused)
        {
            Log.ReplyRefused(logger, replyTo, refused);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested && broker.IsConnected)
        {
            Log.ReplyNotTaken(logger, replyTo);
            Abandon(way);
        }
        catch (Exception exception) when (way.IsAbandoned && BrokerCalls.IsTransient(exception))
        {
            Log.ReplyNotTaken(logger, replyTo);
        }
        finally
        {
            Leave(way);
        }
    }

    private Way Enter(string replyTo)
    {
        lock (_ways)
        {
            if (_ways.TryGetValue(replyTo, out var node))
            {
                _byUse.Remove(node);
            }
            else
            {
                _ways.Add(replyTo, node = new LinkedListNode<Way>(new Way(replyTo, new AmqpQueue(broker, replyTo, exists: true))));
            }

            _byUse.AddFirst(node);
            node.Value.Users++;
            return node.Value;
        }
    }

    // The link still holds what it could not send; with it go the other replies that wait for the same reader.
    private void Abandon(Way way)
    {
        lock (_ways)
        {
            way.IsAbandoned = true;
            if (_ways.TryGetValue(way.ReplyTo, out var node) && node.Value == way)
            {
                _ways.Remove(way.ReplyTo);
                _byUse.Remove(node);
            }
        }

        way.Queue.Dispose();
    }

    // What is in use stays; there are never more of those than messages at work.
    private void Leave(Way left)
    {
        lock (_ways)
        {
            left.Users--;
            for (var last = _byUse.Last; last is not null && _byUse.Count > OpenAtMost;)
            {
                var previous = last.Previous;
                if (last.Value.Users == 0)
                {
                    _byUse.Remove(last);
                    _ways.Remove(last.Value.ReplyTo);
                    last.Value.Queue.Dispose();
                }

                last = previous;
            }
        }
    }

    private sealed class Way(string replyTo, AmqpQueue queue)
    {
        public string ReplyTo => replyTo;

        public AmqpQueue Queue => queue;

        public int Users { get; set; }

        /// <summary>Whether its reader has gone.</summary>
        public bool IsAbandoned { get; set; }
    }
}
