using System.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Whether the transport below protects integrity and confidentiality (TLS).</summary>
/// <param name="Request">What we send.</param>
/// <param name="Reply">What we receive.</param>
internal sealed record TransportProtection(bool Request, bool Reply)
{
    /// <summary>Reads what the transport says of itself.</summary>
    /// <param name="capabilities">What it says; null where it says nothing.</param>
    public static TransportProtection Of(ISecurityCapabilities? capabilities) => new(
        capabilities?.SupportedRequestProtectionLevel == System.Net.Security.ProtectionLevel.EncryptAndSign,
        capabilities?.SupportedResponseProtectionLevel == System.Net.Security.ProtectionLevel.EncryptAndSign);
}
