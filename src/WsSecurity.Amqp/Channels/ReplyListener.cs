using System.Collections.Concurrent;
using System.ServiceModel;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace WsSecurity.Amqp.Channels;

/// <summary>
/// Takes the replies of one channel factory from their queue, and gives each to the call whose message it answers. What answers no call that waits is
/// dropped: it came too late, or is nobody's.
/// </summary>
/// <param name="broker">The broker.</param>
/// <param name="queue">The queue; null for one that the broker makes and that goes with the link.</param>
internal sealed class ReplyListener(AmqpBroker broker, string? queue) : IDisposable
{
    // Replies are settled as they come, so this is how many are on the way at most.
    private const int Places = 256;

    private static readonly Symbol DeleteOnClose = "amqp:delete-on-close:list";

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _waiting = new(StringComparer.Ordinal);
    private Listening? _listening;

    /// <summary>Whether replies still come when the connection broke and was opened again.</summary>
    public bool OutlivesConnection => queue is not null;

    /// <summary>Listens, until it can.</summary>
    /// <returns>Where to, and until when.</returns>
    /// <exception cref="CommunicationException">The broker does not let us.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public Task<Listening> OpenAsync(CancellationToken cancellationToken) => BrokerCalls.RetryAsync(() => OpenOnceAsync(cancellationToken), cancellationToken);

    /// <summary>Expects the reply to a message, from before it is sent until <see cref="Forget"/>.</summary>
    /// <returns>The reply. It goes on elsewhere than on the connection's thread.</returns>
    public Task<Message> Expect(string messageId)
    {
        var waiting = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[messageId] = waiting;
        return waiting.Task;
    }

    public void Forget(string messageId) => _waiting.TryRemove(messageId, out _);

    public void Dispose()
    {
        _listening?.Link.Dispose();
        _opening.Dispose();
    }

    private async Task<Listening> OpenOnceAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_listening is { Link.IsOpen: true } open)
            {
                return open;
            }

            _listening?.Link.Dispose();
            _listening = null;
            var session = await broker.OpenSessionAsync(cancellationToken).ConfigureAwait(false);
            IncomingLink? link = null;
            link = new IncomingLink(session, Source(), Places, message => OnReply(link!, message));
            try
            {
                var address = await link.Attached.WaitAsync(cancellationToken).ConfigureAwait(false);
                link.Start();
                return _listening = new Listening(queue ?? address ?? throw new CommunicationException("The broker made a queue for replies and did not name it."), link);
            }
            catch (AmqpException exception) when (BrokerCalls.IsFinal(exception))
            {
                link.Dispose();
                throw new CommunicationException(
                    queue is null
                        ? $"The broker makes no queue for replies that goes with the connection ({exception.Message}); AmqpTransportBindingElement.ReplyQueue names one."
                        : $"The broker does not give replies from '{queue}': {exception.Message}",
                    exception);
            }
            catch
            {
                link.Dispose();
                throw;
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    // A dynamic node: AMQP 1.0 Messaging, section 3.5.3; its life: section 3.5.10.
    private Source Source() => queue is not null
        ? new Source { Address = queue, Durable = broker.QueueDurability }
        : new Source { Dynamic = true, ExpiryPolicy = new Symbol("link-detach"), DynamicNodeProperties = new Fields { [new Symbol("lifetime-policy")] = new DescribedValue(DeleteOnClose, new List()) } };

    private void OnReply(IncomingLink link, Message message)
    {
        if (message.Properties?.GetCorrelationId()?.ToString() is { } correlation && _waiting.TryRemove(correlation, out var waiting))
        {
            waiting.TrySetResult(message);
        }

        try
        {
            // Settled at once: whoever waits has it, and whoever does not will not want it later.
            link.Accept(message);
        }
        catch (Exception exception) when (BrokerCalls.IsTransient(exception))
        {
            // The link is gone; from a queue that stays the reply comes again, and then for nobody.
        }
    }

    /// <summary>A link that listens.</summary>
    internal sealed record Listening(string Address, IncomingLink Link)
    {
        public Task Closed => Link.Closed;
    }
}
