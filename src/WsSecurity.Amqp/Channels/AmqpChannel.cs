using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.Amqp.Channels;

/// <summary>What channels to a queue share: addresses, encoding, and calls that end with their timeout.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A channel is closed or aborted, never disposed; a source without a timer holds nothing.")]
internal abstract class AmqpChannel : ChannelBase
{
    private readonly AmqpChannelServices _services;
    private readonly CancellationTokenSource _aborted = new();

    protected AmqpChannel(ChannelManagerBase factory, AmqpChannelServices services, EndpointAddress address, Uri via)
        : base(factory)
    {
        _services = services;
        RemoteAddress = address;
        Via = via;
        Queue = new AmqpQueue(services.Broker, AmqpBroker.NodeOf(via));
    }

    public EndpointAddress RemoteAddress { get; }

    public Uri Via { get; }

    protected AmqpQueue Queue { get; }

    protected AmqpChannelServices Services => _services;

    /// <summary>Encodes a message, once, to be sent as often as needed.</summary>
    protected OutgoingMessage Encode(Message message)
    {
        var encoder = _services.Encoder;
        var action = message.Headers.Action;
        if (message.Version.Addressing == AddressingVersion.None)
        {
            // They are no headers of the envelope then, only notes for us.
            message.Headers.Action = null;
            message.Headers.To = null;
        }
        else if (!_services.Transport.ManualAddressing)
        {
            RemoteAddress.ApplyTo(message);
        }

        var encoded = encoder.WriteMessage(message, int.MaxValue, _services.BufferManager);
        var octets = encoded.AsSpan().ToArray();
        _services.BufferManager.ReturnBuffer(encoded.Array!);
        var contentType = encoder.ContentType;
        if (message.Version.Envelope == EnvelopeVersion.Soap12 && !string.IsNullOrEmpty(action))
        {
            contentType = string.Create(CultureInfo.InvariantCulture, $"{contentType}; action=\"{action.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        return new OutgoingMessage(_services.Transport, RemoteAddress.Uri, AmqpBroker.NodeOf(Via), octets, contentType, action);
    }

    /// <summary>Runs a call that ends with its timeout, or with the channel.</summary>
    protected async Task<T> WithinAsync<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> call)
    {
        ThrowIfDisposedOrNotOpen();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_aborted.Token);
        if (timeout < TimeSpan.FromMilliseconds(int.MaxValue))
        {
            deadline.CancelAfter(timeout);
        }

        try
        {
            return await call(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException given) when (deadline.IsCancellationRequested)
        {
            throw _aborted.IsCancellationRequested
                ? new CommunicationObjectAbortedException($"The channel to {Via} was aborted.", given)
                : new TimeoutException($"The call of {Via} did not end within {timeout}. {given.Message}", given);
        }
    }

    protected override void OnAbort() => End();

    protected override void OnClose(TimeSpan timeout) => End();

    protected override IAsyncResult OnBeginClose(TimeSpan timeout, AsyncCallback callback, object state)
    {
        End();
        return TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);
    }

    protected override void OnEndClose(IAsyncResult result) => TaskToAsyncResult.End(result);

    protected override void OnOpen(TimeSpan timeout)
    {
    }

    protected override IAsyncResult OnBeginOpen(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);

    protected override void OnEndOpen(IAsyncResult result) => TaskToAsyncResult.End(result);

    protected virtual void End()
    {
        _aborted.Cancel();
        Queue.Dispose();
    }
}
