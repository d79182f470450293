using System.Xml;
#if COREWCF
using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Security;
#else
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
#endif

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Turns the engine's refusals into what callers of a WCF client catch.</summary>
internal static class SecurityErrors
{
    private const int MaxFaultSize = 64 * 1024;

    /// <summary>The refusal of what we wanted to send, or of a setting.</summary>
    /// <param name="refusal">The engine's refusal.</param>
    public static MessageSecurityException For(WsSecurityException refusal) => new(Describe("message", refusal), refusal);

    /// <summary>The refusal of what was received.</summary>
    /// <param name="refusal">The engine's refusal.</param>
    /// <param name="received">The refused message.</param>
    public static MessageSecurityException For(WsSecurityException refusal, UnverifiedMessage received)
    {
        if (refusal.Failure is SecurityFailure.UnsecuredReply or SecurityFailure.SecurityHeaderMissing && ReadClaimedFault(received) is { } claimed)
        {
            return new MessageSecurityException(
                "The service, or somebody in between, answered with a fault that carries no protection. The inner FaultException holds what it claims.", claimed);
        }

        var text = Describe("received message", refusal);
        if (received.IsCarried && refusal.Failure is SecurityFailure.DigestMismatch)
        {
            text += " The encoding of this binding carries no white space at the beginning of the Body: a message that is signed with some cannot verify; use text.";
        }

        return new MessageSecurityException(text, refusal);
    }

    private static string Describe(string what, WsSecurityException refusal) => $"The {what} was refused ({refusal.Failure}): {refusal.Message}";

    private static FaultException? ReadClaimedFault(UnverifiedMessage received)
    {
        try
        {
            using var stream = new MemoryStream(received.Wire.ToArray(), writable: false);
            using var reader = XmlDictionaryReader.CreateTextReader(stream, new XmlDictionaryReaderQuotas());
            using var message = Message.CreateMessage(reader, MaxFaultSize, received.Version);
            return message.IsFault ? new FaultException(MessageFault.CreateFault(message, MaxFaultSize), message.Headers.Action) : null;
        }
        catch (Exception error) when (error is XmlException or CommunicationException or InvalidOperationException or FormatException)
        {
            // It claims nothing that could be shown; the engine's refusal stands.
            return null;
        }
    }
}
