using System.ServiceModel.Channels;

namespace WsSecurity.Amqp.Channels;

/// <summary>What the way to the broker protects; behind the broker nothing is known of it, so no binding relies on it.</summary>
internal sealed class AmqpSecurityCapabilities(bool usesTls) : ISecurityCapabilities
{
    public System.Net.Security.ProtectionLevel SupportedRequestProtectionLevel => System.Net.Security.ProtectionLevel.None;

    public System.Net.Security.ProtectionLevel SupportedResponseProtectionLevel => System.Net.Security.ProtectionLevel.None;

    public bool SupportsClientAuthentication => false;

    public bool SupportsClientWindowsIdentity => false;

    public bool SupportsServerAuthentication => usesTls;
}
