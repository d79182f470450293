using System.Diagnostics.CodeAnalysis;
using System.ServiceModel;
using System.ServiceModel.Channels;
using MimeKit;

namespace WsSecurity.Mail.Channels;

/// <summary>Sends to a mailbox; a call ends when our server has the mail.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A channel is closed or aborted, never disposed; a source without a timer holds nothing.")]
internal sealed class SmtpOutputChannel(ChannelManagerBase factory, SmtpChannelServices services, EndpointAddress address, Uri via)
    : ChannelBase(factory), IOutputChannel
{
    private readonly CancellationTokenSource _aborted = new();

    public EndpointAddress RemoteAddress => address;

    public Uri Via => via;

    public void Send(Message message) => Send(message, DefaultSendTimeout);

    public void Send(Message message, TimeSpan timeout) => SendAsync(message, timeout).GetAwaiter().GetResult();

    public IAsyncResult BeginSend(Message message, AsyncCallback callback, object state) => BeginSend(message, DefaultSendTimeout, callback, state);

    public IAsyncResult BeginSend(Message message, TimeSpan timeout, AsyncCallback callback, object state) =>
        TaskToAsyncResult.Begin(SendAsync(message, timeout), callback, state);

    public void EndSend(IAsyncResult result) => TaskToAsyncResult.End(result);

    protected override void OnAbort() => _aborted.Cancel();

    protected override void OnClose(TimeSpan timeout) => _aborted.Cancel();

    protected override IAsyncResult OnBeginClose(TimeSpan timeout, AsyncCallback callback, object state)
    {
        _aborted.Cancel();
        return TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);
    }

    protected override void OnEndClose(IAsyncResult result) => TaskToAsyncResult.End(result);

    protected override void OnOpen(TimeSpan timeout)
    {
    }

    protected override IAsyncResult OnBeginOpen(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);

    protected override void OnEndOpen(IAsyncResult result) => TaskToAsyncResult.End(result);

    private async Task SendAsync(Message message, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfDisposedOrNotOpen();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_aborted.Token);
        if (timeout < TimeSpan.FromMilliseconds(int.MaxValue))
        {
            deadline.CancelAfter(timeout);
        }

        try
        {
            using (message)
            {
                using var mail = Write(message);
                await services.Relay.SendAsync(mail, services.From, services.To, deadline.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException given) when (deadline.IsCancellationRequested)
        {
            throw _aborted.IsCancellationRequested
                ? new CommunicationObjectAbortedException($"The channel to {Via} was closed or aborted. {given.Message}", given)
                : new TimeoutException($"The call of {Via} did not end within {timeout}. {given.Message}", given);
        }
    }

    private MimeMessage Write(Message message)
    {
        var action = string.IsNullOrEmpty(message.Headers.Action) ? null : message.Headers.Action;
        if (action is not null && !SoapMail.IsAction(action))
        {
            throw new CommunicationException($"The action of {action.Length} characters cannot stand in a mail's header: it must be printable ASCII without spaces and quotes, and short enough for a line.");
        }

        if (message.Version.Addressing == AddressingVersion.None)
        {
            // They are no headers of the envelope then, only notes for us.
            message.Headers.Action = null;
            message.Headers.To = null;
        }
        else if (!services.IsManuallyAddressed)
        {
            RemoteAddress.ApplyTo(message);
        }

        var messageId = message.Headers.MessageId?.ToString();
        var encoded = services.Encoder.WriteMessage(message, int.MaxValue, services.BufferManager);
        var octets = encoded.AsSpan().ToArray();
        services.BufferManager.ReturnBuffer(encoded.Array!);
        var mail = SoapMail.Create(octets, message.Version.Envelope == EnvelopeVersion.Soap12, CharsetOf(services.Encoder.ContentType), action);
        mail.From.Add(services.From);
        mail.To.Add(services.To);
        mail.MessageId = SoapMail.MessageIdOf(messageId, octets, services.From.Domain);
        return mail;
    }

    private static string CharsetOf(string contentType) => new System.Net.Mime.ContentType(contentType).CharSet ?? "utf-8";
}
