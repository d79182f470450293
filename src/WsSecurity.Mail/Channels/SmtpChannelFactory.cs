using System.ServiceModel;
using System.ServiceModel.Channels;
using MimeKit;

namespace WsSecurity.Mail.Channels;

/// <summary>Makes channels to mailboxes; they share the connections to the server.</summary>
internal sealed class SmtpChannelFactory<TChannel> : ChannelFactoryBase<TChannel>
{
    private readonly SmtpTransportBindingElement _transport;
    private readonly SmtpRelay _relay;
    private readonly MailboxAddress _from;
    private readonly MessageEncoder _encoder;
    private readonly BufferManager _bufferManager;

    /// <exception cref="InvalidOperationException">The encoding is not text.</exception>
    public SmtpChannelFactory(Binding binding, SmtpTransportBindingElement transport, SmtpRelay relay, MailboxAddress from, MessageEncoder encoder)
        : base(binding)
    {
        if (encoder.MediaType is not (SoapMail.Soap11 or SoapMail.Soap12))
        {
            throw new InvalidOperationException($"The binding '{binding.Name}' encodes messages as {encoder.MediaType}; mail carries text ({nameof(TextMessageEncodingBindingElement)}).");
        }

        _transport = transport;
        _relay = relay;
        _from = from;
        _encoder = encoder;
        _bufferManager = BufferManager.CreateBufferManager(transport.MaxBufferPoolSize, (int)Math.Min(transport.MaxReceivedMessageSize, int.MaxValue));
    }

    public override T GetProperty<T>()
    {
        if (typeof(T) == typeof(MessageVersion))
        {
            return (T)(object)_encoder.MessageVersion;
        }

        return base.GetProperty<T>() ?? _encoder.GetProperty<T>();
    }

    protected override TChannel OnCreateChannel(EndpointAddress address, Uri via)
    {
        if (!MailboxName.TryParse(via, out var to))
        {
            throw new ArgumentException($"The address '{via}' is not that of one mailbox, mailto:name@domain, in ASCII and without header fields.", nameof(via));
        }

        var services = new SmtpChannelServices(_relay, _from, to, _encoder, _bufferManager, _transport.ManualAddressing);
        return (TChannel)(object)new SmtpOutputChannel(this, services, address, via);
    }

    protected override void OnOpen(TimeSpan timeout)
    {
    }

    protected override IAsyncResult OnBeginOpen(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);

    protected override void OnEndOpen(IAsyncResult result) => TaskToAsyncResult.End(result);

    protected override void OnClose(TimeSpan timeout)
    {
        base.OnClose(timeout);
        _relay.Dispose();
    }

    protected override IAsyncResult OnBeginClose(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(CloseAsync(timeout), callback, state);

    protected override void OnEndClose(IAsyncResult result) => TaskToAsyncResult.End(result);

    protected override void OnAbort()
    {
        base.OnAbort();
        _relay.Dispose();
    }

    private async Task CloseAsync(TimeSpan timeout)
    {
        await Task.Factory.FromAsync(base.OnBeginClose, base.OnEndClose, timeout, null).ConfigureAwait(false);
        _relay.Dispose();
    }
}

/// <summary>What a channel uses of its factory, and its mailbox.</summary>
internal sealed record SmtpChannelServices(
    SmtpRelay Relay, MailboxAddress From, MailboxAddress To, MessageEncoder Encoder, BufferManager BufferManager, bool IsManuallyAddressed);
