using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using WsSecurity.Exchanges;

namespace WsSecurity;

/// <summary>
/// A request that was verified, with what its reply needs. One reply can be protected; not thread-safe. Dispose it when the
/// reply is out.
/// </summary>
public sealed class VerifiedRequest : IDisposable
{
    private readonly Party _party;
    private readonly Exchange _exchange;

    internal VerifiedRequest(Party party, Exchange exchange, VerifiedMessage message)
    {
        _party = party;
        _exchange = exchange;
        Message = message;
    }

    /// <summary>The request in plain, and what it proved.</summary>
    public VerifiedMessage Message { get; }

    /// <summary>
    /// What makes the request that request, whoever sends it how often: a SHA-256 hash, in Base64, over what the replay cache knows it by. Together
    /// with a request's effects in one transaction it keeps them from happening twice.
    /// </summary>
    /// <value>null where the policy detects no replays, or nothing in the message is new in each (a password in clear without a nonce).</value>
    public string? ReplayKey => _exchange.ReplayKeys.Count == 0
        ? null
        : Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', _exchange.ReplayKeys))));

    /// <summary>What the reply needs of the request.</summary>
    internal Exchange Exchange => _exchange;

    /// <summary>Protects the reply, or the fault, as the policy says and for the request's sender.</summary>
    /// <param name="envelope">The SOAP envelope in plain, UTF-8.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <param name="output">Receives the protected envelope, UTF-8; nothing when the call throws.</param>
    /// <exception cref="WsSecurityException">The envelope is not one.</exception>
    /// <exception cref="ObjectDisposedException">The exchange is over.</exception>
    public void ProtectReply(ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        ObjectDisposedException.ThrowIf(_exchange.IsOver, this);
        _party.ProtectReply(envelope, context, output, _exchange);
    }

    /// <summary>Protects the reply as <see cref="ProtectReply"/> does, without blocking while its evidence is kept.</summary>
    /// <param name="envelope">The SOAP envelope in plain, UTF-8.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <param name="output">Receives the protected envelope, UTF-8; nothing when the call throws.</param>
    /// <param name="cancellationToken">Gives up waiting for the evidence.</param>
    /// <exception cref="WsSecurityException">The envelope is not one, or the reply could not be kept as evidence and must be.</exception>
    /// <exception cref="ObjectDisposedException">The exchange is over.</exception>
    public ValueTask ProtectReplyAsync(ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        ObjectDisposedException.ThrowIf(_exchange.IsOver, this);
        return _party.ProtectReplyAsync(envelope, context, output, _exchange, cancellationToken);
    }

    /// <summary>The role that opens exchanges with this request's sender, for callbacks on a duplex channel: the same policy, reversed.</summary>
    /// <returns>The initiator; it encrypts for the certificate that signed this request.</returns>
    /// <exception cref="InvalidOperationException">The mode is not asymmetric: the sender has no key that outlives the exchange.</exception>
    public Initiator CreateCallbackInitiator() => new(_party.ReverseForCallbacks(_exchange));

    /// <summary>Tells the replay cache that the request has had its effect.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => _party.Replays.CompleteAsync(_exchange, cancellationToken);

    /// <summary>Tells the replay cache that the request had no effect and may be delivered again.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public ValueTask ReleaseAsync(CancellationToken cancellationToken = default) => _party.Replays.ReleaseAsync(_exchange, cancellationToken);

    /// <summary>Ends the exchange and forgets its keys.</summary>
    public void Dispose() => _exchange.Dispose();
}
