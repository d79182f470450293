using WsSecurity.AspNetCore.Soap;

namespace WsSecurity.AspNetCore;

/// <summary>
/// The action that the application may act upon. The engine compares what the HTTP headers say with an Action in the envelope; where the
/// envelope has none, nothing ties the headers to a signed Body.
/// </summary>
internal static class ProvenAction
{
    public static string? Of(VerifiedMessage message, SoapMediaType mediaType, WsSecurityEndpoint endpoint)
    {
        if (message.IsActionSigned)
        {
            return message.Action;
        }

        return endpoint.AllowUnsignedAction || !message.IsBodySigned ? mediaType.Action : null;
    }
}
