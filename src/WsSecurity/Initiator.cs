using System.Buffers;
using WsSecurity.Exchanges;

namespace WsSecurity;

/// <summary>
/// The party that opens exchanges: it protects a request, and the <see cref="PendingReply"/> that this gives reads the reply.
/// Created once for a policy and its credentials; thread-safe.
/// </summary>
public sealed class Initiator
{
    private readonly Party _party;

    /// <summary>Checks policy and credentials, and creates the role.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="credentials">Our keys and what we know of the service.</param>
    /// <param name="services">Clock and log; <see cref="SecurityServices.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The policy contradicts itself, is not supported, or the credentials lack what it needs.</exception>
    public Initiator(SecurityPolicy policy, SecurityCredentials credentials, SecurityServices? services = null)
        : this(Party.CreateInitiator(policy, credentials, services ?? SecurityServices.Default))
    {
    }

    internal Initiator(Party party) => _party = party;

    /// <summary>The policy that is written and enforced.</summary>
    public SecurityPolicy Policy => _party.Policy;

    /// <summary>
    /// Fetches what requests need and what somebody else must be asked for, a Kerberos ticket, unless it is at hand and lasts.
    /// <see cref="ProtectRequest"/> fetches it itself where this was not called, and blocks meanwhile.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.TicketUnavailable"/>.</exception>
    public ValueTask PrepareAsync(CancellationToken cancellationToken = default) => _party.PrepareAsync(cancellationToken);

    /// <summary>Protects a request.</summary>
    /// <param name="envelope">The SOAP envelope in plain, UTF-8.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <param name="output">Receives the protected envelope, UTF-8 without a byte order mark; nothing when the call throws.</param>
    /// <returns>Reads the reply; dispose it, also where no reply comes.</returns>
    /// <exception cref="WsSecurityException">The envelope is not one, or already has a Security header for the policy's actor.</exception>
    public PendingReply ProtectRequest(ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        return new PendingReply(_party, _party.ProtectRequest(envelope, context, output));
    }

    /// <summary>Acquires the tokens of a request from <see cref="SecurityCredentials.TokenProvider"/>, and a Kerberos ticket as <see cref="PrepareAsync"/> does, before it is protected without waiting.</summary>
    /// <param name="action">The request's action, which chooses among tokens of single operations; null where there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tokens, for <see cref="MessageContext.Tokens"/> of one message; null where the policy needs none.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public ValueTask<AcquiredTokens?> AcquireTokensAsync(string? action, CancellationToken cancellationToken = default) => _party.AcquireTokensAsync(action, cancellationToken);

    /// <summary>Acquires the tokens of a request, and protects it. What the provider throws comes to the caller, and nothing is written.</summary>
    /// <inheritdoc cref="ProtectRequest"/>
    /// <param name="envelope">The SOAP envelope in plain, UTF-8.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <param name="output">Receives the protected envelope, UTF-8 without a byte order mark; nothing when the call throws.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<PendingReply> ProtectRequestAsync(ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var tokens = context.Tokens ?? await _party.AcquireTokensForAsync(envelope, context, cancellationToken).ConfigureAwait(false);
        return ProtectRequest(envelope, context with { Tokens = tokens }, output);
    }

    /// <summary>The role that this end plays for what the service calls back on a duplex channel: the same policy, reversed.</summary>
    /// <returns>The recipient; it accepts the configured service alone.</returns>
    /// <exception cref="InvalidOperationException">The mode is not asymmetric: there is no key for what the service opens.</exception>
    public Recipient CreateCallbackRecipient() => new(_party.ReverseForCallbacks());
}
