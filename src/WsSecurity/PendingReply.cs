using WsSecurity.Exchanges;

namespace WsSecurity;

/// <summary>A protected request whose reply is awaited: the only way to read that reply. One reply can be verified; not thread-safe.</summary>
public sealed class PendingReply : IDisposable
{
    private readonly Party _party;
    private readonly Exchange _exchange;

    internal PendingReply(Party party, Exchange exchange)
    {
        _party = party;
        _exchange = exchange;
    }

    /// <summary>Decrypts and verifies the reply; blocks where evidence is kept.</summary>
    /// <param name="wire">The envelope as it was received; must stay unchanged while the result is in use.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <returns>The reply, or a fault that is as well protected.</returns>
    /// <exception cref="WsSecurityException">The reply is refused.</exception>
    /// <exception cref="ObjectDisposedException">The exchange is over.</exception>
    public VerifiedMessage VerifyReply(ReadOnlyMemory<byte> wire, MessageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ObjectDisposedException.ThrowIf(_exchange.IsOver, this);
        var verification = _party.VerifyReplyAsync(wire, context, _exchange, CancellationToken.None);
        return verification.IsCompletedSuccessfully ? verification.Result : verification.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Decrypts and verifies the reply, without blocking where a store or a network is asked.</summary>
    /// <inheritdoc cref="VerifyReply"/>
    /// <param name="wire">The envelope as it was received; must stay unchanged while the result is in use.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    public async ValueTask<VerifiedMessage> VerifyReplyAsync(ReadOnlyMemory<byte> wire, MessageContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ObjectDisposedException.ThrowIf(_exchange.IsOver, this);
        return await _party.VerifyReplyAsync(wire, context, _exchange, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the exchange and forgets its keys.</summary>
    public void Dispose() => _exchange.Dispose();
}
