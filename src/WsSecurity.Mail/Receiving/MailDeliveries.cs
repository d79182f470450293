using Microsoft.Extensions.Logging;
using WsSecurity.Messaging;

namespace WsSecurity.Mail.Receiving;

/// <summary>From the octets of a mail to what became of its message.</summary>
internal sealed class MailDeliveries
{
    private readonly MailReceiverOptions _options;
    private readonly DeliveryReceiver _receiver;
    private readonly ILogger _logger;

    /// <exception cref="ArgumentException">Policy and credentials do not fit.</exception>
    public MailDeliveries(MailReceiverOptions options, IDeliveryHandler handler, SecurityServices services)
    {
        _options = options;
        _receiver = new DeliveryReceiver(options.Policy, options.Credentials, handler, services);
        _logger = services.LoggerFactory.CreateLogger<MailDeliveries>();
    }

    /// <exception cref="OperationCanceledException">The host stops; the mail is left where it is.</exception>
    public async Task<DeliveryOutcome> HandleAsync(string name, byte[] mail, CancellationToken cancellationToken)
    {
        try
        {
            var received = SoapMailReader.Read(mail, _receiver.MaxMessageSize);
            using (Log.Mail(_logger, name, received.MessageId))
            {
                var context = new MessageContext
                {
                    Action = received.Action,
                    Charset = received.Charset,
                    EndpointAddress = _options.EndpointAddress,
                    UnderstoodHeaders = _options.UnderstoodHeaders,
                };
                return await _receiver.ReceiveAsync(received.Octets, context, reply: null, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (UnreadableMailException unreadable)
        {
            Log.NotSoap(_logger, name, unreadable.Message);
            return DeliveryOutcome.Refused;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.MailFailed(_logger, name, failure);
            return DeliveryOutcome.Failed;
        }
    }
}
