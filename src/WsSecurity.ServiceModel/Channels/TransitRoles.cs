using System.Buffers;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>The roles that we play for a node on the way.</summary>
internal sealed class TransitRoles
{
    private readonly TransitInitiator? _initiator;
    private readonly TransitRecipient? _recipient;

    /// <param name="transit">What is added and verified.</param>
    /// <param name="endToEnd">The credentials towards the service.</param>
    /// <param name="surroundings">Clock, log and replay cache.</param>
    /// <exception cref="ArgumentException">A policy cannot be one of a node on the way, or the credentials lack what it needs.</exception>
    public TransitRoles(TransitSecurity transit, SecurityCredentials endToEnd, SecurityServices surroundings)
    {
        // What two parties hold against each other later is the message between them, which is kept without this header.
        var services = surroundings with { Evidence = null };
        var credentials = transit.Credentials ?? endToEnd;
        _initiator = transit.Added is null ? null : new TransitInitiator(transit.Added, credentials, services);
        _recipient = transit.Verified is null ? null : new TransitRecipient(transit.Verified, credentials, services);
    }

    /// <summary>Acquires the tokens of the header that is added to a message.</summary>
    public ValueTask<AcquiredTokens?> AcquireTokensAsync(string? action, CancellationToken cancellationToken) =>
        _initiator?.AcquireTokensAsync(action, cancellationToken) ?? ValueTask.FromResult<AcquiredTokens?>(null);

    /// <summary>Has the header added when the message is encoded, after it was protected for the service.</summary>
    /// <param name="protection">The protection for the service.</param>
    /// <param name="context">What is known beside the message, with the header's own tokens.</param>
    public OutgoingProtection Over(OutgoingProtection protection, MessageContext context) =>
        _initiator is null ? protection : new TransitProtection(protection, _initiator, context with { ProtectionLevel = null });

    /// <summary>Verifies the node's header and takes it away.</summary>
    /// <param name="wire">The message as it was received.</param>
    /// <param name="context">What is known beside it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The message for the service's verification.</returns>
    /// <exception cref="WsSecurityException">The header is refused, or missing.</exception>
    public async ValueTask<(ReadOnlyMemory<byte> Wire, MessageContext Context)> TakeAsync(ReadOnlyMemory<byte> wire, MessageContext context, CancellationToken cancellationToken)
    {
        if (_recipient is null)
        {
            return (wire, context);
        }

        var verified = await _recipient.VerifyAsync(wire, context with { ProtectionLevel = null }, cancellationToken).ConfigureAwait(false);
        await verified.CompleteAsync(cancellationToken).ConfigureAwait(false);

        // UTF-8 whatever it was.
        return (verified.Message.Envelope.ToArray(), context with { Charset = null });
    }
}
