using System.Buffers;
using WsSecurity.Exchanges;

namespace WsSecurity;

/// <summary>
/// Adds a Security header for a node further on to a message that may have others already, and leaves every other octet as it was: for the
/// sender who protects a message for the service and for a gateway on the way, and for a gateway that vouches for what it passes on. Created
/// once for a policy and its credentials; thread-safe.
/// </summary>
public sealed class TransitInitiator
{
    private readonly Party _party;

    /// <summary>Checks policy and credentials, and creates the role.</summary>
    /// <param name="policy">
    /// What the header proves. Its <see cref="SecurityPolicy.Actor"/> says whom it is for. It encrypts no parts, since that would change the message;
    /// tokens in the header it may.
    /// </param>
    /// <param name="credentials">Our keys and tokens.</param>
    /// <param name="services">Clock and log; <see cref="SecurityServices.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The policy contradicts itself, is not supported, encrypts parts or is symmetric, or the credentials lack what it needs.</exception>
    public TransitInitiator(SecurityPolicy policy, SecurityCredentials credentials, SecurityServices? services = null) =>
        _party = Party.CreateTransitInitiator(policy, credentials, services ?? SecurityServices.Default);

    /// <summary>The policy that is written.</summary>
    public SecurityPolicy Policy => _party.Policy;

    /// <summary>
    /// Adds the header. What it signs is signed as it stands, ciphertext included; a part without a <c>wsu:Id</c> gets one, the only other change.
    /// </summary>
    /// <param name="envelope">The envelope, UTF-8.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <param name="output">Receives the envelope; nothing when the call throws.</param>
    /// <exception cref="WsSecurityException">The envelope is not one, or already has a header for the actor.</exception>
    /// <exception cref="InvalidOperationException">A part has an Id of another kind, so that none can be added; or the contract wants the message encrypted.</exception>
    public void Protect(ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        _party.ProtectRequest(envelope, context, output).Dispose();
    }

    /// <summary>Acquires the tokens of a message from <see cref="SecurityCredentials.TokenProvider"/>, and a Kerberos ticket, before the header is added without waiting.</summary>
    /// <inheritdoc cref="Initiator.AcquireTokensAsync"/>
    public ValueTask<AcquiredTokens?> AcquireTokensAsync(string? action, CancellationToken cancellationToken = default) => _party.AcquireTokensAsync(action, cancellationToken);

    /// <summary>Acquires the tokens of a message, and adds the header. What the provider throws comes to the caller, and nothing is written.</summary>
    /// <inheritdoc cref="Protect"/>
    /// <param name="envelope">The envelope, UTF-8.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <param name="output">Receives the envelope; nothing when the call throws.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask ProtectAsync(ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var tokens = context.Tokens ?? await _party.AcquireTokensForAsync(envelope, context, cancellationToken).ConfigureAwait(false);
        Protect(envelope, context with { Tokens = tokens }, output);
    }
}
