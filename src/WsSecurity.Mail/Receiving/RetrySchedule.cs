namespace WsSecurity.Mail.Receiving;

/// <summary>When mails may be tried again whose handler failed. Forgotten with the process: then each is tried at once.</summary>
internal sealed class RetrySchedule(MailReceiverOptions options, TimeProvider timeProvider)
{
    private readonly Dictionary<string, (int Failures, DateTimeOffset Next)> _failed = new(StringComparer.Ordinal);

    /// <summary>Whether it is too early for another attempt.</summary>
    public bool IsResting(string name) => _failed.TryGetValue(name, out var state) && state.Next > timeProvider.GetUtcNow();

    /// <summary>Notes a failure.</summary>
    /// <returns>How often it failed.</returns>
    public int Fail(string name)
    {
        var failures = _failed.GetValueOrDefault(name).Failures + 1;
        var rest = Math.Min(options.RetryDelay.TotalSeconds * Math.Pow(2, failures - 1), options.MaxRetryDelay.TotalSeconds);
        _failed[name] = (failures, timeProvider.GetUtcNow() + TimeSpan.FromSeconds(rest));
        return failures;
    }

    public void Forget(string name) => _failed.Remove(name);

    /// <summary>Forgets all that lie here no longer.</summary>
    public void Keep(IReadOnlyCollection<string> names)
    {
        if (_failed.Count > 0)
        {
            var there = names.ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _failed.Keys.Where(name => !there.Contains(name)).ToList())
            {
                _failed.Remove(gone);
            }
        }
    }

    /// <summary>How long until the next mail may be tried again; null where none rests.</summary>
    public TimeSpan? UntilNext => _failed.Count == 0 ? null
        : TimeSpan.FromTicks(Math.Max(0, (_failed.Values.Min(state => state.Next) - timeProvider.GetUtcNow()).Ticks));
}
