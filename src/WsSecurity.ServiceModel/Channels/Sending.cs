namespace WsSecurity.ServiceModel.Channels;

/// <summary>A message on its way out. Unless it got out and waits for a reply, its exchange ends here.</summary>
/// <param name="protection">The message's protection.</param>
/// <param name="forget">Forgets the exchange that was opened for its reply; null where there can be none.</param>
internal sealed class Sending(OutgoingProtection protection, Action? forget = null) : IDisposable
{
    private bool _awaitsReply;

    /// <summary>Says that the message got out.</summary>
    public void Succeed() => _awaitsReply = forget is not null;

    public void Dispose()
    {
        if (!_awaitsReply)
        {
            forget?.Invoke();
            protection.Dispose();
        }
    }
}
