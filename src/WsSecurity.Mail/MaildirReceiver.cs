using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WsSecurity.Mail.Receiving;
using WsSecurity.Messaging;

namespace WsSecurity.Mail;

/// <summary>
/// Takes mails with SOAP messages from a maildir, verifies them, and hands them to an <see cref="IDeliveryHandler"/>. A mail leaves the maildir when its effect is
/// committed; refused ones are moved to a subfolder. One receiver works at a maildir at a time; another one, of this or another process, waits until the
/// first ends.
/// </summary>
public sealed class MaildirReceiver : BackgroundService
{
    private readonly MaildirReceiverOptions _options;
    private readonly MailPump _pump;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    /// <summary>Checks the options, and creates the service.</summary>
    /// <param name="options">Where mails come from, and what they must prove.</param>
    /// <param name="handler">Does the work.</param>
    /// <param name="services">Clock, log and replay cache; <see cref="SecurityServices.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The options contradict themselves, or policy and credentials do not fit.</exception>
    /// <exception cref="PlatformNotSupportedException">On Windows: maildirs have colons in their files' names.</exception>
    public MaildirReceiver(MaildirReceiverOptions options, IDeliveryHandler handler, SecurityServices? services = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Windows' file names have no colons, and those of maildirs have.");
        }

        options.Validate();
        services ??= SecurityServices.Default;
        _options = options;
        _timeProvider = services.TimeProvider;
        _logger = services.LoggerFactory.CreateLogger<MaildirReceiver>();
        _pump = new MailPump(options, new MailDeliveries(options, handler, services), _timeProvider, _logger);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Reconnection.RunAsync(
        async onConnected =>
        {
            using var maildir = await Maildir.OpenAsync(_options, _timeProvider, _logger, stoppingToken).ConfigureAwait(false);
            await _pump.RunAsync(maildir, onConnected, stoppingToken).ConfigureAwait(false);
        },
        failure => Log.MailboxFailed(_logger, _options.Path, failure),
        _timeProvider,
        stoppingToken);
}
