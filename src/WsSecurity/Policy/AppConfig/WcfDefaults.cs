using WsSecurity.Policy.Configuration;

namespace WsSecurity.Policy.AppConfig;

/// <summary>What .NET Framework's <c>SecurityBindingElement.Create…</c> methods make of an authentication mode where nothing else is said.</summary>
internal static class WcfDefaults
{
    public static readonly IReadOnlyList<string> AlgorithmSuites =
    [
        "Default",
        "Basic256", "Basic192", "Basic128", "TripleDes",
        "Basic256Rsa15", "Basic192Rsa15", "Basic128Rsa15", "TripleDesRsa15",
        "Basic256Sha256", "Basic192Sha256", "Basic128Sha256", "TripleDesSha256",
        "Basic256Sha256Rsa15", "Basic192Sha256Rsa15", "Basic128Sha256Rsa15", "TripleDesSha256Rsa15",
    ];

    /// <summary>
    /// The version of a customBinding that says none: <c>WSSecurity11WSTrustFebruary2005WSSecureConversationFebruary2005WSSecurityPolicy11</c>. Derived keys are of
    /// February 2005 where no version is named.
    /// </summary>
    public static readonly NamedSecurityVersion Version = new(MessageSecurityVersion.Wss11, null, EmitBspRequiredAttributes: false);

    /// <summary>The suite of that name in <see cref="AlgorithmSuites"/>.</summary>
    public static AlgorithmSuite Suite(string name) => name == "Default" ? AlgorithmSuite.Basic256 : AlgorithmSuite.Parse(name);

    public static SecurityPolicy For(AuthenticationMode mode, MessageSecurityVersion version)
    {
        var policy = new SecurityPolicy
        {
            AuthenticationMode = mode,
            MessageSecurityVersion = version,
            DefaultAlgorithmSuite = mode is AuthenticationMode.Kerberos or AuthenticationMode.KerberosOverTransport ? AlgorithmSuite.Basic128 : AlgorithmSuite.Basic256,
            SecurityHeaderLayout = SecurityHeaderLayout.Strict,

            // Where TLS protects, WCF detects no replays: two calls of one instant may be alike.
            DetectReplays = !IsOverTransport(mode),
        };
        return mode switch
        {
            AuthenticationMode.AnonymousForCertificate or AuthenticationMode.IssuedTokenForCertificate => policy with { RequireSignatureConfirmation = true },
            AuthenticationMode.MutualCertificate => policy with { RequireSignatureConfirmation = version != MessageSecurityVersion.Wss10 },

            // Its recipient's token is included AlwaysToInitiator.
            AuthenticationMode.MutualCertificateDuplex => policy with { AllowSerializedSigningTokenOnReply = true },
            _ => policy,
        };
    }

    public static bool IsOverTransport(AuthenticationMode mode) => mode is AuthenticationMode.UserNameOverTransport or AuthenticationMode.CertificateOverTransport
        or AuthenticationMode.IssuedTokenOverTransport or AuthenticationMode.KerberosOverTransport;

    public static bool IsAsymmetric(AuthenticationMode mode, MessageSecurityVersion version) => mode == AuthenticationMode.MutualCertificateDuplex
        || (mode == AuthenticationMode.MutualCertificate && version == MessageSecurityVersion.Wss10);

    public static bool IsIssued(AuthenticationMode mode) =>
        mode is AuthenticationMode.IssuedToken or AuthenticationMode.IssuedTokenForCertificate or AuthenticationMode.IssuedTokenOverTransport;
}
