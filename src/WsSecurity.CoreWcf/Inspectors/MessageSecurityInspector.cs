using System.Buffers;
using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Dispatcher;
using WsSecurity.CoreWcf.Channels;
using WsSecurity.ServiceModel.Channels;
using WsSecurity.ServiceModel.Encoding;

namespace WsSecurity.CoreWcf.Inspectors;

/// <summary>Verifies requests after CoreWCF has parsed them, and protects replies before CoreWCF is done with them.</summary>
internal sealed class MessageSecurityInspector(EndpointSecurity security, PlainText text, ProcessingLimits limits, HashSet<string> oneWayActions) : IDispatchMessageInspector
{
    public object? AfterReceiveRequest(ref Message request, IClientChannel channel, InstanceContext instanceContext)
    {
        try
        {
            var exchange = Verify(request);

            // The operation's context goes on to show the properties of the message that came first.
            request.Properties.CopyProperties(exchange.Message.Properties);
            request = exchange.Message;
            if (!oneWayActions.Contains(request.Headers.Action))
            {
                return exchange;
            }

            exchange.Dispose();
            return null;
        }
        catch (WsSecurityException refusal)
        {
            Log.RequestRefused(security.Logger, request.Properties.Via, refusal.Failure, refusal.Message);
            using var fault = security.CreateFault(refusal, null);
            throw new FaultException(MessageFault.CreateFault(fault, int.MaxValue), fault.Headers.Action);
        }
    }

    public void BeforeSendReply(ref Message reply, object correlationState)
    {
        // The fault that answers a refused request has no exchange.
        if (correlationState is not VerifiedExchange exchange)
        {
            return;
        }

        using (exchange)
        {
            if (reply is null)
            {
                return;
            }

            var action = TakeTransportHeaders(reply, out _);
            var protection = security.Answer(reply, exchange);
            using var plain = new LimitedMemoryStream(limits.MaxMessageSize);
            text.Write(reply, plain);
            var output = new ArrayBufferWriter<byte>(2 * (int)plain.Length);
            protection.Protect(plain.Written, output);
            var message = PlainText.Carry(output.WrittenMemory, reply.Version);
            message.Properties.CopyProperties(reply.Properties);
            if (reply.Version.Addressing == AddressingVersion.None)
            {
                message.Headers.Action = action;
            }

            reply = message;
        }
    }

    private VerifiedExchange Verify(Message request)
    {
        var action = TakeTransportHeaders(request, out var to);
        using var wire = new LimitedMemoryStream(limits.MaxMessageSize);
        text.Write(request, wire);
        var received = UnverifiedMessage.Carried(wire.Written, text, int.MaxValue);
        received.Properties.CopyProperties(request.Properties);
        if (request.Version.Addressing == AddressingVersion.None)
        {
            received.Headers.To = to;
            received.Headers.Action = action;
        }

        // Inspectors are synchronous: a validator or a store that does I/O is waited for.
        return security.VerifyAsync(received).AsTask().GetAwaiter().GetResult();
    }

    // Without WS-Addressing these are no headers of the envelope, only notes of the transport.
    private static string? TakeTransportHeaders(Message message, out Uri? to)
    {
        var action = message.Headers.Action;
        to = message.Headers.To;
        if (message.Version.Addressing == AddressingVersion.None)
        {
            message.Headers.To = null;
            message.Headers.Action = null;
        }

        return action;
    }
}
