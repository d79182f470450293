namespace WsSecurity;

/// <summary>A message that an <see cref="TransitRecipient"/> verified and may hand on.</summary>
public sealed class VerifiedTransit
{
    private readonly VerifiedRequest _request;

    internal VerifiedTransit(VerifiedRequest request) => _request = request;

    /// <summary>
    /// The message without our header, every other octet as it was received, and what it proved to us. What is encrypted for somebody else
    /// stays so; what no signature in our header covered may be anything.
    /// </summary>
    public VerifiedMessage Message => _request.Message;

    /// <summary>Tells the replay cache that the message was handed on.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => _request.CompleteAsync(cancellationToken);

    /// <summary>Tells the replay cache that the message was not handed on and may come again.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public ValueTask ReleaseAsync(CancellationToken cancellationToken = default) => _request.ReleaseAsync(cancellationToken);
}
