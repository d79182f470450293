namespace WsSecurity;

/// <summary>
/// A message was refused. <see cref="Failure"/> and <see cref="Exception.Message"/> are for the local log; nothing of
/// them but <see cref="FaultCode"/> may reach the peer.
/// </summary>
public sealed class WsSecurityException : Exception
{
    /// <summary>Creates the refusal.</summary>
    /// <param name="failure">The reason.</param>
    /// <param name="message">What was found and what was expected; never a key, a password or plaintext.</param>
    /// <param name="innerException">What the platform said, where it said something.</param>
    public WsSecurityException(SecurityFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>The reason, precise.</summary>
    public SecurityFailure Failure { get; }

    /// <summary>The fault that an unsecured reply claims, for <see cref="SecurityFailure.UnsecuredReply"/>; anybody can have written it.</summary>
    public SoapFault? ClaimedFault { get; init; }

    /// <summary>The fault code that the peer may see (SOAP Message Security 1.1.1, section 12).</summary>
    public SecurityFaultCode FaultCode => AnswersUniformly ? SecurityFaultCode.FailedCheck : SecurityFaultCodes.For(Failure);

    /// <summary>Whether the peer gets the one answer that everything gets after a secret was used.</summary>
    internal bool AnswersUniformly { get; set; }
}
