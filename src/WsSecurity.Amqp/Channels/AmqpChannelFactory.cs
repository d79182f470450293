using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.Amqp.Channels;

/// <summary>Makes channels to queues; those of one broker share a connection.</summary>
internal sealed class AmqpChannelFactory<TChannel>(Binding binding, AmqpTransportBindingElement transport, MessageEncoder encoder) : ChannelFactoryBase<TChannel>(binding)
{
    private readonly Dictionary<string, AmqpBroker> _brokers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<AmqpBroker, ReplyListener> _replies = [];
    private string? _replyQueue;

    public AmqpTransportBindingElement Transport => transport;

    public MessageEncoder Encoder => encoder;

    public BufferManager BufferManager { get; } = BufferManager.CreateBufferManager(transport.MaxBufferPoolSize, (int)Math.Min(transport.MaxReceivedMessageSize, int.MaxValue));

    public AmqpBroker BrokerAt(Uri via)
    {
        lock (_brokers)
        {
            if (!_brokers.TryGetValue(via.Authority, out var broker))
            {
                _brokers.Add(via.Authority, broker = new AmqpBroker(via, transport.Credentials));
            }

            return broker;
        }
    }

    public override T GetProperty<T>()
    {
        if (typeof(T) == typeof(MessageVersion))
        {
            return (T)(object)encoder.MessageVersion;
        }

        return base.GetProperty<T>() ?? encoder.GetProperty<T>();
    }

    protected override TChannel OnCreateChannel(EndpointAddress address, Uri via)
    {
        if (via.Scheme != transport.Scheme)
        {
            throw new ArgumentException($"The address '{via}' has not the scheme {transport.Scheme}, which the binding has.", nameof(via));
        }

        if (via.AbsolutePath.Length < 2)
        {
            throw new ArgumentException($"The address '{via}' names no queue.", nameof(via));
        }

        var services = new AmqpChannelServices(transport, encoder, BufferManager, BrokerAt(via));
        return (TChannel)(object)(typeof(TChannel) == typeof(IRequestChannel)
            ? new AmqpRequestChannel(this, services, RepliesOf(services.Broker), address, via)
            : new AmqpOutputChannel(this, services, address, via));
    }

    protected override void OnOpen(TimeSpan timeout)
    {
        if (typeof(TChannel) == typeof(IRequestChannel))
        {
            _replyQueue = transport.ReplyQueues.Take(transport.ReplyQueue);
        }
    }

    protected override IAsyncResult OnBeginOpen(TimeSpan timeout, AsyncCallback callback, object state)
    {
        OnOpen(timeout);
        return TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);
    }

    protected override void OnEndOpen(IAsyncResult result) => TaskToAsyncResult.End(result);

    protected override void OnClose(TimeSpan timeout)
    {
        base.OnClose(timeout);
        CloseBrokers();
    }

    protected override IAsyncResult OnBeginClose(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(CloseAsync(timeout), callback, state);

    protected override void OnEndClose(IAsyncResult result) => TaskToAsyncResult.End(result);

    protected override void OnAbort()
    {
        base.OnAbort();
        CloseBrokers();
    }

    private async Task CloseAsync(TimeSpan timeout)
    {
        await Task.Factory.FromAsync(base.OnBeginClose, base.OnEndClose, timeout, null).ConfigureAwait(false);
        CloseBrokers();
    }

    private ReplyListener RepliesOf(AmqpBroker broker)
    {
        lock (_brokers)
        {
            if (!_replies.TryGetValue(broker, out var replies))
            {
                _replies.Add(broker, replies = new ReplyListener(broker, _replyQueue));
            }

            return replies;
        }
    }

    private void CloseBrokers()
    {
        transport.ReplyQueues.Return(_replyQueue);
        lock (_brokers)
        {
            foreach (var replies in _replies.Values)
            {
                replies.Dispose();
            }

            _replies.Clear();
            foreach (var broker in _brokers.Values)
            {
                broker.Dispose();
            }

            _brokers.Clear();
        }
    }
}

/// <summary>What every channel of a factory uses.</summary>
internal sealed record AmqpChannelServices(AmqpTransportBindingElement Transport, MessageEncoder Encoder, BufferManager BufferManager, AmqpBroker Broker);
