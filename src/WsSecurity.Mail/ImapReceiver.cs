using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WsSecurity.Mail.Receiving;
using WsSecurity.Messaging;

namespace WsSecurity.Mail;

/// <summary>
/// Takes mails with SOAP messages from a folder of an IMAP server, verifies them, and hands them to an <see cref="IDeliveryHandler"/>. A mail leaves the folder when its
/// effect is committed; refused ones are moved to another folder. A connection that breaks is opened again. Several receivers at one folder may
/// handle a mail at the same time: <see cref="Delivery.Key"/> makes it happen once.
/// </summary>
public sealed class ImapReceiver : BackgroundService
{
    private readonly ImapReceiverOptions _options;
    private readonly MailPump _pump;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    /// <summary>Checks the options, and creates the service.</summary>
    /// <param name="options">Where mails come from, and what they must prove.</param>
    /// <param name="handler">Does the work.</param>
    /// <param name="services">Clock, log and replay cache; <see cref="SecurityServices.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The options contradict themselves, or policy and credentials do not fit.</exception>
    public ImapReceiver(ImapReceiverOptions options, IDeliveryHandler handler, SecurityServices? services = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        services ??= SecurityServices.Default;
        _options = options;
        _timeProvider = services.TimeProvider;
        _logger = services.LoggerFactory.CreateLogger<ImapReceiver>();
        _pump = new MailPump(options, new MailDeliveries(options, handler, services), _timeProvider, _logger);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Reconnection.RunAsync(
        async onConnected =>
        {
            using var mailbox = await ImapMailbox.OpenAsync(_options, _timeProvider, stoppingToken).ConfigureAwait(false);
            await _pump.RunAsync(mailbox, onConnected, stoppingToken).ConfigureAwait(false);
        },
        failure => Log.MailboxFailed(_logger, $"{_options.Folder} of {_options.Server}", failure),
        _timeProvider,
        stoppingToken);
}
