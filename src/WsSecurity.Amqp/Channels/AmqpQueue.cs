using System.Net.Sockets;
using System.ServiceModel;
using Amqp;
using Amqp.Framing;

namespace WsSecurity.Amqp.Channels;

/// <summary>A queue to send to. What breaks is opened again.</summary>
internal sealed class AmqpQueue(AmqpBroker broker, string node) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // What another attempt would not change.
    private static readonly HashSet<string> FinalConditions = new(StringComparer.Ordinal)
    {
        ErrorCode.NotFound, ErrorCode.UnauthorizedAccess, ErrorCode.NotAllowed, ErrorCode.NotImplemented, ErrorCode.InvalidField, ErrorCode.PreconditionFailed,
        ErrorCode.MessageSizeExceeded,
    };

    private readonly SemaphoreSlim _opening = new(1, 1);
    private Links? _links;

    /// <summary>Sends until the broker has taken it.</summary>
    /// <exception cref="CommunicationException">The broker does not take it.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task SendAsync(Func<Message> create, CancellationToken cancellationToken) =>
        await AttemptAsync(links => SendAsync(links, create(), cancellationToken), cancellationToken).ConfigureAwait(false);

    public void Dispose()
    {
        _links?.Dispose();
        _opening.Dispose();
    }

    private static async Task SendAsync(Links links, Message message, CancellationToken cancellationToken)
    {
        // Without a timeout of its own: the token ends it.
        var sending = links.Sender.SendAsync(message, Timeout.InfiniteTimeSpan);
        await Task.WhenAny(sending, links.Closed).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!sending.IsCompleted)
        {
            throw new AmqpException(ErrorCode.ConnectionForced, "The connection broke before the broker took the message.");
        }

        await sending.ConfigureAwait(false);
    }

    private async Task AttemptAsync(Func<Links, Task> attempt, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            Links? links = null;
            Exception failure;
            try
            {
                links = await OpenAsync(cancellationToken).ConfigureAwait(false);
                await attempt(links).ConfigureAwait(false);
                return;
            }
            catch (AmqpException exception) when (IsFinal(exception, links))
            {
                throw new CommunicationException($"The broker does not take messages for '{node}': {exception.Message}", exception);
            }
            catch (Exception exception) when (exception is AmqpException or SocketException or IOException or TimeoutException or ObjectDisposedException or InvalidOperationException)
            {
                failure = exception;
            }

            links?.Dispose();
            try
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException given)
            {
                throw new OperationCanceledException($"The broker could not be reached: {failure.Message}", new AggregateException(given, failure), cancellationToken);
            }
        }
    }

    private static bool IsFinal(AmqpException exception, Links? links) =>
        FinalConditions.Contains(exception.Error?.Condition?.ToString() ?? string.Empty) || links is { IsOpen: true };

    private async Task<Links> OpenAsync(CancellationToken cancellationToken)
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
            var session = await broker.OpenSessionAsync(cancellationToken).ConfigureAwait(false);
            var links = new Links(session);
            try
            {
                await links.AttachSenderAsync(node).WaitAsync(cancellationToken).ConfigureAwait(false);
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

        public Task AttachSenderAsync(string node)
        {
            var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Sender = new SenderLink(_session, Name(), new Target { Address = node }, (_, _) => attached.TrySetResult());
            Sender.AddClosedCallback((_, error) => OnClosed(attached, error));
            return attached.Task;
        }

        public void Dispose()
        {
            _closed.TrySetResult();
            if (!_session.IsClosed)
            {
                _session.CloseAsync(TimeSpan.Zero, null).ContinueWith(static closing => closing.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }

        private void OnClosed(TaskCompletionSource attached, Error? error)
        {
            attached.TrySetException(new AmqpException(error ?? new Error(ErrorCode.DetachForced)));
            _closed.TrySetResult();
        }

        private static string Name() => $"wssecurity-{Guid.NewGuid():N}";
    }
}
