using Microsoft.Extensions.Logging;
using WsSecurity.Messaging;

namespace WsSecurity.Mail.Receiving;

/// <summary>
/// Reads what lies in a mailbox, has several mails handled at the same time, and settles each when it is done. A mail leaves its folder only after its
/// handler has returned, so that a crash at any moment leaves it there.
/// </summary>
internal sealed class MailPump(MailReceiverOptions options, MailDeliveries deliveries, TimeProvider timeProvider, ILogger logger)
{
    // For what is settled while the host stops.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    private readonly RetrySchedule _retries = new(options, timeProvider);

    /// <summary>Receives until the host stops, or the mailbox breaks off.</summary>
    /// <exception cref="Exception">What the mailbox throws; whatever is not settled comes again.</exception>
    public async Task RunAsync(IMailbox mailbox, Action onConnected, CancellationToken stoppingToken)
    {
        var running = new Dictionary<string, Task<DeliveryOutcome>>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                var names = await mailbox.ListAsync(stoppingToken).ConfigureAwait(false);
                onConnected();
                _retries.Keep(names);
                foreach (var name in names.Where(name => !running.ContainsKey(name) && !_retries.IsResting(name)).ToList())
                {
                    await MakeRoomAsync(mailbox, running, stoppingToken).ConfigureAwait(false);
                    await BeginAsync(mailbox, running, name, stoppingToken).ConfigureAwait(false);
                }

                await RestAsync(mailbox, running, stoppingToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await EndAsync(mailbox, running).ConfigureAwait(false);
        }
    }

    private async Task BeginAsync(IMailbox mailbox, Dictionary<string, Task<DeliveryOutcome>> running, string name, CancellationToken stoppingToken)
    {
        var mail = await mailbox.ReadAsync(name, options.MaxMailSize, stoppingToken).ConfigureAwait(false);
        if (mail.Octets is { } octets)
        {
            running.Add(name, Task.Run(() => deliveries.HandleAsync(name, octets, stoppingToken), stoppingToken));
        }
        else if (mail.IsTooLarge)
        {
            Log.NotSoap(logger, name, $"It is larger than the {options.MaxMailSize} octets of {nameof(options.MaxMailSize)}.");
            await SettleAsync(mailbox, name, DeliveryOutcome.Refused, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task MakeRoomAsync(IMailbox mailbox, Dictionary<string, Task<DeliveryOutcome>> running, CancellationToken stoppingToken)
    {
        while (running.Count >= options.Concurrency)
        {
            await Task.WhenAny(running.Values).WaitAsync(stoppingToken).ConfigureAwait(false);
            await SettleDoneAsync(mailbox, running, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task RestAsync(IMailbox mailbox, Dictionary<string, Task<DeliveryOutcome>> running, CancellationToken stoppingToken)
    {
        if (running.Count == 0)
        {
            await mailbox.WaitAsync(_retries.UntilNext is { } next && next < options.PollInterval ? next : options.PollInterval, stoppingToken).ConfigureAwait(false);
            return;
        }

        // New mails may come while others are at work.
        var pause = Task.Delay(options.PollInterval, timeProvider, stoppingToken);
        await Task.WhenAny([.. running.Values, pause]).ConfigureAwait(false);
        stoppingToken.ThrowIfCancellationRequested();
        await SettleDoneAsync(mailbox, running, stoppingToken).ConfigureAwait(false);
    }

    private async Task SettleDoneAsync(IMailbox mailbox, Dictionary<string, Task<DeliveryOutcome>> running, CancellationToken cancellationToken)
    {
        foreach (var (name, handling) in running.Where(pair => pair.Value.IsCompleted).ToList())
        {
            running.Remove(name);
            if (!handling.IsCanceled)
            {
                await SettleAsync(mailbox, name, await handling.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task SettleAsync(IMailbox mailbox, string name, DeliveryOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome == DeliveryOutcome.Failed)
        {
            var failures = _retries.Fail(name);
            if (options.MaxAttempts is not { } attempts || failures < attempts)
            {
                return;
            }

            Log.GivenUp(logger, name, failures);
            outcome = DeliveryOutcome.Refused;
        }

        _retries.Forget(name);
        try
        {
            if (outcome == DeliveryOutcome.Refused)
            {
                await mailbox.MoveAsync(name, options.QuarantineFolder, isSeen: false, cancellationToken).ConfigureAwait(false);
                Log.Quarantined(logger, name, options.QuarantineFolder);
            }
            else if (options.HandledFolder is { } handled)
            {
                await mailbox.MoveAsync(name, handled, isSeen: true, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await mailbox.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            Log.NotSettled(logger, name, failure);
            throw;
        }
    }

    // What is at work may still commit; and nothing may be read again by this process while it does.
    private async Task EndAsync(IMailbox mailbox, Dictionary<string, Task<DeliveryOutcome>> running)
    {
        await Task.WhenAll(running.Values.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var patience = new CancellationTokenSource(LastPatience, timeProvider);
        try
        {
            await SettleDoneAsync(mailbox, running, patience.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Logged; the others come again, too.
        }
    }
}
