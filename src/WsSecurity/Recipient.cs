using System.Buffers;
using WsSecurity.Exchanges;
using WsSecurity.Soap;

namespace WsSecurity;

/// <summary>
/// The party that is called: it verifies a request, and the <see cref="VerifiedRequest"/> that this gives protects the reply.
/// Created once for a policy and its credentials; thread-safe.
/// </summary>
public sealed class Recipient
{
    private readonly Party _party;

    /// <summary>Checks policy and credentials, and creates the role.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="credentials">Our keys and whom we trust.</param>
    /// <param name="services">Clock, log and replay cache; <see cref="SecurityServices.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The policy contradicts itself, is not supported, or the credentials lack what it needs.</exception>
    public Recipient(SecurityPolicy policy, SecurityCredentials credentials, SecurityServices? services = null)
        : this(Party.CreateRecipient(policy, credentials, services ?? SecurityServices.Default))
    {
    }

    internal Recipient(Party party) => _party = party;

    /// <summary>The policy that is enforced and written.</summary>
    public SecurityPolicy Policy => _party.Policy;

    /// <summary>Decrypts and verifies a request.</summary>
    /// <param name="wire">The envelope as it was received; must stay unchanged while the result is in use.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <returns>The request, which is the way to its reply.</returns>
    /// <exception cref="WsSecurityException">The request is refused.</exception>
    public async ValueTask<VerifiedRequest> VerifyRequestAsync(ReadOnlyMemory<byte> wire, MessageContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await _party.VerifyRequestAsync(wire, context, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Decrypts and verifies a request, for callers that cannot wait asynchronously; blocks where a validator or a store does I/O.</summary>
    /// <param name="wire">The envelope as it was received; must stay unchanged while the result is in use.</param>
    /// <param name="context">What is known beside the envelope.</param>
    /// <returns>The request, which is the way to its reply.</returns>
    /// <exception cref="WsSecurityException">The request is refused.</exception>
    public VerifiedRequest VerifyRequest(ReadOnlyMemory<byte> wire, MessageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var verification = _party.VerifyRequestAsync(wire, context, CancellationToken.None);
        return verification.IsCompletedSuccessfully ? verification.Result : verification.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Writes the standard fault for a refusal (SOAP Message Security 1.1.1, section 12): its code alone, never the reason.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="version">The version of the envelope.</param>
    /// <param name="output">Receives the fault's envelope, UTF-8.</param>
    public static void WriteFault(WsSecurityException refusal, SoapVersion version, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        ArgumentNullException.ThrowIfNull(output);
        SoapFaultWriter.Write(refusal.FaultCode, version, output);
    }
}
