namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>The policies that both ends of most tests share.</summary>
internal static class Policies
{
    /// <summary>Asymmetric, with what binds a reply to its request where there is no WS-Addressing.</summary>
    public static SecurityPolicy Mutual { get; } = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

    /// <summary>One encrypted key for request and reply.</summary>
    public static SecurityPolicy Anonymous { get; } = SecurityPolicy.AnonymousForCertificate;
}
