using WsSecurity.Exchanges;

namespace WsSecurity;

/// <summary>
/// A node on the way between two parties (SOAP 1.2 Part 1, section 2.7) that a Security header is for: it verifies that header and takes it away,
/// and leaves every other octet as it was, so that the protection from end to end stays right. It needs no key of either end. Each message
/// stands for itself, requests and replies alike. Created once for a policy and its credentials; thread-safe.
/// </summary>
public sealed class TransitRecipient
{
    private readonly Party _party;

    /// <summary>Checks policy and credentials, and creates the role.</summary>
    /// <param name="policy">
    /// What the header must prove. Its <see cref="SecurityPolicy.Actor"/> says whose header it is. It encrypts no parts, since decrypting them would
    /// change the message; tokens in the header it may.
    /// </param>
    /// <param name="credentials">Whom we trust.</param>
    /// <param name="services">Clock, log and replay cache; <see cref="SecurityServices.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The policy contradicts itself, is not supported, encrypts parts or is symmetric, or the credentials lack what it needs.</exception>
    public TransitRecipient(SecurityPolicy policy, SecurityCredentials credentials, SecurityServices? services = null) =>
        _party = Party.CreateTransitRecipient(policy, credentials, services ?? SecurityServices.Default);

    /// <summary>The policy that is enforced.</summary>
    public SecurityPolicy Policy => _party.Policy;

    /// <summary>Verifies the header for our actor, and takes it away.</summary>
    /// <param name="wire">The envelope as it was received; must stay unchanged while the result is in use.</param>
    /// <param name="context">What is known beside the envelope; without <see cref="MessageContext.EndpointAddress"/>, since the To of a message on its way names somebody else.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <returns>The message to hand on, and what it proved to us.</returns>
    /// <exception cref="WsSecurityException">The message is refused.</exception>
    public async ValueTask<VerifiedTransit> VerifyAsync(ReadOnlyMemory<byte> wire, MessageContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new VerifiedTransit(await _party.VerifyRequestAsync(wire, context, cancellationToken).ConfigureAwait(false));
    }
}
