using System.Diagnostics.CodeAnalysis;

namespace WsSecurity.Policy.Configuration;

/// <summary>The modes that a configuration may name, and what to set in place of those that WCF has beside them.</summary>
internal static class AuthenticationModes
{
    private const string NoNegotiation = "the service's certificate is not negotiated: configure it in Credentials:PeerCertificates and set";

    private static readonly Dictionary<string, string> Substitutes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AnonymousForSslNegotiated"] = $"{NoNegotiation} AnonymousForCertificate",
        ["UserNameForSslNegotiated"] = $"{NoNegotiation} UserNameForCertificate",
        ["MutualSslNegotiated"] = $"{NoNegotiation} MutualCertificate",
        ["IssuedTokenForSslNegotiated"] = $"{NoNegotiation} IssuedTokenForCertificate",
        ["SspiNegotiated"] = "nothing is negotiated: set Kerberos, MutualCertificate or UserNameForCertificate",
        ["SspiNegotiatedOverTransport"] = "nothing is negotiated: set KerberosOverTransport, UserNameOverTransport or CertificateOverTransport",
        ["SecureConversation"] =
            "secure conversations are not supported: set the mode of its bootstrap binding (in WCF, establishSecurityContext=\"false\")",
    };

    public static IReadOnlyList<AuthenticationMode> Supported { get; } =
        [.. Enum.GetValues<AuthenticationMode>().Where(mode => !Substitutes.ContainsKey(mode.ToString()))];

    public static bool TryFindSubstitute(string name, [NotNullWhen(true)] out string? substitute) => Substitutes.TryGetValue(name, out substitute);
}
