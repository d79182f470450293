namespace WsSecurity.ServiceModel.Channels;

/// <summary>What must be true of the action of a request before an operation runs by it.</summary>
internal static class VerifiedAction
{
    /// <summary>Refuses a request that could be led to another operation than its sender meant.</summary>
    /// <param name="message">The verified request.</param>
    /// <param name="claimedAction">The action that it claimed, by which the protection level was chosen.</param>
    /// <exception cref="WsSecurityException">The verified action is another one, or the Body is signed and the action is not.</exception>
    public static void Demand(VerifiedMessage message, string? claimedAction)
    {
        if (message.Action != claimedAction)
        {
            throw new WsSecurityException(SecurityFailure.ActionMismatch, "The message's verified Action is not the one that it claims.");
        }

        if (message.IsBodySigned && !message.IsActionSigned)
        {
            throw new WsSecurityException(SecurityFailure.ActionMismatch, "No signature covers the message's Action, which selects the operation; sign it with the Body.");
        }
    }
}
