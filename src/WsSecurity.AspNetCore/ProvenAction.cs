namespace WsSecurity.AspNetCore;

/// <summary>
/// The action that the application may act upon. The engine compares what the HTTP headers say with an Action in the envelope; where the
/// envelope has none, nothing ties the headers to a signed Body.
/// </summary>
internal static class ProvenAction
{
    private const string BodyPath = "/Envelope/Body";

    // WS-Addressing 1.0 and its submission of August 2004.
    private static readonly string[] ActionPaths =
    [
        "/Envelope/Header/{http://www.w3.org/2005/08/addressing}Action",
        "/Envelope/Header/{http://schemas.xmlsoap.org/ws/2004/08/addressing}Action",
    ];

    public static string? Of(VerifiedMessage message, SoapMediaType mediaType, WsSecurityEndpoint endpoint)
    {
        var parts = message.Evidence.Signatures.SelectMany(signature => signature.Parts);
        var signed = parts.Select(part => part.Path).ToHashSet(StringComparer.Ordinal);
        if (ActionPaths.Any(signed.Contains))
        {
            return message.Action;
        }

        return endpoint.AllowUnsignedAction || !signed.Contains(BodyPath) ? mediaType.Action : null;
    }
}
