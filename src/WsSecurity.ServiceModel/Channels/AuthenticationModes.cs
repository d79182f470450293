namespace WsSecurity.ServiceModel.Channels;

/// <summary>What the modes mean for the WCF adapters.</summary>
internal static class AuthenticationModes
{
    /// <summary>Whether TLS protects the parts and proves the service, so that only tokens are ours.</summary>
    /// <param name="mode">The mode.</param>
    public static bool IsOverTransport(this AuthenticationMode mode) => mode is
        AuthenticationMode.UserNameOverTransport or AuthenticationMode.CertificateOverTransport or AuthenticationMode.AnonymousOverTransport or
        AuthenticationMode.IssuedTokenOverTransport or AuthenticationMode.KerberosOverTransport;

    /// <summary>Whether a Kerberos ticket proves both sides: the service is who can decrypt it.</summary>
    /// <param name="mode">The mode.</param>
    public static bool IsKerberos(this AuthenticationMode mode) => mode is AuthenticationMode.Kerberos or AuthenticationMode.KerberosOverTransport;

    /// <summary>Whether a service needs no certificate of its own in messages: TLS proves it, or that it knows a ticket's key or the password.</summary>
    /// <param name="mode">The mode.</param>
    public static bool NeedsNoServiceCertificate(this AuthenticationMode mode) => mode.IsOverTransport() || mode.IsKerberos() || mode == AuthenticationMode.UserNameDerivedKey;
}
