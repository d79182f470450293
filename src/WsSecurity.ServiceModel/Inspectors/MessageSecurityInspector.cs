using System.Buffers;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Dispatcher;
using WsSecurity.ServiceModel.Channels;
using WsSecurity.ServiceModel.Encoding;

namespace WsSecurity.ServiceModel.Inspectors;

/// <summary>Protects requests before WCF is done with them, and verifies replies after WCF has parsed them.</summary>
internal sealed class MessageSecurityInspector(ClientSecurity security, PlainText text, ProcessingLimits limits, HashSet<string> oneWayActions) : IClientMessageInspector
{
    public object? BeforeSendRequest(ref Message request, IClientChannel channel)
    {
        var service = security.For(channel.RemoteAddress);
        var action = request.Headers.Action;

        // WCF waits for inspectors on the caller's thread.
        using var deadline = new CancellationTokenSource(new RemainingTime(channel.OperationTimeout).LeftForTimers);
        var opening = service.OpenAsync(request, deadline.Token);
        var exchange = opening.IsCompletedSuccessfully ? opening.Result : opening.AsTask().GetAwaiter().GetResult();
        var to = TakeTransportHeaders(request);
        using var plain = new LimitedMemoryStream(limits.MaxMessageSize);
        text.Write(request, plain);
        var output = new ArrayBufferWriter<byte>(2 * (int)plain.Length);
        exchange.Protect(plain.Written, output);

        var message = PlainText.Carry(output.WrittenMemory, request.Version);
        message.Properties.CopyProperties(request.Properties);
        GiveTransportHeaders(message, to, action);
        request = message;
        if (!oneWayActions.Contains(action))
        {
            return new Call(service, exchange);
        }

        exchange.Dispose();
        return null;
    }

    public void AfterReceiveReply(ref Message reply, object correlationState)
    {
        if (correlationState is not Call(var service, var exchange))
        {
            return;
        }

        using (exchange)
        {
            var action = reply.Headers.Action;
            var to = TakeTransportHeaders(reply);
            using var wire = new LimitedMemoryStream(limits.MaxMessageSize);
            text.Write(reply, wire);
            var received = UnverifiedMessage.Carried(wire.Written, text, int.MaxValue);
            received.Properties.CopyProperties(reply.Properties);

            // All is in memory, so nothing is waited for.
            reply = service.VerifyAsync(received, exchange, CancellationToken.None).AsTask().GetAwaiter().GetResult()!;
            GiveTransportHeaders(reply, to, action);
        }
    }

    // Without WS-Addressing these are no headers of the envelope, only notes for the transport.
    private static Uri? TakeTransportHeaders(Message message)
    {
        if (message.Version.Addressing != AddressingVersion.None)
        {
            return null;
        }

        var to = message.Headers.To;
        message.Headers.To = null;
        message.Headers.Action = null;
        return to;
    }

    private static void GiveTransportHeaders(Message message, Uri? to, string? action)
    {
        if (message.Version.Addressing == AddressingVersion.None)
        {
            message.Headers.To = to;
            message.Headers.Action = action;
        }
    }

    private sealed record Call(ServiceSecurity Service, RequestExchange Exchange);
}
