using Amqp;
using Amqp.Framing;

namespace WsSecurity.Amqp.Channels;

/// <summary>
/// A link by which messages come, in a session of its own, with places for so many at a time. New credit is given only when all that was given is
/// used: RabbitMQ before 4 adds to a flow what its queue has on the way, and so sends more than it may where flows and messages cross; the link would
/// have to be closed for that, and with it the connection. In a session of its own, because its flows tell how many transfers went the other way,
/// and that number is behind while one goes.
/// </summary>
internal sealed class IncomingLink
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Session _session;
    private readonly ReceiverLink _link;
    private readonly Action<Message> _onMessage;
    private int _places;
    private int _credit;

    /// <summary>Attaches the link; nothing comes before <see cref="Start"/>.</summary>
    /// <param name="session">The session, with nothing else in it.</param>
    /// <param name="source">Where messages come from.</param>
    /// <param name="places">How many come before one is settled.</param>
    /// <param name="onMessage">Is called on the connection's thread, and must not block it.</param>
    public IncomingLink(Session session, Source source, int places, Action<Message> onMessage)
    {
        _session = session;
        _places = places;
        _onMessage = onMessage;
        session.AddClosedCallback((_, error) => OnClosed(error));
        _link = new ReceiverLink(session, $"wssecurity-{Guid.NewGuid():N}", source, (_, attach) => _attached.TrySetResult((attach.Source as Source)?.Address));
        _link.AddClosedCallback((_, error) => OnClosed(error));
    }

    /// <summary>The address that messages for this link are sent to, as the broker says it; fails where it refuses the link.</summary>
    public Task<string?> Attached => _attached.Task;

    /// <summary>Ends when link, session or connection do.</summary>
    public Task Closed => _closed.Task;

    public bool IsOpen => !_closed.Task.IsCompleted;

    public Error? Error => _link.Error ?? _session.Error;

    public void Start()
    {
        _link.Start(0, (_, message) =>
        {
            lock (_gate)
            {
                _credit--;
            }

            _onMessage(message);
            GiveCredit();
        });
        GiveCredit();
    }

    public void Accept(Message message) => Settle(() => _link.Accept(message));

    public void Reject(Message message) => Settle(() => _link.Reject(message));

    /// <summary>Gives a message back as if it had never come.</summary>
    public void Release(Message message) => Settle(() => _link.Release(message));

    /// <summary>Gives a message back, and has the attempt counted.</summary>
    public void Fail(Message message) => Settle(() => _link.Modify(message, deliveryFailed: true));

    public Task CloseAsync(TimeSpan timeout) => _session.IsClosed ? Task.CompletedTask : _session.CloseAsync(timeout, null);

    public void Dispose() => _session.End();

    private void Settle(Action settle)
    {
        settle();
        lock (_gate)
        {
            _places++;
        }

        GiveCredit();
    }

    private void GiveCredit()
    {
        lock (_gate)
        {
            if (_credit > 0 || _places == 0)
            {
                return;
            }

            _credit = _places;
            _places = 0;
            _link.SetCredit(_credit, CreditMode.Manual);
        }
    }

    private void OnClosed(Error? error)
    {
        _attached.TrySetException(new AmqpException(error ?? new Error(ErrorCode.DetachForced)));
        _closed.TrySetResult();
    }
}
