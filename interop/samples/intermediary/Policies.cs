using WsSecurity;

namespace Samples.Intermediary;

/// <summary>What the parties have agreed upon.</summary>
internal static class Policies
{
    public const string Contract = "urn:samples:orders";

    /// <summary>The actor that the proxy plays, and the namespace of its own plain header.</summary>
    public const string Proxy = "urn:samples:proxy";

    /// <summary>Between client and service: Body and addressing signed, Body encrypted.</summary>
    public static SecurityPolicy EndToEnd { get; } = SecurityPolicy.MutualCertificateDuplex;

    /// <summary>Between client and proxy: the same message signed as it stands, for the proxy to know who sends what through it.</summary>
    public static SecurityPolicy ForProxy { get; } = SecurityPolicy.CertificateSignature with { Actor = Proxy };
}
