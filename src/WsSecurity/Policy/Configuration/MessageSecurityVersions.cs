namespace WsSecurity.Policy.Configuration;

/// <summary>The names of <see cref="MessageSecurityVersion"/>, and WCF's, which also fix the version of WS-SecureConversation.</summary>
internal static class MessageSecurityVersions
{
    private static readonly Dictionary<string, NamedSecurityVersion> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Wss11"] = new(MessageSecurityVersion.Wss11, null, true),
        ["Wss10"] = new(MessageSecurityVersion.Wss10, null, true),
        ["WSSecurity11WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11"] = new(MessageSecurityVersion.Wss11, SecureConversationVersion.WSSecureConversationFeb2005, false),
        ["WSSecurity11WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10"] = new(MessageSecurityVersion.Wss11, SecureConversationVersion.WSSecureConversationFeb2005, true),
        ["WSSecurity10WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11BasicSecurityProfile10"] = new(MessageSecurityVersion.Wss10, SecureConversationVersion.WSSecureConversationFeb2005, true),
        ["WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12"] = new(MessageSecurityVersion.Wss11, SecureConversationVersion.WSSecureConversation13, false),
        ["WSSecurity11WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10"] = new(MessageSecurityVersion.Wss11, SecureConversationVersion.WSSecureConversation13, true),
        ["WSSecurity10WSTrust13WSSecureConversation13WSSecurityPolicy12BasicSecurityProfile10"] = new(MessageSecurityVersion.Wss10, SecureConversationVersion.WSSecureConversation13, true),
    };

    public static IEnumerable<string> Names => ByName.Keys;

    public static bool TryParse(string name, out NamedSecurityVersion versions) => ByName.TryGetValue(name, out versions);
}

/// <summary>What one of the names says.</summary>
/// <param name="Version">The version of SOAP Message Security.</param>
/// <param name="Conversation">That of WS-SecureConversation; null where the name says none.</param>
/// <param name="EmitBspRequiredAttributes">Whether Basic Security Profile 1.0 is kept; ours do, of .NET Framework's those that name it.</param>
internal readonly record struct NamedSecurityVersion(MessageSecurityVersion Version, SecureConversationVersion? Conversation, bool EmitBspRequiredAttributes);
