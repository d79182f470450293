using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Security;

namespace WsSecurity.Mail.Servers;

/// <summary>Connects to servers as <see cref="MailServer"/> says, whichever the protocol.</summary>
internal static class ServerConnection
{
    // RFC 5280, section 4.2.1.12.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <exception cref="ArgumentException">What it says contradicts itself.</exception>
    public static void Validate(MailServer server, string parameter)
    {
        if (string.IsNullOrWhiteSpace(server.Host))
        {
            throw new ArgumentException("The mail server has no host.", parameter);
        }

        if (server.Tls == MailServerTls.PlainText && server.Credentials is not null)
        {
            throw new ArgumentException($"The password for {server} would go over the wire in clear; use {nameof(MailServerTls.StartTls)}, or no credentials.", parameter);
        }
    }

    /// <summary>Connects, encrypts and authenticates.</summary>
    /// <exception cref="AuthenticationException">The server does not take the name and password.</exception>
    /// <exception cref="Exception">What sockets, TLS and MailKit throw: the server cannot be reached, or not as it is to be.</exception>
    public static async Task OpenAsync(MailService client, MailServer server, int port, int implicitPort, CancellationToken cancellationToken)
    {
        client.CheckCertificateRevocation = server.ChecksRevocation ?? server.Authorities.Count == 0;
        if (server.Authorities.Count > 0)
        {
            client.ServerCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(server, certificate as X509Certificate2, chain, errors);
        }

        var (options, ofProtocol) = server.Tls switch
        {
            MailServerTls.StartTls => (SecureSocketOptions.StartTls, port),
            MailServerTls.Implicit => (SecureSocketOptions.SslOnConnect, implicitPort),
            _ => (SecureSocketOptions.None, port),
        };
        await client.ConnectAsync(server.Host, server.Port ?? ofProtocol, options, cancellationToken).ConfigureAwait(false);
        if (server.Credentials is { } credentials)
        {
            await client.AuthenticateAsync(credentials, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsTrusted(MailServer server, X509Certificate2? certificate, X509Chain? received, SslPolicyErrors errors)
    {
        // The name must fit; only the chain is built anew, to our authorities.
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(server.Authorities.ToArray());
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ServerAuthentication));
        chain.ChainPolicy.RevocationMode = server.ChecksRevocation is true ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        foreach (var element in received?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }
}
