using WsSecurity.Algorithms;
using WsSecurity.Soap;

namespace WsSecurity.Exchanges;

/// <summary>
/// What the carrier says and what the signed envelope says must agree: the endpoint that was called and the operation that runs.
/// </summary>
internal static class AddressingCheck
{
    /// <exception cref="WsSecurityException">They differ.</exception>
    public static void Request(SoapEnvelope envelope, MessageContext context, VerifiedSignature? signature)
    {
        if (Unquote(context.Action) is { Length: > 0 } stated && envelope.Action is { } action && stated != action)
        {
            throw new WsSecurityException(SecurityFailure.ActionMismatch, $"The carrier says the action '{RefusedValue.Show(stated)}', the envelope '{RefusedValue.Show(action)}'.");
        }

        var to = envelope.FindAddressing("To"u8);
        if (to.IsNone || context.EndpointAddress is not { } address || (signature is null || !signature.Covers(to)) && !context.IsTransportProtected)
        {
            return;
        }

        if (!to.TryGetText(out var text) || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var target) || !IsSame(target, address))
        {
            throw new WsSecurityException(SecurityFailure.DestinationMismatch, $"The message is for '{RefusedValue.Show(to.GetText())}'; this endpoint is '{address}'.");
        }
    }

    /// <summary>Whoever may choose the action freely would choose the operation that demands least.</summary>
    /// <exception cref="WsSecurityException">Nothing authenticates the action.</exception>
    public static void DemandAuthenticAction(SoapEnvelope envelope, MessageContext context, string? claimed, VerifiedSignature? signature)
    {
        if (claimed is null)
        {
            throw new WsSecurityException(SecurityFailure.ActionMismatch, "The policy differs by operation, and nothing names the operation.");
        }

        var action = envelope.FindAddressing("Action"u8);
        if (!context.IsTransportProtected && (action.IsNone || signature is null || !signature.Covers(action)))
        {
            throw new WsSecurityException(SecurityFailure.ActionMismatch, "The policy differs by operation, and no signature covers the WS-Addressing Action that names the operation.");
        }
    }

    /// <summary>SOAPAction is a quoted string (SOAP 1.1, section 6.1.1).</summary>
    public static string? Unquote(string? action) =>
        action is ['"', .., '"'] ? action[1..^1] : string.IsNullOrEmpty(action) ? null : action;

    // Two mailboxes of one domain differ in nothing but what stands where others have user information.
    private static bool IsSame(Uri target, Uri address) =>
        Uri.Compare(target, address, UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0
        && (target.Scheme != Uri.UriSchemeMailto
            || Uri.Compare(target, address, UriComponents.UserInfo, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0);
}
