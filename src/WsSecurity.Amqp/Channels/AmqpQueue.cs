using System.ServiceModel;
using Amqp;
using Amqp.Framing;

namespace WsSecurity.Amqp.Channels;

/// <summary>A queue to send to. What breaks is opened again.</summary>
/// <param name="broker">The broker.</param>
/// <param name="node">The queue's name there.</param>
/// <param name="exists">Whether it is there, or is made where brokers make queues for whoever asks.</param>
internal sealed class AmqpQueue(AmqpBroker broker, string node, bool exists = false) : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private Links? _links;

    /// <summary>Sends until the broker has taken it.</summary>
    /// <exception cref="CommunicationException">The broker does not take it.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public Task SendAsync(Func<Message> create, CancellationToken cancellationToken) =>
        BrokerCalls.RetryAsync(
            async () =>
            {
                await SendOnceAsync(create, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>Opens the way, until there is one.</summary>
    /// <exception cref="CommunicationException">The broker does not let us.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) => BrokerCalls.RetryAsync(() => OpenLinksAsync(cancellationToken), cancellationToken);

    /// <summary>Sends, and waits until the broker has taken it.</summary>
    /// <exception cref="CommunicationException">The broker does not take it.</exception>
    /// <exception cref="Exception">The connection broke; whether the broker has it is not known.</exception>
    /// <exception cref="OperationCanceledException">It was given up; whether the broker has it is not known.</exception>
    public async Task SendOnceAsync(Func<Message> create, CancellationToken cancellationToken)
    {
        var links = await OpenLinksAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Without a timeout of its own: the token ends it.
            var sending = links.Sender.SendAsync(create(), Timeout.InfiniteTimeSpan);
            await Task.WhenAny(sending, links.Closed).WaitAsync(cancellationToken).ConfigureAwait(false);

            // Off the connection's thread, which ends the sending: what comes next may be anybody's code, and may block.
            await Task.Yield();
            if (!sending.IsCompleted)
            {
                throw new AmqpException(ErrorCode.ConnectionForced, "The connection broke before the broker took the message.");
            }

            await sending.ConfigureAwait(false);
        }
        catch (AmqpException exception) when (BrokerCalls.IsFinal(exception) || links.IsOpen)
        {
            throw new CommunicationException($"The broker does not take messages for '{node}': {exception.Message}", exception);
        }
        catch (Exception exception) when (BrokerCalls.IsTransient(exception))
        {
            links.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _links?.Dispose();
        _opening.Dispose();
    }

    private async Task<Links> OpenLinksAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_links is { IsOpen: true } open)
            {
                return open;
            }

            _links?.Dispose();
            _links = null;
            var links = new Links(await broker.OpenSessionAsync(cancellationToken).ConfigureAwait(false));
            try
            {
                var target = new Target { Address = exists ? broker.ExistingQueue(node) : node, Durable = broker.QueueDurability };
                await links.AttachSenderAsync(target).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (AmqpException exception) when (BrokerCalls.IsFinal(exception))
            {
                links.Dispose();
                throw new CommunicationException($"The broker does not take messages for '{node}': {exception.Message}", exception);
            }
            catch
            {
                links.Dispose();
                throw;
            }

            return _links = links;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>A session with its link; closed together.</summary>
    private sealed class Links : IDisposable
    {
        private readonly Session _session;
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Links(Session session)
        {
            _session = session;
            session.AddClosedCallback((_, _) => _closed.TrySetResult());
        }

        public SenderLink Sender { get; private set; } = null!;

        public Task Closed => _closed.Task;

        public bool IsOpen => !_closed.Task.IsCompleted && !_session.IsClosed && Sender is { IsClosed: false };

        public Task AttachSenderAsync(Target target)
        {
            var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Sender = new SenderLink(_session, $"wssecurity-{Guid.NewGuid():N}", target, (_, _) => attached.TrySetResult());
            Sender.AddClosedCallback((_, error) =>
            {
                attached.TrySetException(new AmqpException(error ?? new Error(ErrorCode.DetachForced)));
                _closed.TrySetResult();
            });
            return attached.Task;
        }

        public void Dispose()
        {
            _closed.TrySetResult();
            _session.End();
        }
    }
}
