namespace WsSecurity.Policy.Configuration;

/// <summary>The names of <see cref="MessageSecurityVersion"/>, and WCF's, whose other parts concern WS-Trust and WS-SecureConversation.</summary>
internal static class MessageSecurityVersions
{
    private static readonly Dictionary<string, MessageSecurityVersion> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Wss11"] = MessageSecurityVersion.Wss11,
        ["Wss10"] = MessageSecurityVersion.Wss10,
        ["WSSecurity11WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11"] = MessageSecurityVersion.Wss11,
        ["WSSecurity11WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10"] = MessageSecurityVersion.Wss11,
        ["WSSecurity10WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10"] = MessageSecurityVersion.Wss10,
        ["WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12"] = MessageSecurityVersion.Wss11,
        ["WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10"] = MessageSecurityVersion.Wss11,
        ["WSSecurity10WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10"] = MessageSecurityVersion.Wss10,
    };

    public static IEnumerable<string> Names => ByName.Keys;

    public static bool TryParse(string name, out MessageSecurityVersion version) => ByName.TryGetValue(name, out version);
}
