namespace WsSecurity.Policy.Configuration;

/// <summary>The names of <see cref="MessageSecurityVersion"/>, and WCF's, which also fix the version of WS-SecureConversation.</summary>
internal static class MessageSecurityVersions
{
    private static readonly Dictionary<string, (MessageSecurityVersion Version, SecureConversationVersion? Conversation)> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Wss11"] = (MessageSecurityVersion.Wss11, null),
        ["Wss10"] = (MessageSecurityVersion.Wss10, null),
        ["WSSecurity11WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11"] = (MessageSecurityVersion.Wss11, SecureConversationVersion.WSSecureConversationFeb2005),
        ["WSSecurity11WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10"] = (MessageSecurityVersion.Wss11, SecureConversationVersion.WSSecureConversationFeb2005),
        ["WSSecurity10WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10"] = (MessageSecurityVersion.Wss10, SecureConversationVersion.WSSecureConversationFeb2005),
        ["WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12"] = (MessageSecurityVersion.Wss11, SecureConversationVersion.WSSecureConversation13),
        ["WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10"] = (MessageSecurityVersion.Wss11, SecureConversationVersion.WSSecureConversation13),
        ["WSSecurity10WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10"] = (MessageSecurityVersion.Wss10, SecureConversationVersion.WSSecureConversation13),
    };

    public static IEnumerable<string> Names => ByName.Keys;

    public static bool TryParse(string name, out (MessageSecurityVersion Version, SecureConversationVersion? Conversation) versions) => ByName.TryGetValue(name, out versions);
}
