using System.ServiceModel.Channels;

namespace WsSecurity.Mail.Channels;

/// <summary>TLS ends at the first server, and nothing is known of the way behind it; so no binding relies on it.</summary>
internal sealed class MailSecurityCapabilities : ISecurityCapabilities
{
    public static MailSecurityCapabilities Instance { get; } = new();

    public System.Net.Security.ProtectionLevel SupportedRequestProtectionLevel => System.Net.Security.ProtectionLevel.None;

    public System.Net.Security.ProtectionLevel SupportedResponseProtectionLevel => System.Net.Security.ProtectionLevel.None;

    public bool SupportsClientAuthentication => false;

    public bool SupportsClientWindowsIdentity => false;

    public bool SupportsServerAuthentication => false;
}
