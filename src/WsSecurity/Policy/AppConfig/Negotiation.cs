namespace WsSecurity.Policy.AppConfig;

/// <summary>What makes a service reachable that negotiates its credential or establishes a security context.</summary>
internal static class Negotiation
{
    private static readonly Dictionary<string, string> WithoutNegotiation = new(StringComparer.Ordinal)
    {
        ["AnonymousForSslNegotiated"] = "AnonymousForCertificate",
        ["UserNameForSslNegotiated"] = "UserNameForCertificate",
        ["MutualSslNegotiated"] = "MutualCertificate",
        ["IssuedTokenForSslNegotiated"] = "IssuedTokenForCertificate",
        ["SspiNegotiated"] = "Kerberos, UserNameForCertificate or MutualCertificate",
        ["SspiNegotiatedOverTransport"] = "KerberosOverTransport, UserNameOverTransport or CertificateOverTransport",
    };

    /// <param name="mode">A mode of a customBinding.</param>
    /// <param name="bootstrap">The mode of its secureConversationBootstrap.</param>
    /// <returns>What to set at the service and here; null where the mode does not negotiate.</returns>
    public static string? Instead(string mode, string? bootstrap)
    {
        if (mode == "SecureConversation")
        {
            var own = bootstrap is null ? "the mode of its secureConversationBootstrap"
                : WithoutNegotiation.TryGetValue(bootstrap, out var other) ? other
                : bootstrap;
            return $"the service is reachable without a secure conversation: set authenticationMode {own} at the service and here (a wsHttpBinding: negotiateServiceCredential=\"false\" establishSecurityContext=\"false\")";
        }

        return WithoutNegotiation.TryGetValue(mode, out var substitute)
            ? $"the service is reachable where nothing is negotiated: set authenticationMode {substitute} at the service and here (a wsHttpBinding: negotiateServiceCredential=\"false\" establishSecurityContext=\"false\"), and configure the service's certificate"
            : null;
    }
}
